// What a tool is, in one digest, and what two versions of it say differently.
import { createHash } from 'node:crypto';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import { toPlainText } from '../../mcp/text.ts';

/** What a model, or a guard, goes by: whatever else a server says of a tool is no part of it. */
const KEYS = ['name', 'title', 'description', 'inputSchema', 'outputSchema', 'annotations'] as const;
const MOST_LINES = 20;
const LONGEST_VALUE = 120;

/** The part of a tool's definition that is pinned. */
export function toDefinition(tool: JsonObject): JsonObject {
  return Object.fromEntries(KEYS.filter((key) => tool[key] !== undefined).map((key) => [key, tool[key] as Json]));
}

/** `sha256:` and the digest of a definition's canonical text. */
export function digestOfTool(definition: JsonObject): string {
  return `sha256:${createHash('sha256').update(canonicalJson(definition)).digest('hex')}`;
}

/**
 * Lines that say what changed: `~ /description "a" → "b"`, `+ /inputSchema/properties/to {…}`, `- …`.
 *
 * @example
 * describeDifference({ a: 1 }, { a: 2 }); // ['~ /a 1 → 2']
 */
export function describeDifference(before: Json | undefined, after: Json | undefined): readonly string[] {
  const lines: string[] = [];
  compare('', before, after, lines);
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more`];
}

function compare(path: string, before: Json | undefined, after: Json | undefined, lines: string[]): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined) lines.push(`+ ${path} ${short(after)}`);
  else if (after === undefined) lines.push(`- ${path} ${short(before)}`);
  else if (isJsonObject(before) && isJsonObject(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      const name = toPlainText(key, LONGEST_VALUE).replaceAll('~', '~0').replaceAll('/', '~1');
      compare(`${path}/${name}`, own(before, key), own(after, key), lines);
    }
  } else if (canonicalJson(before) !== canonicalJson(after)) lines.push(`~ ${path} ${short(before)} → ${short(after)}`);
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function short(value: Json | undefined): string {
  return toPlainText(JSON.stringify(value) ?? '', LONGEST_VALUE);
}
