// Sealed secrets in a list.
import type { SealedSecret, SecretStore } from '@pypes/contract';

/** A secret store without a disk. */
export function createMemorySecretStore(): SecretStore {
  let secrets: readonly SealedSecret[] = [];
  return {
    async list() {
      return secrets;
    },
    async get(name, tenant) {
      return secrets.find((secret) => secret.name === name && secret.tenant === tenant);
    },
    async replace(change) {
      secrets = [...change(secrets)];
    },
  };
}
