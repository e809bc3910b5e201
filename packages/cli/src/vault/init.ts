// A first key for the vault: written to a file, or how to keep it elsewhere.
import { PypesError } from '@pypes/contract';
import { createVaultKey } from '@pypes/host';
import { findVaultKey, vaultKeyPath } from '@pypes/service/vault-key';
import { newKeyMaterial, writeKeyFile } from './key-file.ts';
import { openVault } from './open.ts';

/** Where a key can be kept. */
export const KEY_PLACES = ['file', 'environment', 'keyring'] as const;

const ADVICE: { readonly [place: string]: readonly string[] } = {
  environment: [
    'export PYPES_VAULT_KEY="$(openssl rand -base64 32)"',
    'Keep the key where you keep secrets of services; PYPES_VAULT_KEY_FILE names a file instead (mode 0400).',
  ],
  keyring: [
    'openssl rand -base64 32 | secret-tool store --label="Pypes vault" service pypes    # Linux, libsecret-tools',
    'security add-generic-password -s pypes -a pypes -w "$(openssl rand -base64 32)"    # macOS',
  ],
};

/** What a person does to keep the key elsewhere; undefined where this command does it itself. */
export function adviceFor(place: string): readonly string[] | undefined {
  return ADVICE[place];
}

/**
 * Writes a new key to `<root>/vault/key`.
 *
 * @throws PypesError `conflict` where there is a key already, or secrets that a new one could not open
 */
export async function initVault(root: string, env: NodeJS.ProcessEnv): Promise<{ path: string; key_id: string }> {
  const found = await findVaultKey({ root, env });
  if (found !== undefined) {
    const where = found.path === undefined ? `in the ${found.source}` : `in ${found.path}`;
    throw new PypesError('conflict', `The vault has a key already, ${where}; pypes vault rotate replaces it`);
  }
  const [secret] = await openVault(root, env).list();
  if (secret !== undefined) {
    throw new PypesError(
      'conflict',
      `The vault holds secrets that the key ${secret.key_id} sealed, a new key could not open them; give that key with PYPES_VAULT_KEY, or remove the secrets first`,
    );
  }
  const path = vaultKeyPath(root);
  const material = newKeyMaterial();
  await writeKeyFile(path, material);
  return { path, key_id: (await createVaultKey(material)).id };
}
