// The guide to runs says nothing that does not work: its files are written, its commands are run, their answers compared.
import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PYPES } from './command.ts';
import { newFolder, startServer, stopServers } from './server.ts';
import { pypes } from './skills.fixtures.ts';

const project = resolve(import.meta.dirname, '../../../..');
const guide = readFileSync(join(project, 'docs/guide/runs.md'), 'utf8');
const blocks = [...guide.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const missing = ['bash', 'curl', 'jq', 'cmp'].filter((program) => spawnSync(program, ['--version']).status !== 0);
const why = missing.length === 0 ? '' : ` (needs ${missing.join(', ')})`;
const SERVE = 'pypes serve --config pypes.toml\n';
const MARK = '<<<end of block>>>';

/** Commands with what they print; the one that serves is started beside them. */
const commands = blocks.flatMap(({ language, text }, index) =>
  language === 'sh' && text !== SERVE ? [{ text, answer: blocks[index + 1] }] : [],
);
/** Files say in their first line where they lie. */
const files = blocks.flatMap(({ text }) => {
  const [, path] = /^(?:#|--|\/\/) (\S+\/?\.?\w+)\n/.exec(text) ?? [];
  return path === undefined ? [] : [{ path, text }];
});

describe.skipIf(missing.length > 0)(`the commands of the guide to runs${why}`, () => {
  let outputs: readonly string[] = [];

  beforeAll(async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'agents'));
    cpSync(join(project, 'agents/unit-convert.lispy'), join(cwd, 'agents/unit-convert.lispy'));
    for (const { path, text } of files) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    const env = { CI_TOKEN: 'ci-token-0123456789', WATCHER_TOKEN: 'watcher-token-0123456789' };
    expect(blocks.map(({ text }) => text)).toContain(SERVE);
    const { url } = await startServer(
      {},
      { folder: join(cwd, 'agents'), args: ['--config', join(cwd, 'pypes.toml')], env },
    );
    const script = [
      `pypes() { '${process.execPath}' '${PYPES}' "$@"; }`,
      ...commands.map(({ text }) => `${text}\necho '${MARK}'`),
    ].join('\n');
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-euo', 'pipefail', '-c', script.replaceAll('http://127.0.0.1:7080', url)],
      { cwd, env: { ...process.env, ...env } },
    );
    outputs = stdout.split(`${MARK}\n`);
  }, 120_000);
  afterAll(stopServers);

  it.each(commands.map(({ text }, index) => [index, text.split('\n')[0]]))('%i: %s', (index) => {
    const { answer } = commands[index as number] as (typeof commands)[number];
    expect(answer?.language).toBe('text');
    expect(outputs[index as number]).toBe(answer?.text);
  });
});

describe('the guide to runs', () => {
  it('has files, commands and links that are there', () => {
    expect(files.map(({ path }) => path)).toEqual([
      'pypes.toml',
      'blueprints/marathon/agent.toml',
      'blueprints/marathon/pace.lua',
      'blueprints/marathon/words.mjs',
      'suites/tenants/acme/lengths.yaml',
    ]);
    expect(commands.length).toBeGreaterThan(7);
    for (const [, link = ''] of guide.matchAll(/\]\(([^)#]+)/g)) {
      expect([link, spawnSync('test', ['-e', resolve(project, 'docs/guide', link)]).status]).toEqual([link, 0]);
    }
  });

  it('names every command over runs, and options that exist', { timeout: 60_000 }, async () => {
    const help = async (...names: readonly string[]) => (await pypes([...names, '--help'])).out;
    const runs = [...(await help('runs')).matchAll(/^ {2}(\w+) \[options\]/gm)].map(([, name = '']) => name);
    expect(runs.length).toBeGreaterThan(3);
    for (const name of runs)
      expect([name, new RegExp(`pypes runs ${name}|\`${name} RUN`).test(guide)]).toEqual([name, true]);
    const all = await Promise.all([
      ...runs.map((name) => help('runs', name)),
      ...[['run'], ['serve'], ['eval'], ['config', 'check'], ['vault', 'set']].map((names) => help(...names)),
    ]);
    const known = new Set(all.join('\n').match(/--[a-z][a-z-]+/g));
    expect([...new Set(guide.match(/--[a-z][a-z-]+/g))].filter((option) => !known.has(option))).toEqual([]);
  });
});
