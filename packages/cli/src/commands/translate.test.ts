// pypes translate and pypes eject: what they print, what they write, and when they refuse.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PYPES } from '../e2e/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'pypes-cli-translate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pypes = (...args: string[]) => spawnSync(process.execPath, [PYPES, ...args], { encoding: 'utf8', cwd: folder });
const source = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

const GREET =
  '(def AGENT {:name "greet" :parameters {:type "object" :properties {:n {:type "integer"}} :required ["n"]}})\n(defn run [context n] {:double (* 2 n)})\n';

describe('pypes translate', () => {
  it('prints the translation', () => {
    const { status, stdout } = pypes('translate', source('greet.lispy', GREET), '--to', 'js');
    expect([status, stdout.includes('export const AGENT')]).toEqual([0, true]);
  });

  it('writes it once, and again only with --force', () => {
    const file = source('greet.lispy', GREET);
    expect(pypes('translate', file, '--to', 'py', '--out', 'greet.py', '--json').stdout).toBe(
      '{"status":"ok","file":"greet.py"}\n',
    );
    const written = readFileSync(join(folder, 'greet.py'), 'utf8');
    writeFileSync(join(folder, 'greet.py'), 'mine');
    expect(pypes('translate', file, '--to', 'py', '--out', 'greet.py').status).toBe(3);
    expect(readFileSync(join(folder, 'greet.py'), 'utf8')).toBe('mine');
    expect(pypes('translate', file, '--to', 'py', '--out', 'greet.py', '--force').status).toBe(0);
    expect(readFileSync(join(folder, 'greet.py'), 'utf8')).toBe(written);
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('lists all that does not translate, and writes nothing', () => {
    const file = source(
      'hard.mjs',
      'export const AGENT = { name: "hard" };\nexport async function run(context, { s }) {\n  return /a/.test(s);\n}\n',
    );
    const { status, stdout } = pypes('translate', file, '--to', 'lua', '--out', 'hard.lua', '--json');
    expect(status).toBe(2);
    const said = JSON.parse(stdout) as {
      readonly code: string;
      readonly verdicts: readonly { readonly line: number; readonly construct: string }[];
    };
    expect(said.code).toBe('unsupported');
    expect(said.verdicts).toContainEqual(
      expect.objectContaining({ file: 'hard.mjs', line: 3, column: 10, construct: 'regular expression' }),
    );
    expect(said.verdicts.length).toBeGreaterThan(1);
    expect(existsSync(join(folder, 'hard.lua'))).toBe(false);
    expect(pypes('translate', file, '--to', 'lua').stderr).toContain('hard.mjs:3:10 regular expression');
  });

  it('checks both on generated arguments', () => {
    const { status, stdout } = pypes(
      'translate',
      source('greet.lispy', GREET),
      '--to',
      'js',
      '--check',
      '200',
      '--json',
    );
    const { check } = JSON.parse(stdout) as { readonly check: object };
    expect([status, check]).toEqual([0, { calls: 200, values: 200, refused: 0, differences: [] }]);
  });

  it.each([
    [['translate', 'nowhere.py', '--to', 'js']],
    [['translate', 'greet.lispy', '--to', 'ruby']],
    [['translate', 'greet.lispy', '--to', 'lispy']],
    [['translate', 'greet.lispy']],
    [['translate', 'greet.lispy', '--to', 'js', '--check', 'many']],
    [['translate', 'greet.lispy', '--to', 'js', '--out', 'no/such/folder.mjs']],
  ])('%j is a mistake of usage', (args) => {
    source('greet.lispy', GREET);
    expect(pypes(...args).status).toBe(2);
  });
});

describe('pypes eject', () => {
  it('writes a file that runs alone', () => {
    const { status, stdout } = pypes('eject', source('greet.lispy', GREET), '--out', 'alone.mjs', '--json');
    expect([status, stdout]).toEqual([0, '{"status":"ok","file":"alone.mjs"}\n']);
    const ran = spawnSync(process.execPath, ['alone.mjs', '{"n": 21}'], { encoding: 'utf8', cwd: folder, env: {} });
    expect([ran.status, ran.stdout]).toEqual([0, '{"double":42}\n']);
    expect(pypes('eject', 'greet.lispy', '--out', 'alone.mjs').status).not.toBe(0);
  });

  it('says that executables stand alone already', () => {
    const { status, stderr } = pypes('eject', source('tool', '#!/bin/sh\n'));
    expect([status, stderr.includes('alone already')]).toEqual([2, true]);
  });
});
