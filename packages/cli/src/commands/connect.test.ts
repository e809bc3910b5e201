// pypes connect: what it shows is what it writes, what else is in a file stays, and no secret gets into it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLIENTS } from '../connect/clients.ts';
import { PYPES } from '../e2e/command.ts';

function setup() {
  const home = mkdtempSync(join(tmpdir(), 'pypes-connect-'));
  const run = (...args: readonly string[]) => {
    const env = { ...process.env, HOME: home, PYPES_TOKEN: 'a-secret-token' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [PYPES, 'connect', ...args], {
      cwd: home,
      env,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const json = (...args: readonly string[]) => JSON.parse(run(...args, '--json').stdout);
  return { home, run, json };
}

test.each(Object.keys(CLIENTS))('%s: what is shown is written, once', (client) => {
  const { home, json, run } = setup();
  const shown = json(client, '.');
  expect(shown.written).toBe(false);
  expect(statSync(shown.file, { throwIfNoEntry: false })).toBeUndefined();
  expect(json(client, '.', '--write').written).toBe(true);
  expect(JSON.parse(readFileSync(shown.file, 'utf8'))).toEqual(shown.config);
  expect(json(client, '.', '--write').written).toBe(false);
  const entry = Object.values(shown.config as Record<string, Record<string, { command: string; args: string[] }>>)[0]
    ?.pypes;
  expect(entry?.args.slice(1)).toEqual(['mcp', home, '--root', join(home, '.pypes')]);
  expect(run(client, '.').stdout).toContain(shown.file);
});

test.each(Object.keys(CLIENTS))('%s: a token is named, never written', (client) => {
  const { json } = setup();
  const { file } = json(client, '--url', 'http://127.0.0.1:7080', '--token', '--write');
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain('a-secret-token');
  expect(text).toContain('PYPES_TOKEN');
  expect(text).toContain('http://127.0.0.1:7080/mcp');
});

test('what else is in the file stays as it is, with its access rights', () => {
  const { home, json } = setup();
  const file = join(home, '.cursor/mcp.json');
  mkdirSync(dirname(file));
  writeFileSync(file, '{"theme": "dark", "mcpServers": {"other": {"url": "x"}}}', { mode: 0o640 });
  json('cursor', '.', '--write', '--name', 'mine');
  const after = JSON.parse(readFileSync(file, 'utf8'));
  expect(after).toMatchObject({ theme: 'dark', mcpServers: { other: { url: 'x' }, mine: {} } });
  expect(statSync(file).mode & 0o777).toBe(0o640);
});

describe('refused', () => {
  test.each([
    [['nobody']],
    [['cursor', '--name', 'a b']],
    [['claude-desktop', '--project']],
    [['cursor', '--token']],
    [['cursor', '.', '--url', 'http://127.0.0.1:7080']],
    [['cursor', '--url', 'ftp://127.0.0.1']],
    [['cursor', '--url', 'http://me:pass@127.0.0.1:7080']],
  ])('%j', (args) => {
    expect(setup().run(...args).status).toBe(2);
  });

  test.each(['// a comment\n{}', '[]', '{"mcpServers": []}'])('to change a file that holds %j', (text) => {
    const { home, run } = setup();
    mkdirSync(join(home, '.cursor'));
    writeFileSync(join(home, '.cursor/mcp.json'), text);
    expect(run('cursor', '.', '--write').status).toBe(2);
    expect(readFileSync(join(home, '.cursor/mcp.json'), 'utf8')).toBe(text);
  });
});
