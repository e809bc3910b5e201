// Skills that are installed while they are used, while others install, and where it cannot be done.
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentDigest } from '@pypes/host';
import { readLockfile, toDigest } from '@pypes/registry';
import { createFilesystemGrantStore } from '@pypes/stores/filesystem';
import { describe, expect, it } from 'vitest';
import { type Candidate, fetchSkill, installSkill, uninstallSkill } from './install.ts';
import { skillPlaces } from './paths.ts';
import { guidOfSkill, toSkillPack } from './skill-pack.ts';
import { artifactPath, verifyInstalled } from './verify-installed.ts';

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

describe('a skill from a path that was changed where it is kept', () => {
  it('is called by its source', async () => {
    const root = newFolder();
    const source = writeSkill(join(newFolder(), 'skill'), '1.0.0');
    const { locked } = await installSkill(await fetchSkill(source, { root, allowUnsigned: true }), {}, { root });
    const places = skillPlaces(root);
    writeFileSync(artifactPath(places.artifacts, locked.digest), 'changed');
    await expect(verifyInstalled(places, locked)).rejects.toMatchObject({
      message: expect.stringMatching(`^${source} has the digest ${toDigest('changed')}, and ${locked.digest}`),
      details: { reason: 'tampered' },
    });
  });
});

describe('the lockfile and the grant', () => {
  /** A machine, and two versions of one skill that were fetched on it. */
  async function twoVersions() {
    const root = newFolder();
    const source = join(newFolder(), 'skill');
    const fetched = async (version: string) => fetchSkill(writeSkill(source, version), { root, allowUnsigned: true });
    const [one, two] = [await fetched('1.0.0'), await fetched('2.0.0')];
    const install = (candidate: Candidate) => installSkill(candidate, candidate.report.asked, { root });
    return { root, source, one, two, install, grants: createFilesystemGrantStore(root), guid: guidOfSkill(source) };
  }

  /** The digest of what is installed. */
  async function digestOf(root: string): Promise<string | undefined> {
    const places = skillPlaces(root);
    const [locked] = (await readLockfile(places.lockfile)).skills;
    if (locked === undefined) return undefined;
    const { verified } = await verifyInstalled(places, locked);
    return contentDigest(toSkillPack(locked, verified, '').files);
  }

  it('are for the same bytes, whoever installs or takes out at the same time', async () => {
    const { root, source, one, two, install, grants, guid } = await twoVersions();
    for (let round = 0; round < 20; round++) {
      const out = round % 2 === 0 ? [] : [uninstallSkill(source, root).catch(() => undefined)];
      await Promise.all([install(one), install(two), ...out]);
      expect((await grants.get(guid))?.content_digest).toBe(await digestOf(root));
    }
  });

  it('stay as they were where the lockfile cannot be changed', async () => {
    const { root, source, one, two, install, grants, guid } = await twoVersions();
    await install(one);
    const before = await grants.get(guid);
    const { lockfile } = skillPlaces(root);
    writeFileSync(lockfile, 'broken');
    await expect(install(two)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(uninstallSkill(source, root)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(before?.permissions).toEqual({ network: ['v1.0.0.example:443'] });
    expect(await createFilesystemGrantStore(root).get(guid)).toEqual(before);
  });

  it('change in this order: a version whose grant cannot be written is not installed', async () => {
    const { root, one, two, install, guid } = await twoVersions();
    await install(one);
    const installed = await digestOf(root);
    const grant = join(root, 'grants', `${guid}.json`);
    rmSync(grant);
    mkdirSync(join(grant, 'in the way'), { recursive: true });
    await expect(install(two)).rejects.toMatchObject({ code: 'internal' });
    expect(await digestOf(root)).toBe(installed);
  });
});
