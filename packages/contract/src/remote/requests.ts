// What the two sides ask each other: load a file, run an agent, and, while it runs, what its context is asked for.
import { ERRORS, type ErrorCode, PypesError, toPypesError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Limits } from '../limits.ts';

/** What the paths begin with. */
export const REMOTE_BASE = '/api/remote/';

/** One file, by its digest and those of the files beside it that it may look for. */
export type RemoteFile = {
  readonly filename: string;
  readonly path: string;
  readonly packGuid: string;
  readonly digest: string;
  readonly siblings: { readonly [filename: string]: string };
  /** base64, by file name: sent where the other side does not know the file. */
  readonly contents?: { readonly [filename: string]: string };
};

export type RemoteLoad = { readonly file: RemoteFile; readonly limits: Json };

export type RemoteCallContext = {
  readonly agent: string;
  readonly runId: string;
  readonly userGuid?: string;
  readonly tenant?: string;
};

export type RemoteRun = RemoteLoad & {
  readonly callId: string;
  /** Which of the file's agents. */
  readonly agent: number;
  readonly args: JsonObject;
  readonly context: RemoteCallContext;
  /** Where the context is asked; absent: it cannot be. */
  readonly callback?: string;
};

/** A log line or a progress, as the bridge names them. */
export type RemoteNote = readonly [operation: 'log' | 'progress', ...parameters: Json[]];

/** Notes in their order, the first of which has the number `first`; and one thing that the context is asked for. */
export type RemoteAsk = {
  /** Who runs the call: a request that is repeated elsewhere runs it there, and that one is not answered. */
  readonly runner: string;
  readonly first: number;
  readonly notes: readonly RemoteNote[];
  readonly ask?: { readonly operation: string; readonly parameters: readonly Json[] };
};

export type RemoteError = { readonly code: ErrorCode; readonly message: string; readonly details?: JsonObject };

/** What an agent, or its context, answered. */
export type RemoteAnswer = { readonly output: Json } | { readonly error: RemoteError };

export function isRemotePath(url: string): boolean {
  const at = url.indexOf('/', url.indexOf('//') + 2);
  return url.startsWith(REMOTE_BASE, at);
}

/** Bytes of what a context is asked for, or answers: the largest object as base64, and what stands around it. */
export function mostAskBytes({
  objectBytes,
  memoryBytes,
  fetchBytes,
  argumentBytes,
  outputBytes,
  logBytes,
}: Limits): number {
  const largest = Math.max(objectBytes, fetchBytes, memoryBytes, argumentBytes, outputBytes);
  return Math.ceil((largest * 4) / 3) + 2 * logBytes + 65_536;
}

/** Bytes of the answer to a call: its output, and what it logged. */
export function mostRunBytes({ outputBytes, logBytes, logLines }: Limits): number {
  return outputBytes + 2 * logBytes + 64 * logLines + 65_536;
}

/** @throws PypesError `invalid_request` */
export function parseLoadRequest(body: Json): RemoteLoad {
  const { file, limits } = object(body, 'The body');
  return { file: parseFile(file), limits: limits ?? {} };
}

/** @throws PypesError `invalid_request` */
export function parseRunRequest(body: Json): RemoteRun {
  const { call_id: callId, agent, args, context, callback } = object(body, 'The body');
  const { agent: name, run_id: runId, user_guid: userGuid, tenant } = object(context, '"context"');
  if (!Number.isInteger(agent)) throw wrong('"agent"', 'the number of an agent');
  if (callback !== undefined && !/^https?:\/\//.test(text(callback, '"callback"')))
    throw wrong('"callback"', 'an address');
  return {
    ...parseLoadRequest(body),
    callId: word(callId, '"call_id"'),
    agent: Number(agent),
    args: object(args, '"args"'),
    context: {
      agent: text(name, '"context.agent"'),
      runId: text(runId, '"context.run_id"'),
      ...(userGuid === undefined ? {} : { userGuid: word(userGuid, '"context.user_guid"') }),
      ...(tenant === undefined ? {} : { tenant: word(tenant, '"context.tenant"') }),
    },
    ...(callback === undefined ? {} : { callback: text(callback, '"callback"') }),
  };
}

/** @throws PypesError `invalid_request` */
export function parseAskRequest(body: Json): RemoteAsk {
  const { runner, first, notes, ask } = object(body, 'The body');
  const parsed = { runner: word(runner, '"runner"'), first: Number(first ?? 0), notes: parseNotes(notes ?? []) };
  if (ask === undefined) return parsed;
  const { operation, parameters } = object(ask, '"ask"');
  if (!Array.isArray(parameters)) throw wrong('"ask.parameters"', 'an array');
  return { ...parsed, ask: { operation: text(operation, '"ask.operation"'), parameters } };
}

/** @throws PypesError `invalid_request` */
export function parseNotes(notes: Json | undefined): readonly RemoteNote[] {
  if (!Array.isArray(notes)) throw wrong('"notes"', 'an array');
  return notes.map((note: Json) => {
    if (Array.isArray(note) && (note[0] === 'log' || note[0] === 'progress')) return note as unknown as RemoteNote;
    throw wrong('A note', 'a log line or a progress');
  });
}

/** As it travels. */
export function toRemoteError(error: unknown): JsonObject {
  const { code, message, details } = toPypesError(error);
  const known = Object.hasOwn(ERRORS, code) ? code : 'internal';
  return { code: known, message, ...(details === undefined ? {} : { details }) };
}

function parseFile(value: Json | undefined): RemoteFile {
  const { filename, path, pack_guid: packGuid, digest, siblings, contents } = object(value, '"file"');
  const name = text(filename, '"file.filename"');
  if (name === '' || /[/\\\0]/.test(name)) throw wrong('"file.filename"', 'the name of a file');
  return {
    filename: name,
    path: text(path, '"file.path"'),
    packGuid: word(packGuid, '"file.pack_guid"'),
    digest: text(digest, '"file.digest"'),
    siblings: texts(siblings ?? {}, '"file.siblings"'),
    ...(contents === undefined ? {} : { contents: texts(contents, '"file.contents"') }),
  };
}

export function object(value: Json | undefined, what: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw wrong(what, 'a JSON object');
}

function texts(value: Json, what: string): { readonly [name: string]: string } {
  const entries = Object.entries(object(value, what));
  return Object.fromEntries(entries.map(([name, each]) => [name, text(each, `${what} "${name}"`)]));
}

function text(value: Json | undefined, what: string): string {
  if (typeof value === 'string') return value;
  throw wrong(what, 'a text');
}

/** What stands in keys and paths: no blank, nothing that parts them. */
function word(value: Json | undefined, what: string): string {
  if (typeof value === 'string' && /^[\w.@:-]{1,256}$/.test(value)) return value;
  throw wrong(what, 'letters, digits and -_.@:');
}

function wrong(what: string, takes: string): PypesError {
  return new PypesError('invalid_request', `${what} has to be ${takes}`);
}
