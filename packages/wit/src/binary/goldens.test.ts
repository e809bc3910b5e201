// Against what the published resolver says about its own test cases: text → binary → decoder = its resolved JSON.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ResolvedWit } from '../resolved.ts';
import { decodeComponent, decodeEmbeddedWorld, describeImports, kindOfBinary } from './index.ts';
import { textOfWorld, type WorldText } from './testing/same-world.ts';
import { type Job, type Made, makeAll } from './testing/tools.ts';

const DATA = resolve(process.env.PYPES_TEST_DATA ?? '../shared/data', 'wit');

/** The WIT files of a folder as one text: the tools take no folders. Packages it depends on are nested in it. */
const oneSource = (path: string): string => {
  if (!statSync(path).isDirectory()) return readFileSync(path, 'utf8');
  const names = readdirSync(path).sort();
  const texts = names.filter((name) => name.endsWith('.wit')).map((name) => readFileSync(join(path, name), 'utf8'));
  const own = texts.map((text) => HEADER.exec(text)?.[0]).find((header) => header !== undefined) ?? '';
  const deps = names.includes('deps') ? readdirSync(join(path, 'deps')).sort() : [];
  const nested = deps
    .filter((name) => !/\.(wasm|wat)$/.test(name))
    .map((name) => oneSource(join(path, 'deps', name)))
    .map((text) =>
      text
        .replace(HEADER, '')
        .replace(/^/, `${HEADER.exec(text)?.[0].replace(';', ' {') ?? ''}`)
        .concat('}'),
    );
  return [own, ...texts.map((text) => text.replace(HEADER, '')), ...nested].join('\n');
};
const HEADER = /^package [^;{]+;/m;

// One case has packages that are binaries and one has packages nested in a dependency: neither fits in one text.
const NOT_ONE_TEXT = ['kinds-of-deps.wit.json', 'multi-package-transitive-deps.wit.json'];
const goldens = (existsSync(DATA) ? readdirSync(DATA) : [])
  .filter((name) => name.endsWith('.wit.json') && !NOT_ONE_TEXT.includes(name))
  .map((name) => {
    const golden: ResolvedWit = JSON.parse(readFileSync(join(DATA, name), 'utf8'));
    const file = join(DATA, name.replace(/\.json$/, ''));
    return { name, golden, wit: oneSource(existsSync(file) ? file : file.replace(/\.wit$/, '')) };
  });

/** Every world of every case. */
const worlds = goldens.flatMap(({ name, golden, wit }) =>
  golden.worlds.map((world, id) => {
    const [home, version] = golden.packages[world.package]?.name.split('@') ?? [];
    const full = `${home}/${world.name}${version === undefined ? '' : `@${version}`}`;
    // A package may be called by a keyword, which the tools refuse here: a lone world needs no package.
    const selected = golden.worlds.length === 1 ? world.name : full;
    return { name, golden, id, full, job: { make: 'core', wit, world: selected } satisfies Job };
  }),
);

// A record without fields is a text that no binary can carry.
const EMPTY_RECORD = 'use-chain.wit.json';

/** The cases without a world, with one that imports and exports all their interfaces. */
const interfaces = goldens
  .filter(
    ({ name, golden }) =>
      name !== EMPTY_RECORD &&
      golden.worlds.length === 0 &&
      golden.packages.length === 1 &&
      golden.interfaces.length > 0,
  )
  .map(({ name, golden, wit }) => {
    const items = golden.interfaces.map((_, id) => [`interface-${id}`, { interface: { id } }] as const);
    const all = { name: 'zz-all', imports: Object.fromEntries(items), exports: Object.fromEntries(items), package: 0 };
    const lines = golden.interfaces.map((found) => `import %${found.name}; export %${found.name};`);
    const text = `${wit}\nworld zz-all { ${lines.join(' ')} }`;
    const job = { make: 'core', wit: text, world: 'zz-all' } satisfies Job;
    return { name, golden: { ...golden, worlds: [all] }, id: 0, full: 'all interfaces', job };
  });

const cases = [...worlds, ...interfaces];

describe.skipIf(cases.length === 0)('worlds of the published resolver (needs PYPES_TEST_DATA)', () => {
  const made = makeAll(cases.flatMap(({ job }) => [job, { ...job, make: 'component' as const }]));
  const named = cases.map((item, index) => ({
    ...item,
    title: `${item.name} ${item.full}`,
    core: bytesOf(made[2 * index]),
    component: bytesOf(made[2 * index + 1]),
  }));

  test.each(named)('embedded in a core module: $title', ({ golden, id, core }) => {
    const { resolved, world } = decodeEmbeddedWorld(core());
    expect(textOfWorld(resolved, world)).toEqual(textOfWorld(golden, id));
    expect(resolved.worlds[world]?.name).toBe(golden.worlds[id]?.name);
    expect(kindOfBinary(core())).toBe('core-module');
  });

  // Tools leave out of a component what it imports and does not use: types, and interfaces of nothing else.
  test.each(named)('of a component: $title', ({ golden, id, component }) => {
    const { resolved, world } = decodeComponent(component());
    const found = textOfWorld(resolved, world);
    const expected = textOfWorld(golden, id);
    expect(found.exports).toEqual(expected.exports);
    expect(expected.imports).toMatchObject(found.imports);
    expect(expected.interfaces).toMatchObject(found.interfaces);
    const functions = (text: WorldText) =>
      Object.entries(text.interfaces).flatMap(([name, inner]) =>
        Object.keys(inner.functions).map((key) => [name, key]),
      );
    expect(functions(found)).toEqual(functions(expected));
    expect(kindOfBinary(component())).toBe('component');
    expect(describeImports(component())).toHaveLength(Object.keys(found.imports).length);
  });
});

const bytesOf = (made: Made | undefined) => (): Uint8Array => {
  if (made === undefined || 'error' in made) throw new Error(made?.error);
  return made.bytes;
};
