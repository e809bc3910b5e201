// Says in words what a cron line means and when it runs next, because most people read only half of its five fields right.
type Field = { readonly name: string; readonly min: number; readonly max: number; readonly names?: readonly string[] };

export const AGENT = {
  name: 'cron-explain',
  description:
    'Explains a cron line of five fields in words and lists its next runs after a given time, in UTC. Use it to check a schedule ' +
    'before saving it, or to answer when a job runs next. It has no clock: pass the present time as `from` to get runs.',
  parameters: { type: 'object', required: ['cron'], additionalProperties: false, properties: {
    cron: { type: 'string', maxLength: 500, description: 'minute hour day-of-month month day-of-week, with * , - / and names (JAN, MON); or @hourly @daily @weekly @monthly @yearly' },
    from: { type: 'string', description: 'List the runs after this moment: 2026-11-21T09:00:00Z, or 2026-11-21 for its midnight. UTC only' },
    count: { type: 'integer', minimum: 1, maximum: 100, default: 5, description: 'How many runs to list' },
  } },
  returns: { type: 'object', required: ['cron', 'meaning', 'next'], additionalProperties: false, properties: {
    cron: { type: 'string', description: 'The five fields' }, meaning: { type: 'string' },
    next: { type: 'array', items: { type: 'string' }, description: 'Empty without `from`, or where the line never runs' },
  } },
  examples: [
    { args: { cron: '30 9 * * MON-FRI', from: '2026-11-20T09:30:00Z', count: 2 },
      returns: { cron: '30 9 * * MON-FRI', meaning: 'At 09:30, from Monday to Friday', next: ['2026-11-23T09:30:00Z', '2026-11-24T09:30:00Z'] } },
    { args: { cron: '*/15 8-17 * * *' }, returns: { cron: '*/15 8-17 * * *', meaning: 'Every 15 minutes, from 08:00 to 17:45', next: [] } },
    { args: { cron: '0 0 13 * FRI', from: '2026-11-12', count: 3 },
      returns: { cron: '0 0 13 * FRI', meaning: 'At 00:00, on day 13 of the month or on Friday', next: ['2026-11-13T00:00:00Z', '2026-11-20T00:00:00Z', '2026-11-27T00:00:00Z'] } },
  ],
};

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 }, { name: 'hour', min: 0, max: 23 }, { name: 'day-of-month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: ['', ...MONTHS] }, { name: 'day-of-week', min: 0, max: 7, names: DAYS }];
const MACROS = new Map([['@hourly', '0 * * * *'], ['@daily', '0 0 * * *'], ['@midnight', '0 0 * * *'], ['@weekly', '0 0 * * 0'], ['@monthly', '0 0 1 * *'], ['@yearly', '0 0 1 1 *'], ['@annually', '0 0 1 1 *']]);

export function run(_context: unknown, { cron, from, count = 5 }: { cron: string; from?: string; count?: number }) {
  const texts = (MACROS.get(cron.trim().toLowerCase()) ?? cron).trim().split(/\s+/);
  if (texts.length !== 5) throw new Error(`The line "${cron}" has ${texts.length} fields; write five: minute hour day-of-month month day-of-week`);
  const [minutes, hours, days, months, weekdays] = texts.map((text, index) => toValues(text, FIELDS[index]!)) as [number[], number[], number[], number[], number[]];
  // As in Vixie cron: a day that is restricted twice matches either way, unless one of the two begins with a star.
  const either = !texts[2]!.startsWith('*') && !texts[4]!.startsWith('*');
  const onDay = days.length < 31 ? `${span(days, String, days.length > 2 ? 'on days' : 'on day')} of the month` : '';
  const onWeekday = weekdays.length < 7 ? span(weekdays, (day) => DAYS[day]!, 'on', 'from') : '';
  const inMonth = months.length < 12 ? span(months, (month) => MONTHS[month - 1]!, 'in', 'from') : '';
  const meaning = [toTimes(minutes, hours), [onDay, onWeekday].filter(Boolean).join(either ? ' or ' : ' and '), inMonth].filter(Boolean).join(', ');
  const isDay = (day: number, weekday: number) => (either ? days.includes(day) || weekdays.includes(weekday) : days.includes(day) && weekdays.includes(weekday));
  const isDate = (date: Date) => months.includes(date.getUTCMonth() + 1) && isDay(date.getUTCDate(), date.getUTCDay() || 7);
  const times = hours.flatMap((hour) => minutes.map((minute) => 60 * hour + minute));
  return { cron: texts.join(' '), meaning, next: from === undefined ? [] : findRuns(toTime(from), count, isDate, times) };
}

function toValues(text: string, field: Field): number[] {
  const values = text.split(',').flatMap((part) => {
    const [, first = '', last, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const low = first === '*' ? field.min : toNumber(first, field, part);
    const end = last !== undefined ? toNumber(last, field, part) : first === '*' || step !== undefined ? field.max : low;
    const [high, by] = [field.max === 7 && end === 0 && low > 0 ? 7 : end, Number(step ?? 1)];
    if (low > high || by === 0 || (first === '*' && last !== undefined)) throw new Error(`The ${field.name} "${part}" never comes; write a range from low to high, and a step of 1 or more`);
    return Array.from({ length: Math.floor((high - low) / by) + 1 }, (_, index) => low + index * by);
  });
  return [...new Set(values.map((value) => (field.max === 7 && value === 0 ? 7 : value)))].sort((a, b) => a - b);
}
function toNumber(text: string, { name, min, max, names = [] }: Field, part: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : names.findIndex((known) => known !== '' && known.slice(0, 3).toUpperCase() === text.toUpperCase());
  if (value >= min && value <= max) return value;
  throw new Error(`The ${name} "${part}" is not understood; use *, ${min} to ${max}${names.length > 0 ? ', names of three letters' : ''}, ranges (1-5), lists (1,5) and steps (*/2)`);
}
function toTimes(minutes: number[], hours: number[]): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const every = minutes.every((minute, index) => minute === index * (60 / minutes.length)) ? 60 / minutes.length : 0;
  const often = every === 0 ? `At minute ${list(minutes.map(String))}` : every === 60 ? 'Every hour' : every === 1 ? 'Every minute' : `Every ${every} minutes`;
  if (hours.length === 24) return every === 0 ? `${often} of every hour` : often;
  if (isRow(hours) || (hours.length === 1 && minutes.length > 4)) return `${often}, from ${two(hours[0]!)}:00 to ${two(hours.at(-1)!)}:${two(minutes.at(-1)!)}`;
  if (minutes.length === 1 || minutes.length * hours.length <= 4) return `At ${list(hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}`)))}`;
  return `${often}, in the hours ${list(hours.map(two))}`;
}
const list = (texts: string[]) => (texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`);
const isRow = (values: number[]) => values.length > 2 && values.at(-1)! - values[0]! === values.length - 1;
function span(values: number[], toName: (value: number) => string, word: string, rowWord = word): string {
  return isRow(values) ? `${rowWord} ${toName(values[0]!)} to ${toName(values.at(-1)!)}` : `${word} ${list(values.map(toName))}`;
}
function toTime(text: string): number {
  const [, day, time = '00:00'] = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)Z)?$/.exec(text) ?? [];
  const value = Date.parse(`${day}T${time}Z`);
  if (new Date(value).getTime() === value && new Date(value).toISOString().startsWith(day!)) return value;
  throw new Error(`The moment "${text}" in "from" is not understood; write it in UTC as 2026-11-21T09:00:00Z or 2026-11-21`);
}
/** Looks through the 400 years after which the calendar repeats: a line without a run there never runs. */
function findRuns(from: number, count: number, isDate: (date: Date) => boolean, times: number[]): string[] {
  const runs: number[] = [];
  for (let day = Math.floor(from / 864e5), last = day + 146_097; day <= last && runs.length < count; day++) {
    if (isDate(new Date(day * 864e5))) runs.push(...times.map((minute) => day * 864e5 + minute * 6e4).filter((time) => time > from));
  }
  return runs.slice(0, count).map((time) => new Date(time).toISOString().replace('.000Z', 'Z'));
}
// Alone: node cron-explain.ts '{"cron": "0 9 * * MON"}', or --agent
if (import.meta.main) {
  const [arg = '{}'] = process.argv.slice(2);
  console.log(JSON.stringify(arg === '--agent' ? AGENT : run({}, JSON.parse(arg)), null, 2));
}
