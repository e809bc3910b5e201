// Manifests: what is valid, and precise words for what is not.
import { describe, expect, it } from 'vitest';
import { checkManifest, parseManifest } from './parse-manifest.ts';

const FULL = `[package]
name = "acme:stock-market"
version = "1.0.0-beta.2"
description = "Prices"
license = "MIT"
[interface]
world = "stock-market"
[permissions]
network = ["api.example.com:443"]
memory = "read-write"
objects = "write"
vault = ["BROKER_KEY"]
ai = true
[labels]
"get-stock-price" = { reads = ["untrusted"], sends = ["network"], destinations = ["exchange"] }
"*" = { reads = ["public"] }
[limits]
memory_mb = 64
cpu_ms = 2000
[checksums]
component = "sha256:${'a'.repeat(64)}"
`;

const HEAD = '[package]\nname = "a"\nversion = "1.0.0"\ndescription = "d"\n';

describe('parseManifest', () => {
  it('reads all of spec 4', () => {
    expect(parseManifest(FULL)).toEqual({
      package: {
        namespace: 'acme',
        name: 'stock-market',
        version: '1.0.0-beta.2',
        description: 'Prices',
        license: 'MIT',
      },
      world: 'stock-market',
      permissions: {
        network: ['api.example.com:443'],
        memory: 'read-write',
        objects: 'write',
        vault: ['BROKER_KEY'],
        ai: true,
      },
      labels: {
        'get-stock-price': { reads: ['untrusted'], sends: ['network'], destinations: ['exchange'] },
        '*': { reads: ['public'], sends: [] },
      },
      limits: { memory_mb: 64, cpu_ms: 2000 },
      checksums: { component: `sha256:${'a'.repeat(64)}` },
    });
  });

  it('says everything that is wrong, with lines', () => {
    const text =
      '[package]\nname = "A b"\nversion = "1.0"\n[permissions]\nnet = []\nai = "yes"\n[labels]\nx = { reads = ["secret"] }\n[limits]\ncpu_ms = 1.5\n[checksums]\ncomponent = "md5:1"\n[other]\n';
    const places = checkManifest(text).violations.map(({ path, line }) => [path, line]);
    expect(places).toEqual([
      ['other', 13],
      ['package.description', 1],
      ['package.version', 3],
      ['package.name', 2],
      ['permissions.net', 5],
      ['permissions.ai', 6],
      ['labels.x.reads', 8],
      ['limits.cpu_ms', 10],
      ['checksums.component', 12],
    ]);
    expect(() => parseManifest(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  const bad: { readonly [what: string]: readonly [text: string, path: string] } = {
    'no TOML': ['[package', ''],
    'two keys of one name': [`${HEAD}name = "b"\n`, ''],
    'a key that is no key': [`${HEAD}__proto__ = 1\n`, ''],
    'no package': ['', 'package'],
    'a package that is a text': ['package = "a"', 'package'],
    'build metadata': [HEAD.replace('1.0.0', '1.0.0+build'), 'package.version'],
    'a v before the version': [HEAD.replace('1.0.0', 'v1.0.0'), 'package.version'],
    'a namespace of TUF': [HEAD.replace('"a"', '"targets:a"'), 'package.name'],
    'two colons': [HEAD.replace('"a"', '"a:b:c"'), 'package.name'],
    'an endless description': [HEAD.replace('"d"', `"${'d'.repeat(3000)}"`), 'package.description'],
    'no network rule': [`${HEAD}[permissions]\nnetwork = ["http://x/"]\n`, 'permissions.network'],
    'too much memory': [`${HEAD}[limits]\nmemory_mb = 99999\n`, 'limits.memory_mb'],
    'permissions that are a list': [`permissions = []\n${HEAD}`, 'permissions'],
  };
  for (const [what, [text, path]] of Object.entries(bad)) {
    it(`refuses ${what}`, () => {
      expect(checkManifest(text).violations.map((violation) => violation.path)).toContain(path);
    });
  }

  it('refuses a manifest that is too large', () => {
    expect(checkManifest(`${HEAD}# ${'x'.repeat(70_000)}`).violations).toHaveLength(1);
  });
});
