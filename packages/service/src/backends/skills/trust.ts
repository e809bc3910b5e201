// Whom this machine believes: one registry with its trust root, and keys of publishers for skills from elsewhere.
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PypesError } from '@pypes/contract';
import { createRegistryClient, type PublicKey, parsePublicKey, type RegistryClient } from '@pypes/registry';
import type { SkillPlaces } from './paths.ts';

/** A registry that is trusted. */
export type TrustedRegistry = { readonly url: string; readonly root: Uint8Array };

type RegistryFile = { readonly url: string; readonly root: string };

/** Undefined where none is configured. @throws PypesError `unavailable` where the file cannot be read */
export async function readRegistry({ registry }: SkillPlaces): Promise<TrustedRegistry | undefined> {
  try {
    const { url, root } = JSON.parse(await readFile(registry, 'utf8')) as RegistryFile;
    return { url, root: Buffer.from(root, 'base64') };
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw new PypesError('unavailable', `The file ${registry} cannot be read; run pypes registry trust again`, {
      cause: error,
    });
  }
}

/** Trusts a registry from now on, in the place of another one. */
export async function trustRegistry(places: SkillPlaces, { url, root }: TrustedRegistry): Promise<void> {
  await mkdir(dirname(places.registry), { recursive: true, mode: 0o700 });
  const text = JSON.stringify({ url, root: Buffer.from(root).toString('base64') } satisfies RegistryFile);
  const temporary = `${places.registry}.${process.pid}.tmp`;
  await writeFile(temporary, `${text}\n`, { mode: 0o600 });
  await rename(temporary, places.registry);
}

/** A client of the configured registry. @throws PypesError `unavailable` where there is none */
export async function openRegistry(places: SkillPlaces, { offline = false } = {}): Promise<RegistryClient> {
  const registry = await readRegistry(places);
  if (registry === undefined) {
    throw new PypesError(
      'unavailable',
      'No registry is configured; trust one with: pypes registry trust URL --trust-root 1.root.json',
    );
  }
  return createRegistryClient({
    url: registry.url,
    cacheFolder: places.cache,
    trustedRoot: registry.root,
    fetch: (url, init) => fetch(url, init),
    offline,
  });
}

/** Keys that were trusted by name: `<name>.pub` files. */
export async function readTrustedKeys({ keys }: SkillPlaces): Promise<readonly PublicKey[]> {
  const names = await readdir(keys).catch(() => []);
  const files = names.filter((name) => name.endsWith('.pub')).sort();
  return Promise.all(files.map(async (name) => parsePublicKey(await readFile(join(keys, name), 'utf8'))));
}
