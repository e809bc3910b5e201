// Gives the vault a new key. Killed at any moment, it leaves secrets that one of the keys at hand opens.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import { createVaultKey } from '@pypes/host';
import { type FoundVaultKey, findVaultKey, nextKeyPath } from '@pypes/service/vault-key';
import { withLock } from '@pypes/stores/filesystem';
import { newKeyMaterial, replaceKeyFile, sweepKeyFiles, writeKeyFile } from './key-file.ts';
import { openVault } from './open.ts';

/** What a rotation did. */
export type Rotation = {
  readonly secrets: number;
  readonly key_id: string;
  readonly source: FoundVaultKey['source'];
  /** The key was replaced where it lies; else its owner has to. */
  readonly replaced: boolean;
};

/**
 * Rotates. A key in a file is replaced there: the next one is written beside it first, so that there is no moment at
 * which the key of the secrets is nowhere. A key from elsewhere is the operator's to replace, who gives the new one.
 */
export async function rotateVault(root: string, env: NodeJS.ProcessEnv): Promise<Rotation> {
  const found = await findVaultKey({ root, env });
  if (found === undefined) {
    throw new PypesError('unavailable', 'The vault has no key; make one with pypes vault init, or set PYPES_VAULT_KEY');
  }
  const given = env.PYPES_VAULT_NEW_KEY?.trim() || undefined;
  const { path, source } = found;
  if (path === undefined) {
    if (given === undefined) {
      throw new PypesError(
        'invalid_request',
        `The key comes from the ${source}: make a new one (openssl rand -base64 32), keep it, and run this again with it in PYPES_VAULT_NEW_KEY; afterwards put it in the ${source}`,
      );
    }
    return { ...(await openVault(root, env).rotate(given)), source, replaced: false };
  }
  await mkdir(join(root, 'vault'), { recursive: true, mode: 0o700 });
  return withLock(join(root, 'vault', 'rotate.lock'), async () => {
    await sweepKeyFiles(nextKeyPath(path));
    await settle(root, path, env);
    const material = given ?? newKeyMaterial();
    // Whatever is no key fails here, before anything is written.
    await createVaultKey(material);
    await writeKeyFile(nextKeyPath(path), material);
    try {
      const rotated = await openVault(root, env).rotate(material);
      await replaceKeyFile(path, nextKeyPath(path));
      return { ...rotated, source, replaced: true };
    } catch (error) {
      await settle(root, path, env);
      throw error;
    }
  });
}

/** Ends what an interrupted rotation began: the next key is put in place where it sealed the secrets, else dropped. */
async function settle(root: string, path: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { next } = (await findVaultKey({ root, env })) ?? {};
  if (next === undefined) return;
  const secrets = await openVault(root, env).list();
  const nextId = await createVaultKey(next).then(
    (key) => key.id,
    () => undefined,
  );
  if (secrets.some(({ key_id }) => key_id === nextId)) await replaceKeyFile(path, nextKeyPath(path));
  else await rm(nextKeyPath(path), { force: true });
}
