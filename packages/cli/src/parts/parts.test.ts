// Parts: which package belongs to which, where they go, and that one is added whole or not at all.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addPart, findPart, type RunNpm, removePart } from './add.ts';
import { checkAdded } from './added.ts';
import { addedFolder, commandFor, findPartPlaces, type PartPlaces } from './places.ts';
import { readParts } from './state.ts';
import { PARTS, partOf } from './table.ts';

describe('a part', () => {
  it('is found by its packages and what is inside of these, and by nothing that is only called alike', () => {
    expect(partOf('pg')?.name).toBe('postgres');
    expect(partOf('@restatedev/restate-sdk/node')?.name).toBe('restate');
    for (const other of ['pg-pool', 'pgx', './pg', '@aws-sdk/client-s3x', 'node:fs'])
      expect(partOf(other)).toBeUndefined();
  });

  it('has a name of its own, and no package of another part', () => {
    for (const key of ['name', 'packages'] as const) {
      const all = PARTS.flatMap((part) => part[key]);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it('is here in the project, in the version that was installed', () => {
    expect(findPartPlaces()).toBeUndefined();
    const parts = readParts(undefined);
    expect(parts.map(({ name }) => name)).toEqual(PARTS.map(({ name }) => name));
    expect(parts.find(({ name }) => name === 'postgres')).toMatchObject({
      state: 'here',
      versions: { pg: expect.stringMatching(/^\d/) },
    });
  });

  it('goes into a folder of the user', () => {
    expect(addedFolder({ PYPES_PARTS: '/parts', XDG_DATA_HOME: '/data' })).toBe('/parts');
    expect(addedFolder({ PYPES_PARTS: '', XDG_DATA_HOME: '/data' })).toBe('/data/pypes/parts');
    expect(addedFolder({})).toBe(join(homedir(), '.local/share/pypes/parts'));
  });

  it('is got with a command that works where it is said', () => {
    expect(commandFor('s3', {})).toBe('pypes parts add s3');
    expect(commandFor('s3', { npm_command: 'exec' })).toBe('npx pypes parts add s3');
  });
});

describe('adding', () => {
  let home = '';
  let places: PartPlaces = { wanted: '', added: '' };
  const part = findPart('postgres');

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'pypes-parts-'));
    places = { wanted: join(home, 'wanted'), added: join(home, 'added') };
    mkdirSync(join(places.wanted, part.name), { recursive: true });
    writeFileSync(join(places.wanted, part.name, 'package.json'), '{"dependencies":{"pg":"1.0.0"}}');
    writeFileSync(join(places.wanted, part.name, 'package-lock.json'), '{"lockfileVersion":3}');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const npmThat = (code: number, seen: string[][] = []): RunNpm => {
    return async (args, folder) => {
      seen.push([...args]);
      mkdirSync(join(folder, 'node_modules/pg'), { recursive: true });
      writeFileSync(join(folder, 'node_modules/pg/index.js'), `${seen.length}`);
      return { code, said: 'no such host' };
    };
  };

  it('installs exactly the lockfile, and runs no scripts', async () => {
    const seen: string[][] = [];
    const folder = await addPart(part, places, npmThat(0, seen));
    expect(seen).toEqual([expect.arrayContaining(['ci', '--ignore-scripts'])]);
    expect(readFileSync(join(folder, 'node_modules/pg/index.js'), 'utf8')).toBe('1');
    expect(checkAdded(places, part.name)).toBe('ready');
    expect(readdirSync(places.added)).toEqual([part.name]);
  });

  it('leaves what was there when npm fails, and nothing beside it', async () => {
    await addPart(part, places, npmThat(0));
    await expect(addPart(part, places, npmThat(1))).rejects.toMatchObject({ code: 'unavailable' });
    expect(checkAdded(places, part.name)).toBe('ready');
    expect(readdirSync(places.added)).toEqual([part.name]);
  });

  it('is not there after a first failure', async () => {
    await expect(addPart(part, places, npmThat(1))).rejects.toMatchObject({ code: 'unavailable' });
    expect(checkAdded(places, part.name)).toBe('missing');
    expect(readdirSync(places.added)).toEqual([]);
  });

  it('tells another version of Pypes by its lockfile, and renews it', async () => {
    await addPart(part, places, npmThat(0));
    writeFileSync(join(places.wanted, part.name, 'package-lock.json'), '{"lockfileVersion":3,"packages":{}}');
    expect(checkAdded(places, part.name)).toBe('outdated');
    await addPart(part, places, npmThat(0));
    expect(checkAdded(places, part.name)).toBe('ready');
  });

  it('removes what was added, and says so where there is nothing', async () => {
    await addPart(part, places, npmThat(0));
    removePart(part, places);
    expect(existsSync(join(places.added, part.name))).toBe(false);
    expect(() => removePart(part, places)).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(() => findPart('none')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});
