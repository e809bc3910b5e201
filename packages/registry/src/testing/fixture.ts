// A registry with its keys, its clock and a mirror that can lie, for tests.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRegistryClient, type RegistryClientOptions } from '../client/client.ts';
import type { Fetch } from '../http/download.ts';
import { createSigningKey, type SigningKey } from '../keys/key.ts';
import { initRepository } from '../repository/init.ts';
import type { Repository } from '../repository/layout.ts';
import { newFolder } from './folders.ts';

export const URL_OF_TESTS = 'https://registry.test/skills/';
const DAY_MS = 86_400_000;

/** What a mirror answers in place of the truth; undefined: the truth, null: 404. */
export type Lie = (
  path: string,
) => Promise<Response | Buffer | null | undefined> | Response | Buffer | null | undefined;

export type Fixture = Awaited<ReturnType<typeof createFixture>>;

/** A registry with three root keys (two must sign) and one key for each other role. */
export async function createFixture() {
  let time = Date.parse('2026-06-01T00:00:00Z');
  const key = createSigningKey;
  const keys = { root: [key(), key(), key()], targets: key(), snapshot: key(), timestamp: key() };
  const repository: Repository = { folder: newFolder(), now: () => time };
  const one = (only: SigningKey) => ({ keys: [only], threshold: 1 });
  const all: readonly SigningKey[] = [...keys.root, keys.targets, keys.snapshot, keys.timestamp];
  const trustedRoot = await initRepository(
    repository,
    {
      root: { keys: keys.root, threshold: 2 },
      targets: one(keys.targets),
      snapshot: one(keys.snapshot),
      timestamp: one(keys.timestamp),
    },
    all,
  );
  return {
    repository,
    keys,
    /** Every key of the top-level roles. */
    all,
    /** The keys that a publishing machine has: no root. */
    online: [keys.targets, keys.snapshot, keys.timestamp] as readonly SigningKey[],
    trustedRoot,
    passDays: (days: number) => {
      time += days * DAY_MS;
    },
    createClient: (options: Partial<RegistryClientOptions> = {}) =>
      createRegistryClient({
        url: URL_OF_TESTS,
        cacheFolder: newFolder(),
        trustedRoot,
        fetch: fetchFrom(repository.folder),
        now: () => time,
        ...options,
      }),
  };
}

/** Serves a folder, as a static file server does, and lies where it is told to. */
export function fetchFrom(folder: string, lie: Lie = () => undefined): Fetch {
  return async (url) => {
    const path = decodeURIComponent(url.slice(URL_OF_TESTS.length));
    const told = await lie(path);
    if (told instanceof Response) return told;
    if (told === null) return new Response('no', { status: 404 });
    if (told !== undefined) return new Response(new Uint8Array(told));
    try {
      return new Response(new Uint8Array(await readFile(join(folder, path))));
    } catch {
      return new Response('no', { status: 404 });
    }
  };
}
