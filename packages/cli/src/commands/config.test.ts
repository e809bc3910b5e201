// pypes config as people use it: what counts and from where, what is refused, and no secret on any screen.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PYPES } from '../e2e/command.ts';

const SECRET = 'sesame-open-42-please';
const cwd = mkdtempSync(join(tmpdir(), 'pypes-config-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
beforeAll(() => {
  const auth = '[auth]\nmode = "static_token"\n[[auth.token]]\nname = "ci"\nenv = "CI_TOKEN"\nscopes = ["runs:read"]\n';
  writeFileSync(join(cwd, 'pypes.toml'), `[service]\nport = 7081\n${auth}`);
  writeFileSync(join(cwd, 'wrong.toml'), `[service]\nprot = 1\n[[auth.token]]\ntoken = "${SECRET}"\n`);
});

function run(args: readonly string[], more: { readonly [name: string]: string } = { CI_TOKEN: SECRET }) {
  const { PYPES_ROOT: _root, PYPES_PORT: _port, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [PYPES, 'config', ...args], {
    encoding: 'utf8',
    cwd,
    env: { ...env, NO_COLOR: '1', ...more },
  });
  return { status, text: stdout + stderr, json: () => JSON.parse(stdout) as JsonObject };
}

describe('show', () => {
  it.each([['show'], []])('says what counts, and from where: %j', (...args) => {
    const { status, text } = run(args, { CI_TOKEN: SECRET, PYPES_LOG_LEVEL: 'warn' });
    expect(status).toBe(0);
    const rows = new Map(
      text
        .trim()
        .split('\n')
        .map((line) => [line.split(/ {2,}/)[0], line.split(/ {2,}/).slice(1)]),
    );
    expect([rows.get('service.port'), rows.get('service.log_level'), rows.get('service.host')]).toEqual([
      ['7081', 'pypes.toml:2'],
      ['"warn"', 'PYPES_LOG_LEVEL'],
      ['"127.0.0.1"', 'default'],
    ]);
    expect(rows.get('auth.token[0]')?.[0]).toContain('env = "CI_TOKEN"');
    expect(text).not.toContain(SECRET);
  });

  it('says it as JSON', () => {
    const { status, text, json } = run(['--json']);
    expect(status).toBe(0);
    expect(json()).toMatchObject({ status: 'ok', file: 'pypes.toml' });
    expect(text).not.toContain(SECRET);
  });
});

describe('check', () => {
  it('is content with what is right', () => {
    expect(run(['check', '--json']).json()).toEqual({ status: 'ok', file: 'pypes.toml', given: 3 });
  });

  it('names every mistake with its place, and repeats no secret', () => {
    const { status, text } = run(['check', '--file', 'wrong.toml']);
    expect(status).toBe(2);
    expect(text).toContain('wrong.toml:2:1: [service] has no key "prot"; did you mean "port"?');
    expect(text).toContain('wrong.toml:4:1: "token" would hold the token itself');
    expect(text).not.toContain(SECRET);
  });

  it('misses a token that the environment does not have', () => {
    const { status, text } = run(['check'], {});
    expect([status, text.includes('CI_TOKEN is not set')]).toEqual([2, true]);
  });
});
