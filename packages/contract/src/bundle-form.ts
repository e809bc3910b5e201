// The one form in which bundles are written down: the same bundle gives the same bytes, whichever endpoint it comes from.
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { PackBundle } from './pack.ts';

/** The keys that readers look for, before all others; the files come behind them. */
const FIRST = ['schema', 'pack_guid', 'name', 'purpose', 'soul', 'version', 'created_at', 'created_by', 'sealed'];
const FIRST_OF_FILE = ['filename', 'name', 'display_name', 'description', 'sha256'];
const LAST_OF_FILE = ['source', 'source_base64'];

/**
 * A bundle with its keys in order: the known ones first, others sorted, absent and null ones left out. Files keep their
 * order.
 */
export function toBundleForm(bundle: PackBundle): PackBundle {
  const { agents, ...rest } = bundle;
  const files = agents.map((agent) => ordered(agent as JsonObject, FIRST_OF_FILE, LAST_OF_FILE));
  return { ...ordered(rest as JsonObject, FIRST), agents: files } as unknown as PackBundle;
}

/**
 * A bundle as the text of a file: what `pypes bundle` and `pypes pull` write (spec 2, bundle).
 *
 * @example
 * toBundleText({ agents: [], schema: 'pack/1.0' }); // '{\n  "schema": "pack/1.0",\n  "agents": []\n}\n'
 */
export function toBundleText(bundle: PackBundle): string {
  return `${JSON.stringify(toBundleForm(bundle), null, 2)}\n`;
}

function ordered(object: JsonObject, first: readonly string[], last: readonly string[] = []): JsonObject {
  const named = new Set([...first, ...last]);
  const others = Object.keys(object).filter((key) => !named.has(key));
  const keys = [...first, ...others.sort(), ...last].filter((key) => (object[key] ?? undefined) !== undefined);
  return Object.fromEntries(keys.map((key) => [key, sorted(object[key] as Json)]));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] as Json)]));
}
