// Whether a name and a type of one function fit an argument of another one.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';
import { isSubsumed } from '../../blueprints/guard-check.ts';
import { stem, wordsOf } from '../words/stem.ts';
import { synonymsOf } from '../words/synonyms.ts';
import { withDefinitions } from './function-type.ts';

/** From 0 to 1: how many words of two names mean the same. */
export function similarityOf(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => [...new Set(wordsOf(name).map(stem))]) as [string[], string[]];
  const same = left.filter((word) => right.includes(word) || synonymsOf(word).some((other) => right.includes(other)));
  return left.length === 0 || right.length === 0 ? 0 : same.length / Math.max(left.length, right.length);
}

/** Whether every value of one type is taken where the other one is: surely, perhaps, or not. */
export function fitOf(given: JsonSchema | undefined, taken: JsonSchema | undefined): 'fits' | 'unknown' | 'breaks' {
  return given === undefined || taken === undefined ? 'unknown' : isSubsumed(given, taken).verdict;
}

/** A part of a value that is always there. */
export type Part = { readonly path: readonly string[]; readonly name: string; readonly schema: JsonSchema | undefined };

const MOST_DEPTH = 2;

/** The value itself under the name of its function, and its required members. */
export function partsOfValue(schema: JsonSchema | undefined, name: string): readonly Part[] {
  return [{ path: [], name, schema }, ...membersOf(schema, [], MOST_DEPTH)];
}

function membersOf(schema: JsonSchema | undefined, path: readonly string[], depth: number): readonly Part[] {
  if (schema === undefined || depth === 0 || !isJsonObject(schema.properties)) return [];
  const required: readonly Json[] = Array.isArray(schema.required) ? (schema.required as readonly Json[]) : [];
  return Object.entries(schema.properties).flatMap(([name, member]) => {
    if (!required.includes(name) || !isJsonObject(member)) return [];
    const part = { path: [...path, name], name, schema: withDefinitions(member, schema) };
    return [part, ...membersOf(part.schema, part.path, depth - 1)];
  });
}
