// Sealed secrets on a disk: one file, vault/secrets.json, for the operator alone; replaced as a whole.
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type SealedSecret, type SecretStore } from '@pypes/contract';
import { makeFolder } from './atomic.ts';
import { createJsonFile } from './json-file.ts';
import { withLock } from './lock.ts';
import { createQueue } from './queue.ts';

type SecretFile = { readonly version: 1; readonly secrets: readonly SealedSecret[] };

/** Options of the store. */
export type SecretStoreOptions = {
  /** Told when the file could be read by others, which was repaired if the system let us. */
  readonly onExposed?: (path: string, repaired: boolean) => void;
};

/** The secrets in `<root>/vault/secrets.json`. */
export function createFilesystemSecretStore(root: string, options: SecretStoreOptions = {}): SecretStore {
  const folder = join(root, 'vault');
  const path = join(folder, 'secrets.json');
  const file = createJsonFile(path, 'the vault', parseSecrets);
  const inTurn = createQueue();

  async function list(): Promise<readonly SealedSecret[]> {
    closeToOthers(path, options.onExposed);
    return (await file.read())?.secrets ?? [];
  }

  return {
    list,
    async get(name, tenant) {
      return (await list()).find((secret) => secret.name === name && secret.tenant === tenant);
    },
    replace: (change) =>
      inTurn(path, async () => {
        await makeFolder(folder);
        await withLock(`${path}.lock`, async () => {
          const before = await list();
          const secrets = change(before);
          if (secrets !== before) await file.write({ version: 1, secrets });
        });
      }),
  };
}

const OTHERS = 0o077;

/** What lies there is sealed, but its names and its ciphertexts are nobody else's business. */
function closeToOthers(path: string, onExposed: SecretStoreOptions['onExposed']): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & OTHERS) === 0) return;
  let repaired = false;
  try {
    chmodSync(path, 0o600);
    repaired = ((statSync(path).mode ?? 0) & OTHERS) === 0;
  } catch {
    // Not our file, or a disk without permissions: said below.
  }
  onExposed?.(path, repaired);
}

const TYPES: ReadonlySet<unknown> = new Set(['api_key', 'login', 'oauth', 'cookie', 'ssh']);
const TEXTS = ['name', 'created_at', 'updated_at', 'key_id', 'nonce', 'ciphertext'];

function parseSecrets(value: unknown): SecretFile {
  if (!isJsonObject(value) || value.version !== 1 || !Array.isArray(value.secrets)) {
    throw new Error('it is no vault of version 1');
  }
  for (const secret of value.secrets as readonly unknown[]) {
    const isSecret = isJsonObject(secret) && TYPES.has(secret.type);
    if (!isSecret || !TEXTS.every((key) => typeof secret[key] === 'string')) throw new Error('a secret is incomplete');
    const { tenant } = secret;
    if (tenant !== undefined && (typeof tenant !== 'string' || tenant === '')) throw new Error('a tenant has no name');
  }
  return value as unknown as SecretFile;
}
