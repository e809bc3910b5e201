// YAML and JSON as plain data in which every value still knows where it stands; what could be a trap is refused.
import { isTooDeep, type Json } from '@pypes/contract';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { SUITE_LIMITS, type SuiteFormat } from './suite.ts';

/** Keys and indexes from the outermost value. */
export type Path = readonly (string | number)[];
/** From 1. */
export type Place = { readonly line: number; readonly column: number };
/** One thing that is wrong; `place` is absent where the data never was a text. */
export type Fault = { readonly place?: Place; readonly message: string };

/** What was read. The value counts only where there are no faults. */
export type Reading = {
  readonly value: Json;
  readonly faults: readonly Fault[];
  /** Where a value stands, or the key that it has. */
  readonly placeOf: (path: Path, what?: 'key' | 'value') => Place;
};

/** What values may be marked as: more would turn texts into something that is not JSON. */
const TAGS: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
);
const MOST_ALIASES = 100;
const START: Place = { line: 1, column: 1 };

/** Reads one document. Never throws for what stands in the text. */
export function readDocument(text: string, format: SuiteFormat): Reading {
  const failed = (...faults: readonly Fault[]): Reading => ({ value: null, faults, placeOf: () => START });
  if (text.length > SUITE_LIMITS.characters) {
    return failed({
      place: START,
      message: `It has ${text.length} characters; ${SUITE_LIMITS.characters} are allowed`,
    });
  }
  const strict = format === 'json' ? faultOfJson(text) : undefined;
  if (strict !== undefined) return failed(strict);
  const lines = new LineCounter();
  // JSON is YAML too: the same tree knows the places of both.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    schema: 'core',
    version: '1.2',
    logLevel: 'error',
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults = faultsOf(document).map(({ offset, message }) => ({ place: placeAt(offset), message }));
  if (faults.length > 0) return failed(...faults);
  const placeOf: Reading['placeOf'] = (path, what = 'value') => placeAt(offsetOf(document, path, what));
  const read = toValue(
    format === 'json' ? () => JSON.parse(text) : () => document.toJS({ maxAliasCount: MOST_ALIASES }),
  );
  return 'fault' in read ? failed({ place: START, message: read.fault }) : { value: read.value, faults: [], placeOf };
}

function faultOfJson(text: string): Fault | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
    const place = line === undefined ? endOf(text) : { line: Number(line), column: Number(column) };
    return { place, message: `It is no JSON here: ${message}` };
  }
}

/** Where engines name no place, the text ended too early. */
function endOf(text: string): Place {
  const lines = text.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

type Found = { readonly offset: number; readonly message: string };

function faultsOf(document: Document.Parsed): readonly Found[] {
  const [first] = document.errors;
  if (first !== undefined) return [{ offset: first.pos[0], message: `It is no YAML here: ${first.message}` }];
  const directives = document.directives;
  if (directives.yaml.explicit === true || Object.keys(directives.tags).length > 1) {
    return [{ offset: 0, message: 'Directives (%YAML, %TAG) are not taken; leave them out' }];
  }
  const found: Found[] = [];
  const note = (node: Node | null, message: string) => found.push({ offset: node?.range?.[0] ?? 0, message });
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node) && node.tag !== undefined && !TAGS.has(node.tag)) {
        note(node, `The tag "${node.tag}" is not taken; a suite is plain data`);
      }
    },
    Map(_key, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) note(key as Node | null, 'A key has to be a text');
        else {
          const name = String(key.value);
          if (seen.has(name)) note(key, `The key "${name}" is there twice`);
          seen.add(name);
        }
      }
    },
  });
  return found;
}

function toValue(read: () => unknown): { readonly value: Json } | { readonly fault: string } {
  let value: Json;
  try {
    value = read() as Json;
  } catch (error) {
    // An alias without its anchor, or so many that they would fill the memory.
    if (error instanceof ReferenceError) return { fault: error.message };
    throw error;
  }
  return isTooDeep(value) ? { fault: 'It is nested too deep, or an alias holds itself' } : { value };
}

/** As near as the tree comes to it: a part that is missing stands where its parent does. */
function offsetOf(document: Document.Parsed, path: Path, what: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return offset;
      const isLast = index === path.length - 1;
      offset = (isLast && what === 'key' ? startOf(pair.key) : (startOf(pair.value) ?? startOf(pair.key))) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
