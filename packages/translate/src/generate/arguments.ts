// Arguments from a JSON Schema: the same for the same seed, with the values at the edges among them.
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '@pypes/contract';

/** Numbers from 0 to 1. */
export type Random = () => number;

/** A small generator with a seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const TEXTS = [
  '',
  ' ',
  'a',
  'A',
  '0',
  '-1',
  '1.0',
  '1e3',
  '007',
  'hello world',
  'Hello, World',
  'true',
  'null',
  '  padded\t',
  'x\ny\n',
  'line\r\nend',
  'naïve café',
  'ÀÉÎ',
  'straße',
  '😀',
  'a😀b',
  '👩‍👩‍👧',
  'e\u0301',
  '\u00a0nbsp\u00a0',
  '\u0085',
  '日本語',
  'ﬁ',
  '"quoted" \\ back',
  'a,b,,c',
  '__proto__',
  'constructor',
  '%s {} ~a',
  'ǆ',
  'İ',
  '\u2028',
  '\u{1f1e9}\u{1f1ea}',
  '\u001c',
  '٣',
  '²',
  'The cat sat on the mat. It was happy.',
];
const NUMBERS = [
  0,
  1,
  -1,
  2,
  3,
  7,
  10,
  100,
  255,
  -7,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  0.1,
  0.2,
  0.3,
  1e-7,
  1e-5,
  1e16,
  1e21,
  1.5e300,
  -1e-300,
  5e-324,
  123456789,
  9007199254740991,
  -9007199254740991,
  9007199254740992,
  4294967296,
  2147483648,
  1e10,
  0.1 + 0.2,
  1 / 3,
  1.005,
  2.675,
  1234.5678,
  -0.0001,
];
const KEYS = [
  'a',
  'b',
  'x',
  'name',
  '10',
  '2',
  '-1',
  '01',
  '',
  'é',
  '😀',
  '__proto__',
  'constructor',
  'length',
  'long key with blanks',
];

/** Arguments for one call. Optional ones are left out at times. */
export function generateArguments(schema: JsonSchema, random: Random): JsonObject {
  const value = generate({ ...schema, type: 'object' }, random, 0);
  return isJsonObject(value) ? value : {};
}

/** As many calls as wanted. */
export function generateCalls(schema: JsonSchema, count: number, seed: number): JsonObject[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => generateArguments(schema, random));
}

function generate(schema: Json | undefined, random: Random, depth: number): Json {
  if (!isJsonObject(schema)) return anything(random, depth);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return pick(schema.enum as readonly Json[], random);
  const options = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(options) && options.length > 0)
    return generate(pick(options as readonly Json[], random), random, depth);
  const type = Array.isArray(schema.type) ? pick(schema.type as readonly Json[], random) : schema.type;
  switch (type) {
    case 'object':
      return generateObject(schema, random, depth);
    case 'array':
      return generateList(schema, random, depth);
    case 'string':
      return generateText(schema, random);
    case 'integer':
      return generateInteger(schema, random);
    case 'number':
      return generateNumber(schema, random);
    case 'boolean':
      return random() < 0.5;
    case 'null':
      return null;
    default:
      return anything(random, depth);
  }
}

function anything(random: Random, depth: number): Json {
  const kinds = ['null', 'boolean', 'integer', 'number', 'string', 'string', ...(depth < 3 ? ['array', 'object'] : [])];
  return generate({ type: pick(kinds, random) }, random, depth + 1);
}

function generateObject(schema: JsonSchema, random: Random, depth: number): Json {
  const entries: [string, Json][] = [];
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  for (const [key, property] of Object.entries(properties)) {
    if (required.includes(key) || random() < 0.75) entries.push([key, generate(property, random, depth + 1)]);
  }
  if (
    schema.additionalProperties !== false &&
    (Object.keys(properties).length === 0 || isJsonObject(schema.additionalProperties))
  ) {
    const inner = isJsonObject(schema.additionalProperties) ? schema.additionalProperties : undefined;
    for (let left = size(random, bound(schema.minProperties, 0), bound(schema.maxProperties, 6)); left > 0; left--)
      entries.push([pick(KEYS, random), generate(inner, random, depth + 1)]);
  }
  return Object.fromEntries(entries);
}

function generateList(schema: JsonSchema, random: Random, depth: number): Json {
  const least = bound(schema.minItems, 0);
  const length = size(random, least, Math.min(bound(schema.maxItems, least + 8), least + 40));
  const items = Array.from({ length }, () => generate(schema.items, random, depth + 1));
  if (schema.uniqueItems !== true) return items;
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(JSON.stringify(item)) && seen.add(JSON.stringify(item)));
}

function generateText(schema: JsonSchema, random: Random): string {
  const [least, most] = [bound(schema.minLength, 0), bound(schema.maxLength, 4000)];
  let text =
    random() < 0.6
      ? pick(TEXTS, random)
      : Array.from({ length: size(random, 0, 12) }, () => pick(TEXTS, random)).join(
          pick(['', ' ', ', ', '. '], random),
        );
  while ([...text].length < least) text += pick(['a', 'é', '😀', ' b'], random);
  return [...text].slice(0, most).join('');
}

function generateInteger(schema: JsonSchema, random: Random): number {
  const [least, most] = range(schema);
  const edges = [...NUMBERS.filter(Number.isSafeInteger), Math.ceil(least), Math.floor(most)].filter(
    (value) => Number.isSafeInteger(value) && value >= least && value <= most,
  );
  if (random() < 0.5 && edges.length > 0) return pick(edges, random);
  const [low, high] = [Math.max(Math.ceil(least), -1000), Math.min(Math.floor(most), 1000)];
  if (low > high) return Number.isSafeInteger(Math.ceil(least)) ? Math.ceil(least) : Math.floor(most);
  return low + Math.floor(random() * (high - low + 1)) + 0;
}

function generateNumber(schema: JsonSchema, random: Random): number {
  const [least, most] = range(schema);
  const within = (value: number): boolean => value >= least && value <= most;
  const edges = [...NUMBERS, least, most].filter((value) => Number.isFinite(value) && within(value));
  if (random() < 0.5 && edges.length > 0) return pick(edges, random);
  const [low, high] = [Math.max(least, -10_000), Math.min(most, 10_000)];
  const value = low > high ? (Number.isFinite(least) ? least : most) : low + random() * (high - low);
  const rounded = random() < 0.5 ? Math.round(value * 100) / 100 : value;
  return within(rounded) ? rounded : value;
}

/** The least and the greatest number a schema lets through. */
function range(schema: JsonSchema): [number, number] {
  const step = schema.type === 'integer' ? 1 : 1e-3;
  const number = (value: Json | undefined, none: number): number => (typeof value === 'number' ? value : none);
  const least = Math.max(number(schema.minimum, -Infinity), number(schema.exclusiveMinimum, -Infinity) + step);
  const most = Math.min(number(schema.maximum, Infinity), number(schema.exclusiveMaximum, Infinity) - step);
  return [least, most];
}

function size(random: Random, least: number, most: number): number {
  const few = Math.min(most, least + 3);
  return random() < 0.7
    ? least + Math.floor(random() * (few - least + 1))
    : least + Math.floor(random() * (Math.min(most, least + 30) - least + 1));
}

const bound = (value: Json | undefined, none: number): number => (typeof value === 'number' ? value : none);

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}
