// The guide to policies says nothing that does not work: its files are read, its commands exist, no policy is left out.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parsePolicyFile } from '@pypes/host';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../../guard/src/config/kinds.ts';
import { DETECTABLE } from '../../../guard/src/dlp/scanner.ts';
import { pypes } from './skills.fixtures.ts';

const guide = readFileSync(resolve(import.meta.dirname, '../../../../docs/guide/policies.md'), 'utf8');
const blocksOf = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].flatMap(([, name, block = '']) => (name === language ? [block] : []));

describe('the guide to policies', () => {
  it('has a section with an example for every policy there is, and for no other one', async () => {
    const sections = guide.split(/^### /m).slice(1);
    const names = sections.map((section) => section.slice(0, section.indexOf('\n')));
    expect(names.toSorted()).toEqual(KINDS.map(({ name }) => name).toSorted());
    for (const [index, section] of sections.entries()) {
      expect(blocksOf(section, 'toml').join('')).toContain(`use = "${names[index]}"`);
    }
  });

  it('lists what dlp can detect', () => {
    const [, listed = ''] = /^`detect` takes any of: (.*)\.$/m.exec(guide) ?? [];
    expect(listed.split(', ')).toEqual(DETECTABLE.map((id) => `\`${id}\``));
  });

  it('has files that are right', async () => {
    const files = blocksOf(guide, 'toml');
    expect(files.length).toBeGreaterThan(KINDS.length);
    for (const file of files) await expect(parsePolicyFile(file, 'policies.md')).resolves.toHaveProperty('version');
  });

  it('names commands and options that exist', async () => {
    const lines = blocksOf(guide, 'sh').flatMap((block) => block.trim().split('\n'));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      const [runner, program, command = '', ...rest] = (line.split('#')[0] as string).trim().split(/\s+/);
      expect([line, runner, program]).toEqual([line, 'npx', 'pypes']);
      const named = ['guard', 'approvals', 'audit'].includes(command) ? [command, String(rest[0])] : [command];
      const help = await pypes([...named, '--help']);
      expect([line, help.status]).toEqual([line, 0]);
      for (const option of rest.filter((word) => word.startsWith('--'))) expect(help.out).toContain(` ${option}`);
      expect(help.out).toMatch(new RegExp(`Usage: pypes ${named.join(' ')} `));
    }
  });
});
