// uniqueItems by the texts of items: each is looked at once, where comparing each with each takes hours for a mebibyte.
import type { Json } from '@pypes/contract';
import { canonical } from './canonical.ts';

/** The places of the first two items that are the same. */
export function findTwins(items: readonly Json[]): readonly [first: number, second: number] | undefined {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const text = canonical(item);
    const twin = seen.get(text);
    if (twin !== undefined) return [twin, index];
    seen.set(text, index);
  }
  return undefined;
}
