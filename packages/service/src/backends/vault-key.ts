// Where the operator's key to the vault comes from: the environment, a file, or the keyring of the system.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import type { VaultKeys } from '@pypes/host';
import { readPrivateFile } from './private-file.ts';

/** Where to look. */
export type VaultKeyPlaces = {
  readonly root: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly platform?: NodeJS.Platform;
};

/** A key as it was found, not yet checked. */
export type FoundVaultKey = {
  readonly material: string;
  readonly source: 'environment' | 'file' | 'keyring';
  /** The file, where it is one. */
  readonly path?: string;
  /** The key that a rotation of the file was about to put in its place when it was interrupted. */
  readonly next?: string;
};

/** Where `pypes vault init` writes the key. */
export function vaultKeyPath(root: string): string {
  return join(root, 'vault', 'key');
}

/** Where the next key lies while the vault is re-sealed with it. */
export function nextKeyPath(path: string): string {
  return `${path}.next`;
}

/**
 * The key: `PYPES_VAULT_KEY`, else the file that `PYPES_VAULT_KEY_FILE` names, else `<root>/vault/key`, else what the
 * system's keyring holds for the service `pypes`.
 *
 * @throws PypesError `unavailable` where a key file can be read by others, or is named and not there
 */
export async function findVaultKey({
  root,
  env,
  platform = process.platform,
}: VaultKeyPlaces): Promise<FoundVaultKey | undefined> {
  if (isSet(env.PYPES_VAULT_KEY)) return { material: env.PYPES_VAULT_KEY, source: 'environment' };
  if (isSet(env.PYPES_VAULT_KEY_FILE)) {
    const found = await findFile(env.PYPES_VAULT_KEY_FILE);
    if (found !== undefined) return found;
    throw new PypesError(
      'unavailable',
      `The file "${env.PYPES_VAULT_KEY_FILE}" that PYPES_VAULT_KEY_FILE names does not exist`,
    );
  }
  return (await findFile(vaultKeyPath(root))) ?? findInKeyring(env, platform);
}

/** The keys for a vault; looked for anew each time, so that a rotation is noticed. */
export function createVaultKeys(places: VaultKeyPlaces): VaultKeys {
  return {
    async find() {
      const found = await findVaultKey(places);
      if (found === undefined) return [];
      return found.next === undefined ? [found.material] : [found.material, found.next];
    },
  };
}

async function findFile(path: string): Promise<FoundVaultKey | undefined> {
  const material = await readPrivate(path);
  if (material === undefined) return undefined;
  const next = await readPrivate(nextKeyPath(path));
  return { material, source: 'file', path, ...(next === undefined ? {} : { next }) };
}

function readPrivate(path: string): Promise<string | undefined> {
  return readPrivateFile(path, "vault's key");
}

const KEYRINGS: { readonly [platform: string]: readonly [tool: string, ...args: string[]] } = {
  linux: ['secret-tool', 'lookup', 'service', 'pypes'],
  darwin: ['security', 'find-generic-password', '-s', 'pypes', '-w'],
};
const KEYRING_MS = 2_000;

/** A keyring that is not there, is locked, or takes too long has no key. */
function findInKeyring(env: VaultKeyPlaces['env'], platform: NodeJS.Platform): Promise<FoundVaultKey | undefined> {
  const [tool, ...args] = KEYRINGS[platform] ?? [];
  if (tool === undefined) return Promise.resolve(undefined);
  return new Promise((found) => {
    const options = { env: env as NodeJS.ProcessEnv, timeout: KEYRING_MS, killSignal: 'SIGKILL' as const };
    execFile(tool, args, options, (error, stdout) => {
      const material = stdout.trim();
      found(error !== null || material === '' ? undefined : { material, source: 'keyring' });
    });
  });
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
