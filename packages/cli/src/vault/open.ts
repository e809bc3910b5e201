// The vault of a root, with the key that this machine has for it.
import { createVault, type OperatorVault } from '@pypes/host';
import { createVaultKeys } from '@pypes/service/vault-key';
import { createFilesystemSecretStore } from '@pypes/stores/filesystem';

export function openVault(root: string, env: NodeJS.ProcessEnv = process.env): OperatorVault {
  const store = createFilesystemSecretStore(root, {
    onExposed: (path, repaired) =>
      console.error(
        `The vault ${path} could be read by others${repaired ? ' and is closed now' : `; close it with: chmod 600 "${path}"`}`,
      ),
  });
  return createVault({ store, keys: createVaultKeys({ root, env }) });
}
