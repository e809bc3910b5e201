// The filters of templates as a table: what each does with a value, and what type it gives.
import { isJsonObject, type Json, type JsonSchema, jsonSize } from '@pypes/contract';
import { sizeOf, typesOf } from '../guard-check.ts';

/** One filter. `undefined` is a value that is not there. */
export type Filter = {
  /** How many arguments it takes. */
  readonly args: readonly [least: number, most: number];
  readonly form: string;
  /** Types that it takes; anything where absent. */
  readonly takes?: readonly string[];
  /** Whether it can fail with a value of these types; never where absent. `args` are given where they are constant. */
  readonly mayFail?: (args: readonly (Json | undefined)[]) => boolean;
  /** Throws a {@link FilterFault}. `most`: how many characters the result may have. */
  apply(value: Json | undefined, args: readonly Json[], most: number): Json;
  /** The type of what it gives; undefined: not known. `args` are given where they are constant. */
  type(schema: JsonSchema | undefined, args: readonly (Json | undefined)[]): JsonSchema | undefined;
};

/** What is wrong with the value that a filter was given: `takes a list, got 12`. */
export class FilterFault extends Error {
  override readonly name = 'FilterFault';
}

const TEXT: JsonSchema = { type: 'string' };

export const FILTERS: { readonly [name: string]: Filter } = Object.assign(Object.create(null), {
  default: {
    args: [1, 1],
    form: '| default(VALUE)',
    apply: (value, [other]) => value ?? other ?? null,
    type: (schema, [other]) => {
      if (schema === undefined) return undefined;
      const given = withoutNull(schema);
      return other === undefined
        ? undefined
        : given === undefined
          ? { const: other }
          : { anyOf: [given, { const: other }], ...definitions(schema) };
    },
  },
  upper: text(
    '| upper',
    (value) => value.toUpperCase(),
    ({ maxLength }) => grown(maxLength, 3),
  ),
  lower: text(
    '| lower',
    (value) => value.toLowerCase(),
    ({ maxLength }) => grown(maxLength, 3),
  ),
  trim: text(
    '| trim',
    (value) => value.trim(),
    ({ maxLength }) => grown(maxLength, 1),
  ),
  truncate: {
    args: [1, 1],
    form: '| truncate(NUMBER)',
    takes: ['string'],
    mayFail: ([length]) => typeof length !== 'number',
    apply: (value, [length]) => [...toText(value)].slice(0, Math.max(0, toNumber(length))).join(''),
    type: (_schema, [length]) =>
      typeof length === 'number' ? { type: 'string', maxLength: Math.max(0, Math.floor(length)) } : TEXT,
  },
  join: {
    args: [0, 1],
    form: '| join(TEXT)',
    takes: ['array'],
    mayFail: () => true,
    apply: (value, [between = ''], most) => {
      const items = toList(value).map(printed);
      const length = items.reduce((sum, text) => sum + text.length, items.length * toText(between).length);
      // A long text between many items is the only way to something much larger than all that was given.
      if (length > most + toText(between).length)
        throw new FilterFault(`would give ${length} characters, at most ${most} are let through`);
      return items.join(toText(between));
    },
    type: () => TEXT,
  },
  length: {
    args: [0, 0],
    form: '| length',
    takes: ['string', 'array', 'object'],
    apply: (value) => {
      if (typeof value === 'string') return [...value].length;
      if (Array.isArray(value)) return value.length;
      if (isJsonObject(value)) return Object.keys(value).length;
      throw new FilterFault(`takes a text, a list or an object, got ${shown(value)}`);
    },
    type: (schema) => {
      const most =
        schema?.type === 'array' ? schema.maxItems : schema?.type === 'string' ? schema.maxLength : undefined;
      return { type: 'integer', minimum: 0, maximum: typeof most === 'number' ? most : Number.MAX_SAFE_INTEGER };
    },
  },
  first: item('| first', (list) => list[0]),
  last: item('| last', (list) => list.at(-1)),
  round: {
    args: [0, 1],
    form: '| round(DIGITS)',
    takes: ['number', 'integer'],
    mayFail: (args) => args.some((digits) => typeof digits !== 'number'),
    apply: (value, [digits = 0]) => {
      const factor = 10 ** Math.min(15, Math.max(0, toNumber(digits)));
      const rounded = Math.round(toNumber(value) * factor) / factor;
      return Number.isFinite(rounded) ? rounded : toNumber(value);
    },
    type: (schema, args) => {
      const { minimum, maximum } = schema ?? {};
      const bounds = {
        ...(typeof minimum === 'number' ? { minimum: Math.floor(minimum) } : {}),
        ...(typeof maximum === 'number' ? { maximum: Math.ceil(maximum) } : {}),
      };
      return { type: args.length === 0 || args[0] === 0 ? 'integer' : 'number', ...bounds };
    },
  },
  json: {
    args: [0, 0],
    form: '| json',
    apply: (value) => JSON.stringify(value ?? null),
    type: (schema) => {
      const { most } = sizeOf(schema);
      return Number.isFinite(most) ? { type: 'string', maxLength: most } : TEXT;
    },
  },
  text: {
    args: [0, 0],
    form: '| text',
    apply: (value) => printed(value ?? null),
    type: (schema) => printedType(schema),
  },
  date: {
    args: [0, 0],
    form: '| date',
    takes: ['string', 'number', 'integer'],
    mayFail: () => true,
    apply: (value) => {
      const time = new Date(typeof value === 'number' || typeof value === 'string' ? value : Number.NaN);
      if (Number.isNaN(time.getTime()))
        throw new FilterFault(`takes an RFC 3339 text or milliseconds since 1970, got ${shown(value)}`);
      return time.toISOString().slice(0, time.toISOString().indexOf('T'));
    },
    type: () => ({ type: 'string', minLength: 10, maxLength: 13 }),
  },
} satisfies { readonly [name: string]: Filter });

/** A value inside a text: texts as they are, null as nothing, everything else as JSON. */
export function printed(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}

/** The type of {@link printed}. */
export function printedType(schema: JsonSchema | undefined): JsonSchema {
  const most = Math.max(printedLength(schema), 0);
  return Number.isFinite(most) ? { type: 'string', maxLength: most } : TEXT;
}

/** The most characters of {@link printed}. */
export function printedLength(schema: JsonSchema | undefined): number {
  if (schema?.type === 'string' && typeof schema.maxLength === 'number') return schema.maxLength;
  if (typeof schema?.const === 'string') return schema.const.length;
  return sizeOf(schema).most;
}

function text(form: string, change: (value: string) => string, bounds: (schema: JsonSchema) => JsonSchema): Filter {
  return {
    args: [0, 0],
    form,
    takes: ['string'],
    apply: (value) => change(toText(value)),
    type: (schema) => ({ ...TEXT, ...bounds(schema ?? {}) }),
  };
}

/** One character may become several: `ß` becomes `SS`, `ΐ` three. */
function grown(maxLength: Json | undefined, times: number): JsonSchema {
  return typeof maxLength === 'number' ? { maxLength: maxLength * times } : {};
}

function item(form: string, pick: (list: readonly Json[]) => Json | undefined): Filter {
  return {
    args: [0, 0],
    form,
    takes: ['array'],
    apply: (value) => pick(toList(value)) ?? null,
    type: (schema) => {
      if (schema === undefined || schema.prefixItems !== undefined || !isJsonObject(schema.items)) return undefined;
      const sure = typeof schema.minItems === 'number' && schema.minItems > 0;
      return sure
        ? { ...schema.items, ...definitions(schema) }
        : { anyOf: [schema.items, { type: 'null' }], ...definitions(schema) };
    },
  };
}

/** The schema without null; undefined where nothing is left. */
function withoutNull(schema: JsonSchema): JsonSchema | undefined {
  const branches = schema.anyOf;
  if (Array.isArray(branches)) {
    const left = branches.filter((branch) => !isJsonObject(branch) || branch.type !== 'null');
    if (left.length === 0) return undefined;
    return left.length === 1 && isJsonObject(left[0])
      ? { ...left[0], ...definitions(schema) }
      : { ...schema, anyOf: left as Json[] };
  }
  const types = typesOf(schema);
  if (types === undefined || !types.includes('null')) return schema.const === null ? undefined : schema;
  const left = types.filter((type) => type !== 'null');
  return left.length === 0 ? undefined : { ...schema, type: left.length === 1 ? (left[0] as string) : left };
}

function definitions({ $defs }: JsonSchema): JsonSchema {
  return $defs === undefined ? {} : { $defs };
}

function toText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  throw new FilterFault(`takes a text, got ${shown(value)}`);
}

function toNumber(value: Json | undefined): number {
  if (typeof value === 'number') return value;
  throw new FilterFault(`takes a number, got ${shown(value)}`);
}

function toList(value: Json | undefined): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  throw new FilterFault(`takes a list, got ${shown(value)}`);
}

function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  return jsonSize(value) > 80 ? `${JSON.stringify(value).slice(0, 80)}…` : JSON.stringify(value);
}
