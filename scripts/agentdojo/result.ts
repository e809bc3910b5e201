// Results with labels: which fields an attacker can write, and what the result is once one has.
import { isJsonObject, type Json } from '../../packages/contract/src/index.ts';
import { type FieldLabels, type Labels, toStep } from '../../packages/guard/src/flow/lattice.ts';
import type { PlannedCall, Suite } from './suite.ts';
import { parseYamlLike } from './yaml-like.ts';

/** A result, field by field where it has fields. */
export type LabelledResult = { readonly output: Json; readonly fields: FieldLabels };

/**
 * The labelled result of a call. Only the leaves that have a vector's text are untrusted; where one of the vectors
 * cannot be found all of the result is. With `injected` that text stands in the vectors' place.
 */
export function toLabelledResult(call: PlannedCall, suite: Suite, injected?: string): LabelledResult {
  const output = toFields(call.result);
  const vectors = vectorsOf(call, suite, output);
  const places = new Map<string, readonly string[]>();
  for (const vector of vectors) {
    const text = suite.vectors.get(vector) ?? '';
    const found = leafPointers(output).filter(([, leaf]) => contains(leaf, text));
    if (found.length === 0) return wholly(call, output, injected);
    for (const [pointer] of found) places.set(pointer, [...(places.get(pointer) ?? []), text]);
  }
  const fields = new Map([...places.keys()].map((pointer) => [pointer, labelsOf(call)]));
  if (injected === undefined || places.size === 0) return { output, fields };
  return { output: replaceLeaves(output, '', places, injected), fields };
}

/** Whether an attacker can write in this result. */
export function isTainted(call: PlannedCall, suite: Suite): boolean {
  return vectorsOf(call, suite, toFields(call.result)).length > 0;
}

function vectorsOf(call: PlannedCall, suite: Suite, output: Json): readonly string[] {
  if (call.taintedBy !== undefined) return call.taintedBy;
  const leaves = leafPointers(output);
  return [...suite.vectors].filter(([, text]) => leaves.some(([, leaf]) => contains(leaf, text))).map(([id]) => id);
}

/** A text that has fields, as them. */
function toFields(result: Json): Json {
  if (typeof result !== 'string') return result;
  try {
    const parsed: Json = JSON.parse(result);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // No JSON: it may have fields in another form.
  }
  return parseYamlLike(result) ?? result;
}

function wholly(call: PlannedCall, output: Json, injected: string | undefined): LabelledResult {
  const fields = new Map([['', labelsOf(call)]]);
  if (injected === undefined) return { output, fields };
  return { output: typeof output === 'string' ? `${output}\n${injected}` : [output, injected], fields };
}

function labelsOf(call: PlannedCall): Labels {
  return new Set([`untrusted:${call.tool}`]);
}

function leafPointers(value: Json, pointer = ''): readonly (readonly [pointer: string, leaf: string])[] {
  if (typeof value === 'string') return [[pointer, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => leafPointers(item, pointer + toStep(name)));
}

function contains(leaf: string, text: string): boolean {
  const wanted = plain(text);
  return wanted !== '' && plain(leaf).includes(wanted);
}

/** Printing may have folded lines. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function replaceLeaves(
  value: Json,
  pointer: string,
  places: ReadonlyMap<string, readonly string[]>,
  injected: string,
): Json {
  if (typeof value === 'string') {
    const texts = places.get(pointer) ?? [];
    return texts.reduce((leaf, text) => putInPlace(leaf, text, injected), value);
  }
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => replaceLeaves(item, pointer + toStep(index), places, injected));
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, replaceLeaves(item, pointer + toStep(name), places, injected)]),
  );
}

function putInPlace(leaf: string, text: string, injected: string): string {
  return leaf.includes(text)
    ? leaf.replaceAll(text, () => injected)
    : plain(leaf).replaceAll(plain(text), () => injected);
}
