// Compares an output with what was expected: the same value, or at least what was expected.
import { canonicalJson, type Json, type JsonObject } from '@pypes/contract';
import { pointTo } from '../pointer.ts';
import { cut, RIGHT, type Score, wrong } from './scorer.ts';

/** 1 where both have the same canonical text (RFC 8785): the order of keys and the spelling of numbers do not count. */
export function scoreExact(output: Json, expected: Json): Score {
  if (canonicalJson(output) === canonicalJson(expected)) return RIGHT;
  return wrong(differenceOf(output, expected, '', 'exact') ?? 'The output differs');
}

/**
 * 1 where the output has all that is expected: every key of an object, with what is expected there, and the items of a
 * list from its beginning, place by place. More keys and more items do no harm; everything else has to be the same.
 */
export function scoreSubset(output: Json, expected: Json): Score {
  const difference = differenceOf(output, expected, '', 'subset');
  return difference === undefined ? RIGHT : wrong(difference);
}

/** The first difference in words. */
function differenceOf(output: Json, expected: Json, at: string, how: 'exact' | 'subset'): string | undefined {
  const where = at === '' ? 'The output' : at;
  if (Array.isArray(expected)) {
    if (!Array.isArray(output)) return say(where, output, expected);
    const items = output as readonly Json[];
    const wanted = expected as readonly Json[];
    if (items.length < wanted.length || (how === 'exact' && items.length > wanted.length)) {
      return `${where} has ${items.length} items, expected ${how === 'exact' ? '' : 'at least '}${wanted.length}`;
    }
    for (const [index, item] of wanted.entries()) {
      const difference = differenceOf(items[index] as Json, item, pointTo(at, index), how);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (typeof expected !== 'object' || expected === null) {
    return canonicalJson(output) === canonicalJson(expected) ? undefined : say(where, output, expected);
  }
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return say(where, output, expected);
  const [given, wanted] = [output as JsonObject, expected as JsonObject];
  for (const key of Object.keys(wanted)) {
    if (!Object.hasOwn(given, key)) return `${where} has no "${cut(key)}"`;
    const difference = differenceOf(given[key] as Json, wanted[key] as Json, pointTo(at, key), how);
    if (difference !== undefined) return difference;
  }
  const extra = how === 'exact' ? Object.keys(given).find((key) => !Object.hasOwn(wanted, key)) : undefined;
  return extra === undefined ? undefined : `${where} has "${cut(extra)}", which is not expected`;
}

function say(where: string, output: Json, expected: Json): string {
  return `${where} is ${cut(canonicalJson(output))}, expected ${cut(canonicalJson(expected))}`;
}
