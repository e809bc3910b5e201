// pypes add mcp, as a person types it: shown, agreed to, called, changed, agreed to again, taken out.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PYPES } from '../e2e/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'pypes-add-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const agents = join(folder, 'agents');
mkdirSync(agents);
const write = (description: string) =>
  writeFileSync(
    join(agents, 'hello.mjs'),
    `export const AGENT = { name: 'hello', description: ${JSON.stringify(description)} };\nexport const run = () => 'hi';`,
  );

const inner = ['--', process.execPath, PYPES, 'mcp', agents, '--root', join(folder, 'inner')];
function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PYPES, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr, json: () => JSON.parse(stdout) };
}
const add = (...args: readonly string[]) =>
  run('add', 'mcp', 'friend', '--json', '--root', join(folder, 'data'), ...args);
const call = () => run('call', 'hello', '--json', '--folder', join(folder, 'none'), '--root', join(folder, 'data'));

test('a server is mounted, used and taken out, with a yes for each change', { timeout: 120_000 }, () => {
  mkdirSync(join(folder, 'none'));
  write('Says hi\u001b[31m');
  expect(add(...inner).json()).toMatchObject({ mounted: false, tools: [{ name: 'hello', change: 'new' }] });
  expect(call().status).not.toBe(0);
  const shown = run('add', 'mcp', 'friend', '--root', join(folder, 'data'), ...inner);
  expect(shown.stdout).toContain('hello');
  expect(shown.stdout).not.toContain('\u001b[31m');
  expect(add('--yes', ...inner).json()).toMatchObject({ mounted: true });
  expect(call().json()).toEqual({ status: 'ok', output: 'hi' });
  write('Says something else');
  expect(call().json()).toMatchObject({ status: 'error', code: 'agent_broken' });
  expect(add('--update').json()).toMatchObject({ mounted: false, tools: [{ name: 'hello', change: 'changed' }] });
  expect(add('--update', '--yes').json()).toMatchObject({ mounted: true });
  expect(call().json()).toEqual({ status: 'ok', output: 'hi' });
  expect(add('--remove').json()).toEqual({ status: 'ok', removed: 'friend' });
  expect(call().status).not.toBe(0);
});

test.each([
  [[]],
  [['--url', 'ftp://example.com']],
  [['--url', 'https://me:secret@example.com/mcp']],
  [['--url', 'https://example.com', '--token-env', 'a secret']],
  [['--url', 'https://example.com', '--', 'command']],
  [['--update']],
])('%j is refused', (args) => {
  expect(add(...args).status).toBe(2);
});
