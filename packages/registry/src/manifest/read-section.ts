// Reads the sections of a manifest, collecting every violation instead of stopping at the first.
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Permissions,
  parsePermissions,
  toPypesError,
} from '@pypes/contract';
import { type Digest, isDigest } from '../encoding/digest.ts';
import { type FlowLabels, READS, SENDS, type SkillManifest } from './manifest.ts';
import { isVersion, parseSkillName } from './names.ts';

/** Takes note of a violation. */
export type Note = (path: string, message: string) => void;

const LONGEST_TEXT = 2_000;
const MOST_MEMORY_MB = 4_096;
const MOST_CPU_MS = 3_600_000;

/** `[package]`; what is wrong is replaced by something harmless, and noted. */
export function readPackage(value: Json | undefined, note: Note): SkillManifest['package'] {
  const table = readTable(value, 'package', ['name', 'version', 'description', 'license'], note);
  if (value === undefined) note('package', 'The table [package] is missing; it takes name, version and description');
  const name = readText(table, 'package.name', note, true) ?? '';
  const version = readText(table, 'package.version', note, true) ?? '';
  const description = readText(table, 'package.description', note, true) ?? '';
  const license = readText(table, 'package.license', note, false);
  if (version !== '' && !isVersion(version)) {
    note(
      'package.version',
      `"${version}" is no version; it takes MAJOR.MINOR.PATCH, as 1.0.0 or 2.0.0-beta.1, without build metadata`,
    );
  }
  return { ...tryName(name, note), version, description, ...(license === undefined ? {} : { license }) };
}

/** `[interface]`. */
export function readWorld(value: Json | undefined, note: Note): string | undefined {
  return readText(readTable(value, 'interface', ['world'], note), 'interface.world', note, false);
}

/** `[permissions]`, one by one, so that each wrong one is named. */
export function readPermissions(value: Json | undefined, note: Note): Partial<Permissions> {
  if (value !== undefined && !isJsonObject(value)) note('permissions', 'The permissions are no table');
  let read: Partial<Permissions> = {};
  for (const [name, asked] of Object.entries(isJsonObject(value) ? value : {})) {
    try {
      read = { ...read, ...parsePermissions({ [name]: asked }) };
    } catch (error) {
      note(`permissions.${name}`, toPypesError(error).message);
    }
  }
  return read;
}

/** `[labels]`. */
export function readLabels(value: Json | undefined, note: Note): SkillManifest['labels'] {
  if (value !== undefined && !isJsonObject(value)) note('labels', 'The labels are no table');
  return Object.fromEntries(
    Object.entries(isJsonObject(value) ? value : {}).map(([name, flow]): [string, FlowLabels] => {
      const where = `labels.${name}`;
      const table = readTable(flow, where, ['reads', 'sends', 'destinations'], note);
      const destinations = readNames(table.destinations, `${where}.destinations`, note);
      return [
        name,
        {
          reads: readChoices(READS, table, where, 'reads', note),
          sends: readChoices(SENDS, table, where, 'sends', note),
          ...(destinations === undefined ? {} : { destinations }),
        },
      ];
    }),
  );
}

function readNames(value: Json | undefined, where: string, note: Note): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')) {
    return value as readonly string[];
  }
  note(where, `It takes a list of names of arguments, got ${quote(value)}`);
  return undefined;
}

/** `[limits]`. */
export function readLimits(value: Json | undefined, note: Note): SkillManifest['limits'] {
  const table = readTable(value, 'limits', ['memory_mb', 'cpu_ms'], note);
  const read: { memory_mb?: number; cpu_ms?: number } = {};
  for (const [key, most] of [
    ['memory_mb', MOST_MEMORY_MB],
    ['cpu_ms', MOST_CPU_MS],
  ] as const) {
    const asked = table[key];
    if (asked === undefined) continue;
    if (Number.isSafeInteger(asked) && Number(asked) >= 1 && Number(asked) <= most) read[key] = Number(asked);
    else note(`limits.${key}`, `It takes a whole number from 1 to ${most}, got ${quote(asked)}`);
  }
  return read;
}

/** `[checksums]`. */
export function readChecksums(value: Json | undefined, note: Note): SkillManifest['checksums'] {
  if (value !== undefined && !isJsonObject(value)) note('checksums', 'The checksums are no table');
  const read: { [file: string]: Digest } = {};
  for (const [file, digest] of Object.entries(isJsonObject(value) ? value : {})) {
    if (isDigest(digest)) read[file] = digest;
    else note(`checksums.${file}`, `It takes "sha256:" and 64 lower-case hex digits, got ${quote(digest)}`);
  }
  return read;
}

function readTable(value: Json | undefined, where: string, known: readonly string[], note: Note): JsonObject {
  if (value === undefined) return {};
  if (!isJsonObject(value)) {
    note(where, `It takes a table, got ${quote(value)}`);
    return {};
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) note(`${where}.${key}`, `There is no such key; there are ${known.join(', ')}`);
  }
  return value;
}

function readText(table: JsonObject, path: string, note: Note, required: boolean): string | undefined {
  const value = table[path.slice(path.lastIndexOf('.') + 1)];
  if (typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT) return value;
  if (value !== undefined) note(path, `It takes a text of 1 to ${LONGEST_TEXT} characters, got ${quote(value)}`);
  else if (required) note(path, 'It is missing');
  return undefined;
}

function readChoices<T extends string>(
  choices: readonly T[],
  table: JsonObject,
  where: string,
  key: string,
  note: Note,
): readonly T[] {
  const value = table[key] ?? [];
  if (Array.isArray(value) && value.every((item) => choices.includes(item as T))) return value as readonly T[];
  note(`${where}.${key}`, `It takes a list of ${choices.join(', ')}, got ${quote(value)}`);
  return [];
}

function tryName(text: string, note: Note) {
  if (text === '') return { name: '' };
  try {
    return parseSkillName(text);
  } catch (error) {
    note('package.name', toPypesError(error).message);
    return { name: '' };
  }
}

function quote(value: Json | undefined): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}
