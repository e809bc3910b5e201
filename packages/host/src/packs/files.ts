// Where the files of a pack come from: an operator's folder, which changes, or a stored version, which does not.
import { type AgentFolder, type FolderEntry, PypesError, type StoredPack } from '@pypes/contract';

/** The files of one pack. */
export interface PackFiles {
  /** Whether the operator put them there: full power, and executables count. */
  readonly trusted: boolean;
  /** With paths, only those files and what is known to have changed are looked at again. */
  list(paths?: readonly string[]): Promise<readonly FolderEntry[]>;
  read(path: string): Promise<Uint8Array | undefined>;
  /** Whether anything may have changed since the last `list`; `path` names the file that matters most. */
  changed(path?: string): boolean;
  /** Where a file lies on this machine, if it does. */
  locate(path: string): string | undefined;
  close(): void;
}

/** The files of an operator's folder. */
export function filesOfFolder(folder: AgentFolder): PackFiles {
  return {
    trusted: true,
    list: (paths) => folder.scan(paths),
    read: (path) => folder.read(path),
    changed: (path) => folder.changed(path),
    locate: (path) => `${folder.location}/${path}`,
    close: () => folder.close(),
  };
}

/** The files of one stored version of a pack. */
export function filesOfStoredPack(pack: StoredPack, trusted: boolean): PackFiles {
  const { refused } = pack;
  if (refused !== undefined) return filesOfRefusedPack(refused, pack.revision);
  const bytes = new Map(pack.files.map((file) => [file.filename, file.bytes]));
  const entries = pack.files
    .map(({ filename, bytes: { length } }) => ({
      path: filename,
      stamp: pack.revision,
      executable: false,
      bytes: length,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    trusted,
    list: async () => entries,
    read: async (path) => bytes.get(path),
    changed: () => false,
    locate: (path) => (pack.location === undefined ? undefined : `${pack.location}/${path}`),
    close: () => undefined,
  };
}

/** One file that cannot be read, so that whoever lists the pack is told why. */
function filesOfRefusedPack({ filename, error }: NonNullable<StoredPack['refused']>, revision: string): PackFiles {
  return {
    trusted: false,
    list: async () => [{ path: filename, stamp: revision, executable: false, bytes: 0 }],
    read: () => Promise.reject(new PypesError('agent_broken', error, { details: { file: filename } })),
    changed: () => false,
    locate: () => undefined,
    close: () => undefined,
  };
}
