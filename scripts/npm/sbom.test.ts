// The bill of materials: what CycloneDX 1.6 asks for, the same for the same contents, and no component unpinned.
import { expect, it } from 'vitest';
import type { Lock } from './lockfile.ts';
import { type Contents, toSbom } from './sbom.ts';

const integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
const lock: Lock = {
  'node_modules/a': { version: '1.0.0', integrity, license: 'MIT', dependencies: { '@scope/b': '^2.0.0' } },
  'node_modules/@scope/b': { version: '2.1.0', integrity, license: '(Apache-2.0 OR MIT)' },
  'node_modules/a/node_modules/@scope/b': { version: '2.0.0', integrity },
  'packages/x/node_modules/a': { version: '1.0.0', integrity, license: 'MIT' },
  'node_modules/loose': { version: '1.0.0' },
};
const contents: Contents = {
  version: '0.1.0',
  licence: 'Apache-2.0',
  bundler: '1.0.0',
  bundled: ['node_modules/a', 'packages/x/node_modules/a', 'node_modules/a/node_modules/@scope/b'],
  parts: new Map([['extra', ['node_modules/@scope/b', 'node_modules/a']]]),
};

it('has what the format requires', () => {
  const bom = toSbom(lock, contents);
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
  expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const refs = bom.components.map((component) => component['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  for (const component of bom.components) {
    expect(component).toMatchObject({
      type: 'library',
      name: expect.any(String),
      purl: expect.stringMatching(/^pkg:npm\//),
    });
    expect(component.hashes).toEqual([{ alg: 'SHA-512', content: '07'.repeat(64) }]);
  }
  const known = new Set([...refs, bom.metadata.component['bom-ref']]);
  for (const { ref, dependsOn } of bom.dependencies) {
    for (const each of [ref, ...dependsOn]) expect(known).toContain(each);
  }
});

it('tells what is bundled from what a part brings, and takes two places of one version as one', () => {
  const { components, dependencies } = toSbom(lock, contents);
  expect(components.map(({ purl, scope, properties }) => ({ purl, scope, properties }))).toEqual([
    {
      purl: 'pkg:npm/%40scope/b@2.0.0',
      scope: 'required',
      properties: [{ name: 'pypes:bundled', value: 'true' }],
    },
    { purl: 'pkg:npm/%40scope/b@2.1.0', scope: 'optional', properties: [{ name: 'pypes:part', value: 'extra' }] },
    {
      purl: 'pkg:npm/a@1.0.0',
      scope: 'required',
      properties: [
        { name: 'pypes:bundled', value: 'true' },
        { name: 'pypes:part', value: 'extra' },
      ],
    },
  ]);
  const ofA = dependencies.find(({ ref }) => ref === 'pkg:npm/a@1.0.0');
  expect(ofA?.dependsOn).toContain('pkg:npm/%40scope/b@2.0.0');
});

it('writes licences as names or as expressions', () => {
  const { components } = toSbom(lock, contents);
  expect(components.map(({ licenses }) => licenses)).toEqual([
    undefined,
    [{ expression: '(Apache-2.0 OR MIT)' }],
    [{ license: { id: 'MIT' } }],
  ]);
});

it('is the same for the same contents, and another for others', () => {
  expect(toSbom(lock, contents)).toEqual(toSbom(lock, contents));
  const other = toSbom(lock, { ...contents, version: '0.1.1' });
  expect(other.serialNumber).not.toBe(toSbom(lock, contents).serialNumber);
});

it('refuses what nobody pinned', () => {
  expect(() => toSbom(lock, { ...contents, bundled: ['node_modules/loose'] })).toThrow('node_modules/loose');
});
