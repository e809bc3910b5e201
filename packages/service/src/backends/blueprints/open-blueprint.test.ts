// What a blueprint names by a path is in its folder and an ordinary file, or it is told before anything runs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBlueprint } from './open-blueprint.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'pypes-blueprint-'));
const open = (folder: string) => openBlueprint(join(folder, 'agent.toml'), { root: newFolder(), log: () => undefined });
const HEAD = '[blueprint]\nname = "test"\n[components]\n';
const AGENT = 'export const AGENT = { name: "a" };\nexport async function run() { return 1; }\n';
const SECRET = 'root:x:0:0:a secret';

/** A blueprint with a policy that names a schema. */
function withSchema(path: string, key = 'use = "schema"\nto = "a"\noutput'): string {
  const folder = newFolder();
  const step = '[[workflow.steps]]\nid = "s"\ncomponent = "a"\n';
  writeFileSync(
    join(folder, 'agent.toml'),
    `${HEAD}a = { path = "a.mjs" }\n${step}[[policy]]\n${key} = ${JSON.stringify(path)}\n`,
  );
  writeFileSync(join(folder, 'a.mjs'), AGENT);
  return folder;
}

describe('a schema that a policy names', () => {
  it('is read when the blueprint is opened', async () => {
    const folder = withSchema('schemas/a.json');
    mkdirSync(join(folder, 'schemas'));
    writeFileSync(join(folder, 'schemas', 'a.json'), '{"type":"number"}');
    expect((await open(folder)).schemas).toEqual(new Map([['schemas/a.json', { type: 'number' }]]));
  });

  it('is one for what may be called, too', async () => {
    const folder = withSchema('a.json', 'use = "allow"\nfrom = "*"\nto = "*"\nargs');
    await expect(open(folder)).rejects.toMatchObject({ code: 'invalid_request' });
    writeFileSync(join(folder, 'a.json'), '{}');
    expect((await open(folder)).schemas.size).toBe(1);
  });

  const outside = newFolder();
  writeFileSync(join(outside, 'it.json'), '{}');
  writeFileSync(join(outside, 'secret'), SECRET);
  const wrong: { readonly [what: string]: readonly [path: string, make: (folder: string) => void, message: RegExp] } = {
    'leads out': [`../../../../../../../..${outside}/it.json`, () => {}, /leads out/],
    'is elsewhere': [join(outside, 'secret'), () => {}, /leads out/],
    'links out': ['it.json', (folder) => symlinkSync(join(outside, 'it.json'), join(folder, 'it.json')), /leads out/],
    'is a device without an end': ['zero', (folder) => symlinkSync('/dev/zero', join(folder, 'zero')), /leads out/],
    'is a pipe that nobody writes': [
      'it.json',
      (folder) => execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'it.json')]),
      /no ordinary file/,
    ],
    'is a folder': ['it.json', (folder) => mkdirSync(join(folder, 'it.json')), /no ordinary file/],
    'is not there': ['it.json', () => {}, /does not exist/],
    'is not a path': ['a\0b', () => {}, /does not exist/],
    'is too large': [
      'it.json',
      (folder) => writeFileSync(join(folder, 'it.json'), `{}${' '.repeat(1024 * 1024)}`),
      /more than 1048576 bytes/,
    ],
    'is no JSON': ['it.json', (folder) => writeFileSync(join(folder, 'it.json'), SECRET), /holds no JSON object/],
    'is no object': ['it.json', (folder) => writeFileSync(join(folder, 'it.json'), '[1]'), /holds no JSON object/],
  };
  for (const [what, [path, make, message]] of Object.entries(wrong)) {
    it(`and ${what} is refused with its place, and nothing of it is told`, async () => {
      const folder = withSchema(path);
      make(folder);
      const error = await open(folder).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({
        code: 'invalid_request',
        message: expect.stringMatching(message),
        details: { problems: [expect.objectContaining({ line: 8, message: expect.stringMatching(message) })] },
      });
      expect(String(error)).not.toContain('root:');
    });
  }
});

describe('a component that is a file', () => {
  it('and a pipe that nobody writes is not there', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'agent.toml'), `${HEAD}a = { path = "a.mjs" }\n`);
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'a.mjs')]);
    expect((await open(folder)).opened.absent).toEqual([
      { component: 'a', message: expect.stringContaining('no ordinary file') },
    ]);
  });

  it('and whose .wit leads out is not there', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'agent.toml'), `${HEAD}a = { path = "a.wasm" }\n`);
    writeFileSync(join(folder, 'a.wasm'), '');
    symlinkSync('/dev/zero', join(folder, 'a.wit'));
    expect((await open(folder)).opened.absent).toEqual([
      { component: 'a', message: expect.stringContaining('leads out') },
    ]);
  });
});
