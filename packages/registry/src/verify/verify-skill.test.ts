// Whether bytes may load: every reason against it, and who vouches where they may.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPath, loadUrl } from '../direct/load-direct.ts';
import { type Envelope, parseEnvelope, signStatement } from '../dsse/envelope.ts';
import { toDigest } from '../encoding/digest.ts';
import { toFaultReason } from '../faults.ts';
import { createSigningKey } from '../keys/key.ts';
import { packSkill } from '../manifest/read-skill.ts';
import { newFolder } from '../testing/folders.ts';
import { EMPTY_COMPONENT, newSkill } from '../testing/skills.ts';
import { type VerifyRequest, verifySkill } from './verify-skill.ts';

const bytes = packSkill(newSkill());
const digest = toDigest(bytes);
const [key, second, stranger] = [createSigningKey(), createSigningKey(), createSigningKey()];
const good = signStatement({ digest, name: 'finance', version: '1.0.0' }, [key]);

function check(envelopes: readonly Envelope[], more: Partial<VerifyRequest> = {}, threshold = 1): string {
  try {
    const proof = { kind: 'signature', envelopes, trusted: [key, second], threshold } as const;
    return verifySkill({ bytes, proof, ...more }).signers.join();
  } catch (error) {
    return String(toFaultReason(error));
  }
}

describe('verifySkill', () => {
  it('names the signer', () => {
    expect(check([good], { expected: { name: 'finance', version: '1.0.0', digest } })).toBe(key.keyId);
  });

  it('says what is wrong', () => {
    expect(check([])).toBe('unsigned');
    expect(check([signStatement({ digest }, [stranger])])).toBe('wrong_key');
    expect(check([signStatement({ digest: toDigest('other') }, [key])])).toBe('tampered');
    expect(check([{ ...good, payload: Buffer.from(`{"digest":"${toDigest('x')}"}`).toString('base64') }])).toBe(
      'tampered',
    );
    expect(check([good], { bytes: packSkill(newSkill('finance', '1.0.0', 'evil')) })).toBe('tampered');
    expect(check([good], { expected: { digest: toDigest('x') } })).toBe('tampered');
    expect(check([good], { expected: { name: 'other' } })).toBe('wrong_software');
    expect(check([signStatement({ digest }, [key])], { expected: { version: '2.0.0' } })).toBe('wrong_software');
    expect(check([good], { revocations: [{ digest, reason: 'steals', at: '2026-01-01' }] })).toBe('revoked');
    const garbage = Buffer.from('no archive at all');
    expect(check([signStatement({ digest: toDigest(garbage) }, [key])], { bytes: garbage })).toBe('malformed');
  });

  it('counts different keys, not signatures', () => {
    const again = signStatement({ digest }, [key]);
    const twice = { ...good, signatures: [...good.signatures, ...good.signatures] };
    expect(check([good, again, twice], {}, 2)).toBe('threshold_not_met');
    expect(check([good, signStatement({ digest }, [second])], {}, 2)).toBe([key.keyId, second.keyId].join());
    expect(check([signStatement({ digest }, [stranger]), good])).toBe(key.keyId);
  });

  it('takes a signature under the id of another key for what it is', () => {
    const forged = {
      ...signStatement({ digest }, [stranger]),
      signatures: [{ keyid: key.keyId, sig: signStatement({ digest }, [stranger]).signatures[0]!.sig }],
    };
    expect(check([forged])).toBe('tampered');
  });

  it('lets nothing unsigned load but under the development flag', () => {
    expect(verifySkill({ bytes, proof: { kind: 'development' } })).toMatchObject({ signers: [], by: 'development' });
    const revocations = [{ digest, reason: 'steals', at: '2026-01-01' }];
    expect(() => verifySkill({ bytes, proof: { kind: 'development' }, revocations })).toThrow(/revoked/);
  });

  it('takes a bare component, which asks for nothing', () => {
    const proof = {
      kind: 'signature',
      envelopes: [signStatement({ digest: toDigest(EMPTY_COMPONENT) }, [key])],
      trusted: [key],
    } as const;
    expect(verifySkill({ bytes: EMPTY_COMPONENT, proof }).content.kind).toBe('component');
  });

  it('refuses files that are no envelope', () => {
    for (const text of [
      '',
      '[]',
      '{}',
      JSON.stringify({ ...good, payloadType: 'other' }),
      JSON.stringify({ ...good, signatures: [1] }),
    ]) {
      expect(() => parseEnvelope(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    }
  });
});

describe('bytes from a URL', () => {
  const serve = (files: { readonly [url: string]: Buffer | Response }) => async (url: string) => {
    const found = files[url];
    return found instanceof Response
      ? found
      : new Response(found === undefined ? 'no' : new Uint8Array(found), { status: found === undefined ? 404 : 200 });
  };
  const signature = Buffer.from(JSON.stringify(good));

  it('come with the signature beside them', async () => {
    const fetch = serve({ 'https://a.test/s.skill?v=1': bytes, 'https://a.test/s.skill.sig?v=1': signature });
    const loaded = await loadUrl(fetch, 'https://a.test/s.skill?v=1');
    expect(check(loaded.envelopes, { bytes: loaded.bytes })).toBe(key.keyId);
    const bare = await loadUrl(serve({ 'https://a.test/s.skill': bytes }), 'https://a.test/s.skill');
    expect(check(bare.envelopes, { bytes: bare.bytes })).toBe('unsigned');
  });

  it('do not come over plain http, nor without end', async () => {
    const to = (location: string) =>
      serve({ 'https://a.test/s': new Response('', { status: 302, headers: { location } }) });
    await expect(loadUrl(to('http://a.test/s'), 'https://a.test/s')).rejects.toMatchObject({
      details: { reason: 'unreachable' },
    });
    await expect(
      loadUrl(serve({ 'https://a.test/s': bytes }), 'https://a.test/s', { maxBytes: 100 }),
    ).rejects.toMatchObject({ details: { reason: 'endless' } });
    await expect(loadUrl(serve({}), 'https://a.test/s')).rejects.toMatchObject({ details: { reason: 'missing' } });
  });
});

describe('bytes from a path', () => {
  it('are a file, or a folder packed as it would be published', async () => {
    const folder = newFolder();
    for (const [path, file] of newSkill().files) writeFileSync(join(folder, path), file);
    expect((await loadPath(folder)).bytes.equals(bytes)).toBe(true);
    const file = join(newFolder(), 'a.skill');
    writeFileSync(file, bytes);
    writeFileSync(`${file}.sig`, JSON.stringify(good));
    expect(check((await loadPath(file)).envelopes)).toBe(key.keyId);
    await expect(loadPath(join(folder, 'none'))).rejects.toMatchObject({ details: { reason: 'missing' } });
  });
});
