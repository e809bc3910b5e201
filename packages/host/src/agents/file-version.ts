// One version of one agent file: its agents or its error, and how many calls still run on it.
import {
  type FolderEntry,
  isPypesError,
  type Limits,
  type LoadedAgent,
  PypesError,
  type QuarantinedFile,
  type Runtime,
  toPypesError,
} from '@pypes/contract';
import { bytesToHex } from '../packs/encoding.ts';
import type { PackFiles } from '../packs/files.ts';
import { filenameOf, isSafeFor } from './language.ts';

/** A loaded (or quarantined) version of a file. */
export interface FileVersion {
  readonly path: string;
  readonly digest: string;
  readonly agents: readonly LoadedAgent[];
  readonly error: QuarantinedFile | undefined;
  /** Takes part in a call: the version stays open until the returned function is called. */
  hold(): () => void;
  /** No new call will use it; it closes when its last call has ended. */
  retire(): void;
}

/** What loading a file needs to know. */
export type LoadOptions = {
  readonly packGuid: string;
  readonly files: PackFiles;
  readonly runtime: Runtime;
  readonly limits: Limits;
};

/** Loads a file: never throws, a file that cannot be loaded is quarantined with its real error. */
export async function loadFileVersion(
  entry: FolderEntry,
  bytes: Uint8Array,
  options: LoadOptions,
): Promise<FileVersion> {
  const { packGuid, files, runtime, limits } = options;
  const digest = await digestOf(bytes);
  const location = files.locate(entry.path);
  try {
    const most = entry.path.toLowerCase().endsWith('.wasm') ? limits.componentBytes : limits.fileBytes;
    if (bytes.length > most) {
      throw new PypesError('agent_broken', `The file has ${bytes.length} bytes, at most ${most} are let in`);
    }
    if (!isSafeFor(runtime, files.trusted)) {
      throw new PypesError(
        'agent_broken',
        `The file came from outside and this host has no sandbox for ${runtime.name}; pypes doctor says what is missing`,
      );
    }
    const agents = await runtime.load(
      {
        filename: filenameOf(entry.path),
        path: entry.path,
        bytes,
        digest,
        packGuid,
        executable: entry.executable,
        ...(location === undefined ? {} : { location }),
        sibling: (filename) => files.read(entry.path.replace(/[^/]*$/, filename)),
      },
      limits,
    );
    return createFileVersion(entry.path, digest, agents, undefined);
  } catch (error) {
    return createFileVersion(entry.path, digest, [], toQuarantined(entry.path, error));
  }
}

/** A file that may not be read: quarantined like one that cannot be loaded. */
export function refuseFile(entry: FolderEntry, error: unknown): FileVersion {
  return createFileVersion(entry.path, '', [], toQuarantined(entry.path, error));
}

/** The digest that names one version of a file. */
export async function digestOf(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return `sha256:${bytesToHex(new Uint8Array(hash))}`;
}

function createFileVersion(
  path: string,
  digest: string,
  agents: readonly LoadedAgent[],
  error: QuarantinedFile | undefined,
): FileVersion {
  let calls = 0;
  let retired = false;

  function closeWhenIdle(): void {
    if (!retired || calls > 0) return;
    for (const agent of agents) void agent.close();
  }

  return {
    path,
    digest,
    agents,
    error,
    hold() {
      calls += 1;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        calls -= 1;
        closeWhenIdle();
      };
    },
    retire() {
      if (retired) return;
      retired = true;
      closeWhenIdle();
    },
  };
}

/** Failures of what should have loaded the file, which may load it later. */
const TRANSIENT: ReadonlySet<string> = new Set(['unavailable', 'timeout', 'rate_limited']);

function toQuarantined(path: string, error: unknown): QuarantinedFile {
  const { code, message, details } = isPypesError(error) ? error : toPypesError(error);
  const line = numberIn(details?.line);
  const column = numberIn(details?.column);
  const where = line === undefined ? path : column === undefined ? `${path}:${line}` : `${path}:${line}:${column}`;
  return {
    filename: path,
    error: message.startsWith(`${path}:`) ? message : `${where}: ${message}`,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(code === 'unsupported' ? { code } : {}),
    ...(TRANSIENT.has(code) ? { code: 'unavailable' as const } : {}),
  };
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
