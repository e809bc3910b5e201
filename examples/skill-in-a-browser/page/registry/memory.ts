// What this browser has accepted of a registry before, so that nobody shows it an older state.
import { toDigest } from './bytes.ts';

/** Versions that were accepted; `keys` tells under which keys of timestamp and snapshot. */
export type Accepted = {
  readonly root: number;
  readonly keys: string;
  readonly timestamp: number;
  /** By file, as the snapshot lists them; with `snapshot.json` itself. */
  readonly files: { readonly [file: string]: number };
};

export type Memory = {
  readonly accepted: Accepted | undefined;
  readonly accept: (accepted: Accepted) => void;
};

/** The memory of one registry under one trust root: what another one taught never counts for it. */
export async function openMemory(storage: Storage, url: string, trustedRoot: Uint8Array): Promise<Memory> {
  const own = new TextEncoder().encode(`${url}\n${trustedRoot.toHex()}`);
  const key = `registry ${await toDigest(own)}`;
  const text = storage.getItem(key);
  return {
    accepted: text === null ? undefined : (JSON.parse(text) as Accepted),
    accept: (accepted) => storage.setItem(key, JSON.stringify(accepted)),
  };
}
