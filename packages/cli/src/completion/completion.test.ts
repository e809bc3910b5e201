// Real shells complete: each is given the script and a line, and says what it would offer.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCommands } from '../commands.ts';
import { PYPES } from '../e2e/command.ts';
import { PARTS } from '../parts/table.ts';

const home = mkdtempSync(join(tmpdir(), 'pypes-completion-'));
const env = { PATH: `${join(home, 'bin')}:${process.env.PATH}`, HOME: home, PYPES_ROOT: join(home, 'root') };
afterAll(() => rmSync(home, { recursive: true, force: true }));

beforeAll(() => {
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin/pypes'), `#!/bin/sh\nexec "${process.execPath}" "${PYPES}" "$@"\n`);
  chmodSync(join(home, 'bin/pypes'), 0o755);
  mkdirSync(join(home, 'agents/inner'), { recursive: true });
  writeFileSync(join(home, 'agents/notes.txt'), '');
  writeFileSync(
    join(home, 'agents/greet.mjs'),
    'export const AGENT = { name: "greet-someone", description: "Greets." };\nexport const run = () => "hi";\n',
  );
  for (const shell of ['bash', 'zsh', 'fish']) {
    writeFileSync(join(home, shell), execFileSync(join(home, 'bin/pypes'), ['completion', shell], { env }));
  }
});

type Complete = (...line: readonly string[]) => readonly string[];

const bash: Complete = (...line) => {
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pypes; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return lines(spawnSync('bash', ['--norc', '-c', script, 'bash', join(home, 'bash'), 'pypes', ...line], options()));
};

const fish: Complete = (...line) => {
  const said = spawnSync(
    'fish',
    [
      '--no-config',
      '-c',
      'source $argv[1]; complete -C "$argv[2]"',
      '--',
      join(home, 'fish'),
      ['pypes', ...line].join(' '),
    ],
    options(),
  );
  return lines(said).map((each) => each.split('\t')[0] ?? '');
};

/** zsh has no way to ask: the functions that offer are replaced by ones that print. */
const zsh: Complete = (...line) => {
  const script = `
    compdef() { }; compset() { words[CURRENT]=\${words[CURRENT]#*=} }
    _files() { print -l -- @files$* }
    compadd() { shift; print -l -- $* }
    _describe() { local name=\${@[-1]}; print -l -- \${\${(P)name}%%:*} }
    source "$1"; shift; words=("$@"); CURRENT=$#; _pypes`;
  return lines(spawnSync('zsh', ['-f', '-c', script, 'zsh', join(home, 'zsh'), 'pypes', ...line], options()));
};

const options = () => ({ env, cwd: home, encoding: 'utf8' as const });

function lines({ stdout, stderr, status }: { stdout: string; stderr: string; status: number | null }) {
  expect({ status, stderr }).toEqual({ status: expect.any(Number), stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
}

const SHELLS: readonly (readonly [string, Complete, (word: string) => boolean])[] = [
  // bash matches itself, the others are given everything.
  ['bash', bash, (word) => word !== ''],
  ['zsh', zsh, () => false],
  ['fish', fish, (word) => word !== ''],
];

for (const [shell, complete, matches] of SHELLS) {
  const missing = spawnSync(shell, ['-c', 'true']).status !== 0;
  describe(missing ? `${shell} (skipped: it is not installed)` : shell, { skip: missing }, () => {
    it('knows every command', async () => {
      const { Command } = await import('commander');
      const program = new Command('pypes');
      for (const register of await loadCommands([])) register(program);
      expect(complete('')).toEqual(expect.arrayContaining(program.commands.map((command) => command.name())));
    });

    it('knows what is below a command', () => {
      expect(complete('runs', '')).toEqual(expect.arrayContaining(['list', 'show', 'cancel', 'replay', 'artifact']));
    });

    it('knows options, of this command and no other', () => {
      const found = complete('serve', '--');
      expect(found).toEqual(expect.arrayContaining(['--port', '--log-level', '--auth-required']));
      expect(found).not.toContain('--lang');
    });

    it('knows the values of an option', () => {
      expect(complete('serve', '--log-level', '').toSorted()).toEqual(['debug', 'error', 'info', 'warn']);
      if (matches('w')) expect(complete('serve', '--log-level', 'w')).toEqual(['warn']);
    });

    it('knows the values of an argument, after options with values and flags', () => {
      const parts = PARTS.map(({ name }) => name).sort();
      expect(complete('parts', 'add', '--json', '').toSorted()).toEqual(parts);
      expect(complete('parts', 'add', 's3', '').toSorted()).toEqual(parts);
      expect(complete('connect', '--root', 'runs', '')).toContain('claude');
    });

    it('offers nothing where anything may come', () => {
      expect(complete('serve', '--port', '')).toEqual([]);
    });

    it('knows the agents that are here', () => {
      expect(complete('call', '')).toEqual(['greet-someone']);
    });
  });
}

describe('bash', () => {
  it('takes a value after an equals sign, which it makes a word of', () => {
    expect(bash('serve', '--log-level', '=', 'd')).toEqual(['debug']);
    expect(bash('serve', '--log-level', '=')).toEqual(['debug', 'info', 'warn', 'error']);
  });

  it('offers files where files go, and folders where folders go', () => {
    expect(bash('test', 'agents/').toSorted()).toEqual(['agents/greet.mjs', 'agents/inner', 'agents/notes.txt']);
    expect(bash('serve', 'agents/')).toEqual(['agents/inner']);
  });

  it('runs nothing that a name of a file says', () => {
    writeFileSync(join(home, '$(touch pwned)'), '');
    expect(bash('test', '$')).toEqual(['$(touch pwned)']);
    expect(bash('test', 'pw')).toEqual([]);
  });
});

it('refuses a shell that it does not know', () => {
  expect(spawnSync(join(home, 'bin/pypes'), ['completion', 'tcsh'], { env }).status).toBe(2);
});
