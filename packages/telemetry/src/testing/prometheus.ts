// A strict reader of Prometheus' text format, which takes nothing that a scraper might not.

export type Sample = { readonly name: string; readonly labels: ReadonlyMap<string, string>; readonly value: number };
export type Family = { readonly type: string; readonly help: string; readonly samples: readonly Sample[] };

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (\\S+)$`);
const ONE_LABEL = new RegExp(`(${NAME})="((?:[^"\\\\\\n]|\\\\["\\\\n])*)"`, 'g');
const SUFFIXES: { readonly [type: string]: readonly string[] } = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
};

/** Families by name. @throws Error at the first line that is not as it has to be */
export function parseMetrics(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The text has no line feed at its end');
  const families = new Map<string, { type: string; help: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE|UNIT) (\S+) (.*)$/.exec(line) ?? [];
    if (word === 'HELP') {
      if (families.has(name)) throw new Error(`Twice: ${line}`);
      families.set(name, { type: '', help: rest, samples: [] });
      current = name;
    } else if (word === 'TYPE') {
      const family = families.get(name);
      if (family === undefined || name !== current || SUFFIXES[rest] === undefined) throw new Error(`Strange: ${line}`);
      family.type = rest;
    } else if (word === undefined && !line.startsWith('# ')) {
      const sample = parseSample(line);
      const family = families.get(current);
      const suffixes = SUFFIXES[family?.type ?? ''] ?? [];
      if (!suffixes.some((suffix) => sample.name === current + suffix)) throw new Error(`Not of ${current}: ${line}`);
      const series = `${sample.name} ${JSON.stringify([...sample.labels].sort())}`;
      if (seen.has(series)) throw new Error(`Twice: ${line}`);
      seen.add(series);
      family?.samples.push(sample);
    }
  }
  for (const [name, family] of families) if (family.type === 'histogram') checkHistogram(name, family.samples);
  return families;
}

function parseSample(line: string): Sample {
  const [whole, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  if (whole === undefined || Number.isNaN(number)) throw new Error(`No sample: ${line}`);
  const pairs = [...labels.matchAll(ONE_LABEL)].map(([, key = '', text = '']) => [key, unescaped(text)] as const);
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error(`A label twice: ${line}`);
  return { name, labels: new Map(pairs), value: number };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}

/** Buckets grow, and the last one holds all. */
function checkHistogram(name: string, samples: readonly Sample[]): void {
  const byLabels = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = JSON.stringify([...sample.labels].filter(([label]) => label !== 'le').sort());
    byLabels.set(key, [...(byLabels.get(key) ?? []), sample]);
  }
  for (const group of byLabels.values()) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    const values = buckets.map(({ value }) => value);
    const isSorted = values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));
    if (!isSorted || buckets.at(-1)?.labels.get('le') !== '+Inf' || values.at(-1) !== count) {
      throw new Error(`The buckets of ${name} are wrong`);
    }
  }
}
