// Lockfiles: the same text for the same content, exact when read, one writer at a time, and the cache's memory.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Digest, toDigest } from '../encoding/digest.ts';
import { publishSkill } from '../repository/publish.ts';
import { createFixture } from '../testing/fixture.ts';
import { newFolder } from '../testing/folders.ts';
import { newSkill } from '../testing/skills.ts';
import { from } from '../testing/victim.ts';
import { type LockedSkill, type Lockfile, withoutSkill, withSkill } from './lockfile.ts';
import { parseLockfile } from './parse-lockfile.ts';
import { readLockedDigests, readLockfile, updateLockfile } from './update-lockfile.ts';
import { toLockfileText } from './write-lockfile.ts';

const SKILL: LockedSkill = {
  source: 'remote:finance@^1',
  name: 'finance',
  version: '1.0.0',
  digest: toDigest('a'),
  signers: ['ab'.repeat(32)],
  permissions: { network: ['api.example.com:443'], ai: true },
  policy: toDigest('p'),
};

describe('the text of a lockfile', () => {
  it('reads well', () => {
    const lockfile: Lockfile = { registry: { url: 'https://r.test/', rootVersion: 3 }, skills: [SKILL] };
    expect(
      toLockfileText(lockfile),
    ).toBe(`# Written by pypes install. Commit it: it pins what runs, who signed it, and what it may do.
lock_version = 1

[registry]
url = "https://r.test/"
root_version = 3

[[skill]]
source = "remote:finance@^1"
name = "finance"
version = "1.0.0"
digest = "${toDigest('a')}"
signers = [ "${'ab'.repeat(32)}" ]
policy = "${toDigest('p')}"

[skill.permissions]
ai = true
network = [ "api.example.com:443" ]
`);
  });

  it('comes back as it was, in whatever order it was written', () => {
    const skill = fc.record({
      source: fc.stringMatching(/^remote:[a-z]{1,8}$/),
      name: fc.stringMatching(/^[a-z]{1,8}$/),
      version: fc.constantFrom('1.0.0', '2.1.0-rc.1'),
      digest: fc.string().map(toDigest),
      signers: fc.uniqueArray(
        fc.string().map((text) => toDigest(text).slice(7)),
        { maxLength: 3 },
      ),
      permissions: fc.record(
        { ai: fc.boolean(), vault: fc.uniqueArray(fc.string({ minLength: 1 })) },
        { requiredKeys: [] },
      ),
    });
    fc.assert(
      fc.property(fc.uniqueArray(skill, { selector: ({ source }) => source, maxLength: 5 }), (skills) => {
        const text = toLockfileText({ skills });
        expect(toLockfileText(parseLockfile(text))).toBe(text);
        expect(toLockfileText({ skills: skills.toReversed() })).toBe(text);
        expect(parseLockfile(text).skills).toHaveLength(skills.length);
      }),
    );
  });

  it('changes in one place where one skill changes', () => {
    const other = { ...SKILL, source: 'remote:other', digest: toDigest('o') };
    const before = withSkill(withSkill({ skills: [] }, SKILL), other);
    const after = withSkill(before, { ...SKILL, version: '1.0.1', digest: toDigest('b') });
    const lines = new Set(toLockfileText(before).split('\n'));
    expect(
      toLockfileText(after)
        .split('\n')
        .filter((line) => !lines.has(line)),
    ).toHaveLength(2);
    expect(withoutSkill(after, SKILL.source).skills).toEqual([other]);
  });
});

describe('parseLockfile', () => {
  const good = toLockfileText({ skills: [SKILL] });
  const bad: { readonly [what: string]: readonly [text: string, message: RegExp] } = {
    'no TOML': ['lock_version = ', /line 1/],
    'a merge that was not resolved': [`<<<<<<< ours\n${good}`, /merge/],
    'a newer version': [good.replace('lock_version = 1', 'lock_version = 2'), /update pypes/],
    'a digest that is cut off': [good.replace(SKILL.digest, 'sha256:ab'), /skill\[0\]\.digest/],
    'an unknown key': [good.replace('name = ', 'nmae = '), /skill\[0\]\.nmae/],
    'a key id that is none': [good.replace('abab', 'zzzz'), /skill\[0\]\.signers/],
    'a permission that is none': [good.replace('ai = true', 'root = true'), /skill\[0\]\.permissions/],
    'a version that is none': [good.replace('"1.0.0"', '"1"'), /skill\[0\]\.version/],
    'one source twice': [`${good}\n${good.slice(good.indexOf('[[skill]]'))}`, /stands twice/],
    'a registry without a version': [good.replace('[[skill]]', '[registry]\nurl = "x"\n[[skill]]'), /registry/],
  };
  for (const [what, [text, message]] of Object.entries(bad)) {
    it(`refuses ${what}`, () => {
      expect(() => parseLockfile(text)).toThrow(message);
    });
  }
});

describe('updateLockfile', () => {
  it('loses nothing where many write at once', async () => {
    const path = join(newFolder(), 'pypes.lock');
    const names = Array.from({ length: 20 }, (_, index) => `remote:s${index}`);
    await Promise.all(
      names.map((source) => updateLockfile(path, (lockfile) => withSkill(lockfile, { ...SKILL, source }))),
    );
    expect((await readLockfile(path)).skills.map(({ source }) => source).sort()).toEqual(names.sort());
  });

  it('does not overwrite what it cannot read', async () => {
    const path = join(newFolder(), 'pypes.lock');
    writeFileSync(path, 'broken');
    await expect(updateLockfile(path, (lockfile) => lockfile)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(readFileSync(path, 'utf8')).toBe('broken');
  });
});

describe('a collection of the cache', () => {
  it('removes what no lockfile names, and nothing where one cannot be read', async () => {
    const fixture = await createFixture();
    const [cacheFolder, folder] = [newFolder(), newFolder()];
    const client = fixture.createClient({ cacheFolder });
    const digests: Digest[] = [];
    for (const version of ['1.0.0', '1.1.0', '2.0.0']) {
      digests.push((await publishSkill(fixture.repository, newSkill('finance', version), fixture.online)).digest);
      await client.install(from(`explicit:finance@${version}`));
    }
    const paths = [join(folder, 'a.lock'), join(folder, 'b.lock')];
    for (const [index, path] of paths.entries()) {
      await updateLockfile(path, (lockfile) => withSkill(lockfile, { ...SKILL, digest: digests[index]! }));
    }
    const collected = await client.collect(await readLockedDigests(paths));
    expect(collected.removed).toEqual([digests[2]]);
    expect(collected.freedBytes).toBeGreaterThan(0);
    expect(readdirSync(join(cacheFolder, 'artifacts'))).toHaveLength(2);
    await expect(readLockedDigests([...paths, join(folder, 'none.lock')])).rejects.toThrow();
  });
});
