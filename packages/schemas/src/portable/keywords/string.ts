// minLength, maxLength, pattern, format.

import { linearPattern } from '../../linear-pattern.ts';
import type { Check, Part } from '../compilation.ts';
import { fail } from '../run.ts';
import { formatLimits, stringFormat } from './format.ts';

export function stringKeywords(part: Part): readonly Check<string>[] {
  const { schema } = part;
  return [
    length(schema.maxLength, (value, most) => hasAtMost(value, most), 'at most'),
    length(schema.minLength, (value, least) => !hasAtMost(value, least - 1), 'at least'),
    pattern(schema.pattern),
    stringFormat(schema),
    ...formatLimits(schema),
  ].filter((check) => check !== undefined);
}

function length(
  bound: unknown,
  holds: (value: string, bound: number) => boolean,
  words: string,
): Check<string> | undefined {
  if (typeof bound !== 'number') return undefined;
  return (value, run) => holds(value, bound) || fail(run, () => `must have ${words} ${bound} characters`);
}

/** Counts code points, and no more of them than it has to. */
function hasAtMost(value: string, most: number): boolean {
  if (value.length <= most) return true;
  if (value.length > 2 * most) return false;
  let count = 0;
  for (const _ of value) if (++count > most) return false;
  return true;
}

function pattern(text: unknown): Check<string> | undefined {
  if (typeof text !== 'string') return undefined;
  const compiled = linearPattern(text);
  return (value, run) => compiled.test(value) || fail(run, () => `must match the pattern ${JSON.stringify(text)}`);
}
