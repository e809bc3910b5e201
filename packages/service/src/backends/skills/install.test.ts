// Skills that are installed while they are used, while others install, and where it cannot be done.
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toDigest } from '@pypes/registry';
import { describe, expect, it } from 'vitest';
import { fetchSkill } from './install.ts';
import { skillPlaces } from './paths.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'pypes-skills-'));

/** Writes a skill that nobody signed. */
function writeSkill(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'manifest.toml'),
    `[package]\nname = "demo"\nversion = "${version}"\ndescription = "d"\n[permissions]\nnetwork = ["v${version}.example:443"]\n`,
  );
  writeFileSync(join(folder, 'agent.lua'), 'AGENT = { name = "demo" }\nfunction run() return 1 end\n');
  return folder;
}

describe('the bytes of an installed skill', () => {
  it('are not written over when they are fetched again: whoever reads them has the old or the new ones whole', async () => {
    const options = { root: newFolder(), allowUnsigned: true };
    const source = writeSkill(join(newFolder(), 'skill'), '1.0.0');
    const { verified } = await fetchSkill(source, options);
    const { artifacts } = skillPlaces(options.root);
    const [name = ''] = readdirSync(artifacts);
    const path = join(artifacts, name);
    // A second name of the same file sees every byte that is written into it.
    const watched = join(newFolder(), 'watched');
    linkSync(path, watched);
    writeFileSync(path, 'damaged');
    await fetchSkill(source, options);
    expect(readFileSync(watched, 'utf8')).toBe('damaged');
    expect(toDigest(readFileSync(path))).toBe(verified.digest);
    expect(readdirSync(artifacts)).toEqual([name]);
  });
});
