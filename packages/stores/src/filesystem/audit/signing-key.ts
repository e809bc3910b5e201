// The key that signs the audit log of a machine: made once, readable by its account alone.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Signs texts. */
export type Signer = { readonly publicKey: string; readonly sign: (text: string) => string };

/** The key of a folder of audit logs, which has to be there. */
export function loadSigner(folder: string): Signer {
  const path = join(folder, 'signing.key');
  const key = read(path) ?? make(path);
  return {
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  };
}

function read(path: string): KeyObject | undefined {
  try {
    return createPrivateKey(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Appears whole or not at all, and never over another one. */
function make(path: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  const temporary = `${path}.${randomUUID()}.tmp`;
  writeFileSync(temporary, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flush: true });
  try {
    linkSync(temporary, path);
    return privateKey;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
    return createPrivateKey(readFileSync(path, 'utf8'));
  } finally {
    rmSync(temporary, { force: true });
  }
}
