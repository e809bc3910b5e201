// Files of other hosts, loaded once and kept for their next calls: bounded in number and in bytes.
import { type Json, type Limits, type LoadedAgent, PypesError, type Runtime } from '@pypes/contract';
import { decodeBase64, type RemoteFile, smallerLimits } from '@pypes/contract/remote';

/** A file that cannot be closed before it is released. */
export type OpenFile = { readonly agents: readonly LoadedAgent[]; readonly release: () => void };

export interface RemoteFiles {
  /**
   * `unknown`: it has to come with its contents.
   *
   * @throws PypesError `unsupported` where no runtime has the language, `digest_mismatch`, `too_large`, `agent_broken`
   */
  open(file: RemoteFile, limits: Json): Promise<OpenFile | 'unknown'>;
  close(): Promise<void>;
}

export type RemoteFilesOptions = {
  readonly runtimes: readonly Runtime[];
  readonly limits: Limits;
  readonly mostFiles: number;
  readonly mostBytes: number;
};

type Entry = {
  readonly agents: Promise<readonly LoadedAgent[]>;
  readonly bytes: number;
  holds: number;
  isKept: boolean;
};

export function createRemoteFiles({ runtimes, limits, mostFiles, mostBytes }: RemoteFilesOptions): RemoteFiles {
  /** The one that was used last is the last. */
  const entries = new Map<string, Entry>();
  let bytes = 0;

  function hold(key: string, entry: Entry): void {
    entry.holds += 1;
    entries.delete(key);
    entries.set(key, entry);
  }

  function drop(key: string, entry: Entry): void {
    if (!entry.isKept) return;
    entry.isKept = false;
    entries.delete(key);
    bytes -= entry.bytes;
    closeUnused(entry);
  }

  function makeRoom(): void {
    for (const [key, entry] of entries) {
      if (entries.size <= mostFiles && bytes <= mostBytes) return;
      if (entry.holds === 0) drop(key, entry);
    }
  }

  async function load(file: RemoteFile, key: string, runtime: Runtime, both: Limits): Promise<Entry> {
    const contents = await decode(file, both);
    const known = entries.get(key);
    // It arrived twice at once.
    if (known !== undefined) return known;
    const source = {
      filename: file.filename,
      path: file.path,
      packGuid: file.packGuid,
      digest: file.digest,
      bytes: contents.get(file.filename) as Uint8Array,
      sibling: async (name: string) => (name === file.filename ? undefined : contents.get(name)),
    };
    const size = [...contents.values()].reduce((sum, each) => sum + each.length, 0);
    const entry = { agents: runtime.load(source, both), bytes: size, holds: 0, isKept: true };
    entries.set(key, entry);
    bytes += size;
    return entry;
  }

  return {
    async open(file, theirs) {
      const runtime = runtimeFor(file.filename, runtimes);
      const both = smallerLimits(limits, theirs);
      const { filename, path, packGuid, digest, siblings } = file;
      const key = JSON.stringify([filename, path, packGuid, digest, siblings, both]);
      const known = entries.get(key);
      if (known === undefined && file.contents === undefined) return 'unknown';
      const entry = known ?? (await load(file, key, runtime, both));
      hold(key, entry);
      let held = true;
      const release = () => {
        if (!held) return;
        held = false;
        entry.holds -= 1;
        closeUnused(entry);
        makeRoom();
      };
      try {
        const agents = await entry.agents;
        makeRoom();
        return { agents, release };
      } catch (error) {
        drop(key, entry);
        release();
        throw error;
      }
    },
    async close() {
      for (const [key, entry] of [...entries]) drop(key, entry);
    },
  };
}

function runtimeFor(filename: string, runtimes: readonly Runtime[]): Runtime {
  const lower = filename.toLowerCase();
  const found = runtimes.find(({ extensions }) => extensions.some((ending) => lower.endsWith(ending)));
  if (found !== undefined) return found;
  const languages = runtimes.map(({ name }) => name);
  const here = languages.length === 0 ? 'no language' : languages.join(', ');
  throw new PypesError('unsupported', `No sandbox here runs "${filename}"; there is one for ${here}`, {
    details: { languages },
  });
}

async function decode(file: RemoteFile, limits: Limits): Promise<ReadonlyMap<string, Uint8Array>> {
  const wanted = { ...file.siblings, [file.filename]: file.digest };
  const decoded = new Map<string, Uint8Array>();
  for (const [name, digest] of Object.entries(wanted)) {
    const text = file.contents?.[name];
    const bytes = text === undefined ? undefined : decodeBase64(text);
    if (bytes === undefined) throw new PypesError('invalid_request', `The contents of "${name}" are missing`);
    const most = name.toLowerCase().endsWith('.wasm') ? limits.componentBytes : limits.fileBytes;
    if (bytes.length > most) {
      throw new PypesError('too_large', `"${name}" has ${bytes.length} bytes, at most ${most} are let in`);
    }
    if ((await digestOf(bytes)) !== digest) {
      throw new PypesError('digest_mismatch', `The contents of "${name}" do not have the digest ${digest}`);
    }
    decoded.set(name, bytes);
  }
  return decoded;
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function closeUnused(entry: Entry): void {
  if (entry.isKept || entry.holds > 0) return;
  // One that could not be loaded has nothing to close.
  entry.agents.then(
    (agents) => agents.map((agent) => agent.close()),
    () => undefined,
  );
}
