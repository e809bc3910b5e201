// Keys and key files: ids as TUF has them, secrets for their owner only.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Key } from '@tufjs/models';
import { describe, expect, it } from 'vitest';
import { toCanonicalJson } from '../encoding/canonical.ts';
import { toDigest } from '../encoding/digest.ts';
import { newFolder } from '../testing/folders.ts';
import { createSigningKey, isSignedBy, parsePublicKey, toTufKey } from './key.ts';
import { readKey, writeKey } from './key-file.ts';

describe('a key', () => {
  it('has the id that TUF computes: the SHA-256 of the canonical JSON of the key object', () => {
    // The first root key of the TUF specification's own example (4.3); its id was made when key objects had one more field.
    const key = parsePublicKey('edcd0a32a07dce33f7c7873aaffbff36d20ea30787574ead335eefd337e4dacd');
    const old = toCanonicalJson({ ...toTufKey(key), keyid_hash_algorithms: ['sha256', 'sha512'] });
    expect(toDigest(old)).toBe('sha256:59a4df8af818e9ed7abe0764c0b47b4240952aa0d179b5b78346c470ac30278d');
    expect(toDigest(toCanonicalJson(toTufKey(key)))).toBe(`sha256:${key.keyId}`);
    expect(Key.fromJSON(key.keyId, { ...toTufKey(key) }).keyVal.public).toBe(key.publicKey);
  });

  it('signs what its public half accepts, and nothing else', () => {
    const [key, other] = [createSigningKey(), createSigningKey()];
    const signature = key.sign(Buffer.from('a'));
    expect(isSignedBy(parsePublicKey(key.publicKey), Buffer.from('a'), signature)).toBe(true);
    expect(isSignedBy(key, Buffer.from('b'), signature)).toBe(false);
    expect(isSignedBy(other, Buffer.from('a'), signature)).toBe(false);
    expect(isSignedBy(key, Buffer.from('a'), Buffer.from('short'))).toBe(false);
    expect(JSON.stringify(key)).not.toContain('PRIVATE');
    for (const text of ['', 'ab', `${'g'.repeat(64)}`]) expect(() => parsePublicKey(text)).toThrow(/public key/);
  });
});

describe('a key file', () => {
  it('is for its owner only, and is never overwritten', async () => {
    const path = join(newFolder(), 'deep', 'key.json');
    const key = createSigningKey();
    await writeKey(path, key);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await readKey(path)).keyId).toBe(key.keyId);
    await expect(writeKey(path, createSigningKey())).rejects.toMatchObject({ code: 'conflict' });
    expect((await readKey(path)).keyId).toBe(key.keyId);
  });

  it('opens with its passphrase only', async () => {
    const path = join(newFolder(), 'key.json');
    const key = createSigningKey();
    await writeKey(path, key, 'pässword');
    expect(readFileSync(path, 'utf8')).not.toContain('"secret"');
    expect((await readKey(path, 'pa\u0308ssword')).keyId).toBe(key.keyId);
    for (const wrong of ['x', undefined])
      await expect(readKey(path, wrong)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is refused where it was changed or is none', async () => {
    const folder = newFolder();
    const path = join(folder, 'key.json');
    await writeKey(path, createSigningKey(), 'p');
    const file = JSON.parse(readFileSync(path, 'utf8'));
    const cases: [object | string, string][] = [
      [{ ...file, keyId: 'ab'.repeat(32) }, 'forbidden'],
      [{ ...file, sealed: { ...file.sealed, n: 16_384 } }, 'forbidden'],
      [{ ...file, sealed: { ...file.sealed, n: 2 ** 30 } }, 'invalid_request'],
      [{ ...file, sealed: { ...file.sealed, tag: '' } }, 'forbidden'],
      [{ ...file, format: 'other' }, 'invalid_request'],
      ['no json', 'invalid_request'],
    ];
    for (const [index, [content, code]] of cases.entries()) {
      const changed = join(folder, `${index}.json`);
      writeFileSync(changed, typeof content === 'string' ? content : JSON.stringify(content));
      await expect(readKey(changed, 'p')).rejects.toMatchObject({ code });
    }
    await expect(readKey(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'not_found' });
  });
});
