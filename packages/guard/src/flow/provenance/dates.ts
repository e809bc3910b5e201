// Dates and times of day in texts, whichever way they are written, so that they can be compared.

/** A day: `date` is `YYYY-MM-DD` where the year is said, `day` is `MM-DD`. */
export type FoundDate = { readonly date?: string; readonly day: string };

/** What was found, and the text without it. */
export type FoundDates = {
  readonly dates: readonly FoundDate[];
  /** How many times of day there are. */
  readonly times: number;
  readonly rest: string;
};

/**
 * Finds dates such as `2025-01-11`, `January 11th to January 15th 2025`, `the 13th to the 17th of May 2024`,
 * `11/01/2025` (which is read both ways).
 *
 * @example
 * findDates('from January 11th to January 15th 2025').dates.map(({ date }) => date); // ['2025-01-11', '2025-01-15']
 */
export function findDates(text: string): FoundDates {
  if (!/\d/.test(text)) return { dates: [], times: 0, rest: text };
  const spans: Span[] = [];
  let rest = text;
  const take = (pattern: RegExp, read: (match: RegExpExecArray) => Span | undefined) => {
    for (const match of rest.matchAll(pattern)) {
      const span = read(match);
      if (span === undefined) continue;
      spans.push(span);
      rest = erase(rest, span);
    }
  };
  take(YEAR_FIRST, (match) => toSpan(match, Number(match[1]), [[Number(match[2]), Number(match[3])]]));
  take(YEAR_LAST, (match) => {
    const [a, b] = [Number(match[1]), Number(match[2])];
    return toSpan(match, Number(match[3]), [[a, b], ...(a === b ? [] : [[b, a] as const])]);
  });
  take(MONTH_FIRST, (match) => toSpan(match, toYear(match[4]), toDays(match[1], match[2], match[3])));
  take(DAY_FIRST, (match) => toSpan(match, toYear(match[4]), toDays(match[3], match[1], match[2])));
  shareYears(spans, text);
  let times = 0;
  rest = rest.replaceAll(TIME, (found) => {
    times += 1;
    return ERASED.repeat(found.length);
  });
  return { dates: spans.flatMap(({ year, days }) => days.map((day) => toDate(year, day))), times, rest };
}

type Span = {
  readonly start: number;
  readonly end: number;
  year: number | undefined;
  readonly days: readonly (readonly [month: number, day: number])[];
};

/** A comma keeps what stood on both sides of a date from becoming neighbours. */
const ERASED = ',';
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const DAY = '(\\d{1,2})(?:st|nd|rd|th)?(?![\\d:])';
const AND = '\\s{0,3}(?:-|\\u2013|to|until|till|through|and|&)\\s{0,3}(?:the\\s{1,3})?';
const YEAR = '(?:,?\\s{1,3}(?:of\\s{1,3})?(\\d{4})(?!\\d))?';
const YEAR_FIRST = /(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/g;
const YEAR_LAST = /(?<![\d.])(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)/g;
const MONTH_FIRST = new RegExp(`(?<!\\p{L})${MONTH}\\s{1,3}(?:the\\s{1,3})?${DAY}(?:${AND}${DAY})?${YEAR}`, 'giu');
const DAY_FIRST = new RegExp(
  `(?<![\\d:])${DAY}(?:${AND}${DAY})?\\s{1,3}(?:of\\s{1,3})?${MONTH}(?!\\p{L})${YEAR}`,
  'giu',
);
const TIME =
  /(?<!\d)(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?!\d)(?:\s?[ap]\.?m\b)?|(?<![\d.])\d{1,2}\s?[ap]m\b/gi;
const BETWEEN = /^\s{0,3}(?:-|\u2013|to|until|till|through|and|&|,)?\s{0,3}(?:the\s{1,3})?$/i;

function toSpan(match: RegExpExecArray, year: number | undefined, days: Span['days']): Span | undefined {
  const real = days.filter(([month, day]) => month >= 1 && month <= 12 && day >= 1 && day <= 31);
  if (real.length === 0) return undefined;
  return { start: match.index, end: match.index + match[0].length, year, days: real };
}

/** The same length, so that places stay what they were. */
function erase(text: string, { start, end }: Span): string {
  return text.slice(0, start) + ERASED.repeat(end - start) + text.slice(end);
}

function toDays(month = '', ...days: readonly (string | undefined)[]): Span['days'] {
  const number = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  return days.filter((day) => day !== undefined).map((day) => [number, Number(day)] as const);
}

function toYear(year: string | undefined): number | undefined {
  return year === undefined ? undefined : Number(year);
}

/** In "January 11th to January 15th 2025" the year holds for both. */
function shareYears(spans: Span[], text: string): void {
  spans.sort((a, b) => b.start - a.start);
  let later: Span | undefined;
  for (const span of spans) {
    if (span.year === undefined && later?.year !== undefined && BETWEEN.test(text.slice(span.end, later.start))) {
      span.year = later.year;
    }
    later = span;
  }
  spans.reverse();
}

function toDate(year: number | undefined, [month, day]: readonly [number, number]): FoundDate {
  const text = `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return year === undefined ? { day: text } : { date: `${year}-${text}`, day: text };
}
