// Archives: one form for each skill, and nothing else is opened.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFaultReason } from '../faults.ts';
import { newFolder } from '../testing/folders.ts';
import { newComponentSkill, newSkill } from '../testing/skills.ts';
import { openArchive, packArchive } from './archive.ts';
import { openSkill, packSkill, readSkill } from './read-skill.ts';
import { toSkill } from './skill.ts';

const files = (...pairs: [string, string][]) => new Map(pairs.map(([path, text]) => [path, Buffer.from(text)]));

function reasonOf(work: () => unknown): string | undefined {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return toFaultReason(error);
  }
}

/** What a hostile tar program would write: another path, with a checksum that fits. */
function rename(archive: Buffer, path: string): Buffer {
  const changed = Buffer.from(archive);
  changed.fill(0, 0, 100);
  changed.write(path, 0, 100, 'utf8');
  changed.write('        ', 148, 'latin1');
  const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return changed;
}

describe('an archive', () => {
  it('round-trips any files, whatever their order', () => {
    const name = fc.stringMatching(/^[a-z0-9_][a-z0-9_-]{0,20}(\.[a-z]{1,4})?$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 2000 })), {
          selector: ([path]) => path,
          maxLength: 8,
        }),
        (pairs) => {
          const archive = packArchive(new Map(pairs));
          expect(packArchive(new Map(pairs.toReversed())).equals(archive)).toBe(true);
          const opened = openArchive(archive);
          expect([...opened].map(([path, bytes]) => [path, Buffer.from(bytes).toString('hex')])).toEqual(
            [...pairs]
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([path, bytes]) => [path, Buffer.from(bytes).toString('hex')]),
          );
        },
      ),
    );
  });

  it('never opens after a byte was changed, except inside of files', () => {
    const archive = packArchive(files(['a.txt', 'hello'], ['b/c.txt', 'world']));
    for (let at = 0; at < archive.length; at++) {
      const changed = Buffer.from(archive);
      changed[at] = changed[at]! ^ 1;
      const inside = (at >= 512 && at < 517) || (at >= 1536 && at < 1541);
      expect([at, reasonOf(() => openArchive(changed)) === 'accepted']).toEqual([at, inside]);
    }
  });

  it('is plain tar to everybody else', () => {
    const path = join(newFolder(), 'a.tar');
    writeFileSync(path, packArchive(files(['a.txt', 'hello'], ['b/c.txt', 'world'])));
    expect(execFileSync('tar', ['tf', path], { encoding: 'utf8' })).toBe('a.txt\nb/c.txt\n');
  });

  it('refuses paths that lead elsewhere, links, and what other tar programs add', () => {
    for (const path of ['../x', '/etc/passwd', 'a/../../x', 'a//b', './a', 'a/.git', 'a\\b', 'a\0b', '', 'con.', 'ü']) {
      expect([path, reasonOf(() => packArchive(files([path, 'x'])))]).toEqual([path, 'malformed']);
      expect([path, reasonOf(() => openArchive(rename(packArchive(files(['a', 'x'])), path)))]).toEqual([
        path,
        'malformed',
      ]);
    }
    const folder = newFolder();
    writeFileSync(join(folder, 'a.txt'), 'hello');
    symlinkSync('/etc/passwd', join(folder, 'link'));
    for (const what of [['a.txt'], ['link'], ['.']]) {
      const made = execFileSync('tar', ['cf', '-', '-C', folder, ...what]);
      expect([what, reasonOf(() => openArchive(made))]).toEqual([what, 'malformed']);
    }
  });

  it('refuses duplicates, disorder, cuts, trailing bytes and lies about sizes', () => {
    const [a, b] = [packArchive(files(['a', '1'])).subarray(0, 1024), packArchive(files(['b', '2'])).subarray(0, 1024)];
    const end = Buffer.alloc(1024);
    expect(reasonOf(() => openArchive(Buffer.concat([a, b, end])))).toBe('accepted');
    for (const parts of [
      [a, a, end],
      [b, a, end],
      [a, b],
      [a, end, Buffer.alloc(512)],
      [a, end, b, end],
      [a.subarray(0, 700)],
      [end.subarray(1)],
    ]) {
      expect(reasonOf(() => openArchive(Buffer.concat(parts)))).toBe('malformed');
    }
    const large = Buffer.from(a);
    large.write('77777777777', 124);
    expect(reasonOf(() => openArchive(Buffer.concat([large, end])))).toBe('too_large');
  });

  it('refuses too many files', () => {
    const names = Array.from({ length: 300 }, (_, index) => `f${String(index).padStart(4, '0')}`);
    const parts = names.map((name) => packArchive(files([name, 'x'])).subarray(0, 1024));
    expect(reasonOf(() => openArchive(Buffer.concat([...parts, Buffer.alloc(1024)])))).toBe('too_large');
    expect(reasonOf(() => packArchive(files(...names.map((name): [string, string] => [name, 'x']))))).toBe('too_large');
    expect(reasonOf(() => packArchive(files(['x'.repeat(101), 'x'])))).toBe('malformed');
  });
});

describe('a skill', () => {
  it('is the same from its folder and from its archive', async () => {
    const folder = newFolder();
    const skill = newComponentSkill();
    for (const [path, bytes] of skill.files) writeFileSync(join(folder, path), bytes);
    writeFileSync(join(folder, '.DS_Store'), 'junk');
    const read = await readSkill(folder);
    expect(packSkill(read).equals(packSkill(skill))).toBe(true);
    expect(openSkill(packSkill(skill)).manifest).toEqual(skill.manifest);
    symlinkSync('/etc/passwd', join(folder, 'link.txt'));
    await expect(readSkill(folder)).rejects.toMatchObject({ details: { reason: 'malformed' } });
    await expect(readSkill(join(folder, 'none'))).rejects.toMatchObject({ details: { reason: 'missing' } });
  });

  it('keeps agent files in folders', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'agents'));
    for (const [path, bytes] of newSkill().files) writeFileSync(join(folder, path), bytes);
    writeFileSync(join(folder, 'agents/b.py'), 'AGENT = {}');
    expect([...(await readSkill(folder)).files.keys()]).toEqual(['agent.lua', 'agents/b.py', 'manifest.toml']);
  });

  it('is refused where checksums are missing, wrong, or about nothing', () => {
    const skill = newComponentSkill();
    const other = new Map([...skill.files, ['component.wasm', Buffer.from('evil')] as const]);
    expect(reasonOf(() => toSkill(other))).toBe('tampered');
    const bare = new Map([...skill.files, ['manifest.toml', newSkill().files.get('manifest.toml')!] as const]);
    expect(reasonOf(() => toSkill(bare))).toBe('malformed');
    const without = new Map([...skill.files].filter(([path]) => path !== 'interface.wit'));
    expect(reasonOf(() => toSkill(without))).toBe('malformed');
    expect(reasonOf(() => toSkill(new Map()))).toBe('malformed');
    expect(reasonOf(() => toSkill(new Map([...newSkill().files, ['AGENT.lua', Buffer.from('x')] as const])))).toBe(
      'malformed',
    );
  });
});
