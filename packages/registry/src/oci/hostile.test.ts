// OCI registries that lie, leak, or never end, and token services that are not theirs.
import { describe, expect, it } from 'vitest';
import { toDigest } from '../encoding/digest.ts';
import type { Fetch } from '../http/download.ts';
import { createSigningKey } from '../keys/key.ts';
import { type OciSource, parseSource } from '../sources/source.ts';
import { EMPTY_COMPONENT, newComponentSkill } from '../testing/skills.ts';
import { parseChallenge } from './auth.ts';
import { pullArtifact } from './pull.ts';
import { pushSkill } from './push.ts';

const HOST = 'registry.example.com';
const SOURCE = parseSource(`oci://${HOST}/acme/prices:1`) as OciSource;
const CONFIG = Buffer.from('{}');
const describeBlob = (mediaType: string, bytes: Uint8Array) => ({
  mediaType,
  digest: toDigest(bytes),
  size: bytes.length,
});
const WASM = describeBlob('application/wasm', EMPTY_COMPONENT);
const POLICY = Buffer.from('version: "1.0"');

type Answer = Response | undefined | Promise<Response | undefined>;
type Seen = { url: string; authorization: string | null };

/** A registry in memory: manifests by reference, blobs by digest, and answers that come before the truth. */
function serve(manifest: object | Buffer, before: (url: URL, init: RequestInit) => Answer = () => undefined) {
  const seen: Seen[] = [];
  const bytes = Buffer.isBuffer(manifest) ? manifest : Buffer.from(JSON.stringify(manifest));
  const blobs = new Map([EMPTY_COMPONENT, CONFIG, POLICY].map((blob) => [toDigest(blob), blob]));
  const fetch: Fetch = async (text, init = {}) => {
    const url = new URL(text);
    seen.push({ url: text, authorization: new Headers(init.headers).get('authorization') });
    const told = await before(url, init);
    if (told !== undefined) return told;
    if (url.pathname.endsWith('/manifests/1')) return new Response(new Uint8Array(bytes));
    const blob = blobs.get(url.pathname.split('/').at(-1) as `sha256:${string}`);
    return blob === undefined ? new Response('no', { status: 404 }) : new Response(new Uint8Array(blob));
  };
  return { fetch, seen };
}

const GOOD = { schemaVersion: 2, config: describeBlob('application/x', CONFIG), layers: [WASM] };
const refuses = (promise: Promise<unknown>, reason: string) =>
  expect(promise).rejects.toMatchObject({ details: { reason } });
const pull = (manifest: object | Buffer, before?: (url: URL, init: RequestInit) => Answer) =>
  pullArtifact(SOURCE, { fetch: serve(manifest, before).fetch, limits: { idleMs: 200, totalMs: 1_000 } });

describe('a manifest', () => {
  it('with policy and unknown layers gives the component, the policies, and the names of what was skipped', async () => {
    const layers = [
      describeBlob('application/vnd.wasm.policy.v1+yaml', POLICY),
      WASM,
      describeBlob('text/plain', CONFIG),
    ];
    const pulled = await pull({ ...GOOD, layers });
    expect(pulled).toMatchObject({ policies: ['version: "1.0"'], skipped: ['text/plain'], envelopes: [] });
    expect(pulled.bytes.equals(EMPTY_COMPONENT)).toBe(true);
  });

  const bad: { readonly [what: string]: object | Buffer } = {
    'no JSON': Buffer.from('<html>'),
    'an index': { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] },
    'of another type': { ...GOOD, mediaType: 'application/vnd.docker.distribution.manifest.v1+json' },
    'without a wasm layer': { ...GOOD, layers: [describeBlob('text/plain', CONFIG)] },
    'with two wasm layers': { ...GOOD, layers: [WASM, WASM] },
    'with a broken digest': { ...GOOD, layers: [{ ...WASM, digest: 'sha256:../../x' }] },
    'with a negative size': { ...GOOD, layers: [{ ...WASM, size: -1 }] },
    'without a config': { ...GOOD, config: undefined },
  };
  for (const [what, manifest] of Object.entries(bad)) {
    it(`that is ${what} is refused`, () => refuses(pull(manifest), 'malformed'));
  }

  it('that does not fit the digest that was asked for is refused', async () => {
    const source = parseSource(`oci://${HOST}/acme/prices@${toDigest('other')}`) as OciSource;
    const { fetch } = serve(GOOD, (url) =>
      url.pathname.includes('/manifests/') ? new Response(JSON.stringify(GOOD)) : undefined,
    );
    await refuses(pullArtifact(source, { fetch }), 'tampered');
  });

  it('whose config lists another layer is refused', async () => {
    const config = Buffer.from(JSON.stringify({ layerDigests: [toDigest('other')] }));
    const manifest = { ...GOOD, config: describeBlob('application/vnd.wasm.config.v0+json', config) };
    const before = (url: URL) => (url.pathname.endsWith(toDigest(config)) ? new Response(config) : undefined);
    await refuses(pull(manifest, before), 'mixed');
  });
});

describe('a blob', () => {
  const blob = (answer: () => Response) => (url: URL) => (url.pathname.endsWith(WASM.digest) ? answer() : undefined);
  const forever = () => new ReadableStream({ pull: (control) => control.enqueue(new Uint8Array(4096)) });

  it('with other bytes is refused', () =>
    refuses(
      pull(
        GOOD,
        blob(() => new Response('evilevil')),
      ),
      'tampered',
    ));
  it('that is too short is refused', () =>
    refuses(
      pull(
        GOOD,
        blob(() => new Response('evil')),
      ),
      'tampered',
    ));
  it('that goes on is refused', () =>
    refuses(
      pull(
        GOOD,
        blob(() => new Response(forever())),
      ),
      'endless',
    ));
  it('that is larger than allowed is not asked for', () =>
    refuses(pull({ ...GOOD, layers: [{ ...WASM, size: 2 ** 40 }] }), 'too_large'));
  it('that never comes is given up', () =>
    refuses(
      pull(GOOD, (url) => (url.pathname.endsWith(WASM.digest) ? new Promise(() => undefined) : undefined)),
      'too_slow',
    ));
});

describe('credentials', () => {
  const credentials = { username: 'ann', password: 'secret' };
  const challenge = (realm: string) =>
    new Response('', { status: 401, headers: { 'www-authenticate': `Bearer realm="${realm}",service="s"` } });
  const login = (realm: string) => (url: URL, init: RequestInit) => {
    if (url.pathname === '/token') return Response.json({ token: 'T' });
    return new Headers(init.headers).has('authorization') || url.hostname !== HOST ? undefined : challenge(realm);
  };

  it('become a token from the own token service', async () => {
    const { fetch, seen } = serve(GOOD, login('https://auth.example.com/token'));
    await pullArtifact(SOURCE, { fetch, credentials });
    const token = new URL(seen.find(({ url }) => url.includes('/token'))!.url);
    expect([token.searchParams.get('service'), token.searchParams.get('scope')]).toEqual([
      's',
      'repository:acme/prices:pull',
    ]);
    expect(seen.at(-1)?.authorization).toBe('Bearer T');
  });

  for (const realm of ['https://evil.test/token', 'http://auth.example.com/token', 'https://10.0.0.1/token']) {
    it(`are not sent to a token service at ${realm}`, async () => {
      const { fetch, seen } = serve(GOOD, login(realm));
      await refuses(pullArtifact(SOURCE, { fetch, credentials }), 'unreachable');
      expect(seen.every(({ authorization }) => authorization === null)).toBe(true);
    });
  }

  it('do not follow a redirect to another host', async () => {
    const { fetch, seen } = serve(GOOD, (url, init) => {
      if (url.hostname === 'storage.test') return new Response(new Uint8Array(EMPTY_COMPONENT));
      if (!new Headers(init.headers).has('authorization'))
        return new Response('', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } });
      const redirect = { status: 307, headers: { location: 'https://storage.test/blob' } };
      return url.pathname.endsWith(WASM.digest) ? new Response('', redirect) : undefined;
    });
    await pullArtifact(SOURCE, { fetch, credentials });
    expect(seen.find(({ url }) => url.includes('storage.test'))?.authorization).toBeNull();
    expect(seen.filter(({ authorization }) => authorization !== null).length).toBeGreaterThan(1);
  });

  it('and anything else stop where a redirect leads to plain http or in circles', async () => {
    const to = (location: string) => (url: URL) =>
      url.pathname.endsWith(WASM.digest) ? new Response('', { status: 302, headers: { location } }) : undefined;
    await refuses(pull(GOOD, to('http://storage.test/blob')), 'unreachable');
    await refuses(pull(GOOD, to(`https://${HOST}/v2/acme/prices/blobs/${WASM.digest}`)), 'unreachable');
  });

  it('are understood in every spelling of a challenge', () => {
    expect(parseChallenge('bearer realm="https://a/t", service=x ,scope="a,b"')).toEqual({
      scheme: 'bearer',
      fields: { realm: 'https://a/t', service: 'x', scope: 'a,b' },
    });
    expect(parseChallenge('')).toEqual({ scheme: '', fields: {} });
  });

  it('are not sent where a registry points an upload to', async () => {
    const seen: Seen[] = [];
    const fetch: Fetch = async (url, init = {}) => {
      const authorization = new Headers(init.headers).get('authorization');
      seen.push({ url, authorization });
      if (url.startsWith('https://storage.test')) return new Response('', { status: 201 });
      if (authorization === null)
        return new Response('', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } });
      if (init.method === 'HEAD' || init.method === 'GET') return new Response(null, { status: 404 });
      return init.method === 'POST'
        ? new Response('', { status: 202, headers: { location: 'https://storage.test/up?x=1' } })
        : new Response('', { status: 201 });
    };
    await pushSkill(SOURCE, newComponentSkill(), [createSigningKey()], { fetch, credentials });
    const uploads = seen.filter(({ url }) => url.startsWith('https://storage.test'));
    expect(uploads.length).toBeGreaterThan(1);
    expect(uploads.every(({ authorization }) => authorization === null)).toBe(true);
  });
});
