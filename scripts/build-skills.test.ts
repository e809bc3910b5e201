// What is committed of the bundled skills is what their sources give, to the byte.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeComponent, describeImports } from '../packages/wit/src/binary/index.ts';
import { checkSkills, SKILLS } from './skills/build.ts';
import { withChecksums } from './skills/with-checksums.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A copy of bundled skills. */
function copyOf(...names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-skills-'));
  folders.push(folder);
  for (const name of names) cpSync(join(SKILLS, name), join(folder, name), { recursive: true });
  return folder;
}

const notHere = process.platform === 'linux' ? '' : ' (JavaScript skills are built on Linux)';

describe.skipIf(notHere !== '')(`the bundled skills${notHere}`, () => {
  it('are what their sources give', { timeout: 120_000 }, async () => {
    const folders = readdirSync(SKILLS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(['checksums', 'finance', 'statistics']);
    expect(await checkSkills()).toEqual([]);
  });
});

describe('a bundled skill', () => {
  it.each([['finance'], ['checksums'], ['statistics']])(
    '%s imports nothing and exports its interfaces alone',
    (name) => {
      const component = readFileSync(join(SKILLS, name, 'component.wasm'));
      const { resolved, world } = decodeComponent(component);
      expect(describeImports(component)).toEqual([]);
      for (const item of Object.values(resolved.worlds[world]?.exports ?? {})) expect(item).toHaveProperty('interface');
    },
  );
});

describe('the check', () => {
  it.each([
    ['another source', '_checksums.wat', (text: string) => text.replace('65521)))', '65520)))')],
    ['another manifest', 'manifest.toml', (text: string) => text.replace(/sha256:./, 'sha256:0')],
  ])('finds %s', async (_, file, change) => {
    const folder = copyOf('checksums');
    const path = join(folder, 'checksums', file);
    const before = readFileSync(path, 'utf8');
    expect(change(before)).not.toBe(before);
    writeFileSync(path, change(before));
    expect((await checkSkills(folder)).map((each) => each.replace(/^.*\//, ''))).toContain('manifest.toml');
  });

  it('finds a component that is another, and one that is not there', async () => {
    const folder = copyOf('checksums', 'statistics');
    const path = join(folder, 'checksums', 'component.wasm');
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from([0, 1, 0])]));
    rmSync(join(folder, 'statistics', 'component.wasm'));
    expect(await checkSkills(folder)).toHaveLength(2);
  });

  it('refuses a folder with two sources, or with a manifest that it would damage', async () => {
    const folder = copyOf('checksums');
    writeFileSync(join(folder, 'checksums', '_second.wat'), '(module)');
    await expect(checkSkills(folder)).rejects.toThrow('one source');
    expect(() => withChecksums('[package]\n', {})).toThrow('last one');
    expect(() => withChecksums('\n[checksums]\n[limits]\n', {})).toThrow('last one');
  });
});
