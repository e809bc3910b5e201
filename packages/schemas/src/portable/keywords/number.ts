// minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf; the formats of numbers lie with those of strings.
import type { Check, Part } from '../compilation.ts';
import { fail } from '../run.ts';
import { numberFormat } from './format.ts';

export function numberKeywords(part: Part): readonly Check<number>[] {
  const { schema } = part;
  return [
    limit(schema.maximum, (value, most) => value <= most, '<='),
    limit(schema.minimum, (value, least) => value >= least, '>='),
    limit(schema.exclusiveMaximum, (value, most) => value < most, '<'),
    limit(schema.exclusiveMinimum, (value, least) => value > least, '>'),
    limit(schema.multipleOf, isMultiple, 'a multiple of'),
    numberFormat(schema),
  ].filter((check) => check !== undefined);
}

function limit(
  bound: unknown,
  holds: (value: number, bound: number) => boolean,
  words: string,
): Check<number> | undefined {
  if (typeof bound !== 'number') return undefined;
  return (value, run) => holds(value, bound) || fail(run, () => `must be ${words} ${bound}`);
}

/** In floating point, like Ajv: what cannot be counted exactly is no multiple. */
function isMultiple(value: number, of: number): boolean {
  const times = value / of;
  return times === Number.parseInt(String(times), 10);
}
