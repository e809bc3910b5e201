// Whether a schema is one: every keyword, in every part, has a value of its kind. Nothing is compiled for this.
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import type { Draft } from '../draft.ts';
import { KINDS } from './kinds.ts';

/** Parts within each other. */
const MOST_NESTING = 500;

/** @throws Error that names the first keyword that is not as it has to be, and where it stands */
export function checkShape(schema: JsonObject, draft: Draft): void {
  const seen = new Set<Json>();
  const waiting: { part: Json; path: string; depth: number }[] = [{ part: schema, path: '', depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { part, path, depth } = next;
    if (typeof part === 'boolean' || seen.has(part)) continue;
    if (!isJsonObject(part)) throw new Error(`${path || 'It'} is ${short(part)}, and has to be an object or a boolean`);
    if (depth > MOST_NESTING) throw new Error(`it nests more than ${MOST_NESTING} schemas within each other`);
    seen.add(part);
    for (const [keyword, value] of Object.entries(part)) {
      const kind = Object.hasOwn(KINDS, keyword) ? KINDS[keyword] : undefined;
      if (kind === undefined || (kind.draft !== undefined && kind.draft !== draft)) continue;
      const place = `${path}/${keyword}`;
      if (!kind.holds(value, draft)) throw new Error(`${place} is ${short(value)}, and has to be ${kind.words}`);
      for (const [name, inner] of kind.parts?.(value) ?? []) {
        waiting.push({ part: inner, path: `${place}${name}`, depth: depth + 1 });
      }
    }
  }
}

function short(value: Json): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
