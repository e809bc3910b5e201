// Puts a server into a client's configuration, and leaves everything else in that file as it is.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isJsonObject, type JsonObject, PypesError } from '@pypes/contract';

const PRIVATE = 0o600;

/** What a file would hold. `before` is the entry that it has now. */
export type Merged = { readonly text: string; readonly before: JsonObject | undefined; readonly changed: boolean };

/** @throws PypesError `invalid_request` where the file cannot be read as JSON, with comments for example */
export function mergeServer(file: string, key: string, name: string, entry: JsonObject): Merged {
  const whole = readConfig(file);
  const servers = whole[key] ?? {};
  if (!isJsonObject(servers)) {
    throw new PypesError('invalid_request', `"${key}" in ${file} is no object; put the server in by hand`);
  }
  const before = isJsonObject(servers[name]) ? servers[name] : undefined;
  const text = `${JSON.stringify({ ...whole, [key]: { ...servers, [name]: entry } }, null, 2)}\n`;
  return { text, before, changed: JSON.stringify(before) !== JSON.stringify(entry) };
}

/** Writes beside, then renames: a client that reads meanwhile sees one of the two. Access rights stay as they were. */
export function writeConfig(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? PRIVATE;
  const beside = `${file}.pypes-${process.pid}`;
  writeFileSync(beside, text, { mode: mode & 0o777 });
  renameSync(beside, file);
}

function readConfig(file: string): JsonObject {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return {};
  const text = readFileSync(file, 'utf8');
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PypesError(
      'invalid_request',
      `${file} is no plain JSON (${reason}); put the server in by hand, without --write`,
    );
  }
  if (isJsonObject(value)) return value;
  throw new PypesError('invalid_request', `${file} holds no JSON object; put the server in by hand, without --write`);
}
