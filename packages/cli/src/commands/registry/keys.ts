// The keys of a publisher on the command line: files in one folder, and the environment for a passphrase.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import { createSigningKey, type PublicKey, parsePublicKey, readKey, type SigningKey, writeKey } from '@pypes/registry';

const ENDING = '.key';

/** Under this passphrase key files are written and read, where it is set. */
const passphrase = () => process.env.PYPES_KEY_PASSPHRASE;

/** Every key in a folder. @throws PypesError `not_found` where there is none */
export async function readKeys(folder: string): Promise<readonly SigningKey[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(ENDING)).sort();
  if (files.length === 0) {
    throw new PypesError('not_found', `The folder "${folder}" holds no key (*${ENDING}); name another one with --keys`);
  }
  return Promise.all(files.map((name) => readKey(join(folder, name), passphrase())));
}

/** Makes a key: `<name>.key` for its owner, `<name>.pub` for everybody. */
export async function makeKey(folder: string, name: string): Promise<SigningKey> {
  const key = createSigningKey();
  await writeKey(join(folder, `${name}${ENDING}`), key, passphrase());
  await writeFile(join(folder, `${name}.pub`), `${key.publicKey}\n`);
  return key;
}

/** The public half: of a `.pub` file, of a key file, or the hex digits themselves. */
export async function readPublicKey(text: string): Promise<PublicKey> {
  if (/^[0-9a-f]{64}$/i.test(text)) return parsePublicKey(text);
  let content: string;
  try {
    content = await readFile(text, 'utf8');
  } catch (cause) {
    throw new PypesError('not_found', `There is no public key at "${text}"`, { cause });
  }
  const known = /"publicKey"\s*:\s*"([0-9a-f]{64})"/i.exec(content)?.[1];
  return parsePublicKey(known ?? content);
}
