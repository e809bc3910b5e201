// The guide to runs over HTTP says nothing that does not work: its commands are run, its answers are what comes.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Json, JsonObject } from '@pypes/contract';
import { RUNS_ROUTES, RUNS_SCOPES } from '@pypes/contract/runs';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RealWorld, startReal } from './testing/real.ts';

const project = resolve(import.meta.dirname, '../../../../..');
const guide = readFileSync(join(project, 'docs/guide/runs-http.md'), 'utf8');
const blocks = [...guide.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const isMissing = (program: string) => spawnSync(program, ['--version']).status !== 0;
const missing = ['bash', 'curl', 'jq'].filter(isMissing);
const why = missing.length === 0 ? '' : ` (needs ${missing.join(', ')})`;

describe.skipIf(missing.length > 0)(`the commands of the guide${why}`, () => {
  let world: RealWorld;
  let outputs: readonly string[] = [];
  const commands = blocks.flatMap(({ language, text }, index) =>
    language === 'sh' ? [{ text, answer: blocks[index + 1] }] : [],
  );
  const folder = mkdtempSync(join(tmpdir(), 'pypes-guide-'));

  beforeAll(async () => {
    const source = readFileSync(join(project, 'agents/unit-convert.lispy'), 'utf8');
    world = await startReal([createLispyRuntime()], [{ filename: 'unit-convert.lispy', source }]);
    const mark = '<<<end of block>>>';
    const script = commands.map(({ text }) => `${text}\necho; echo '${mark}'`).join('\n');
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-euo', 'pipefail', '-c', script.replaceAll('http://127.0.0.1:7080', world.server.url)],
      { cwd: folder },
    );
    outputs = stdout.split(`${mark}\n`).map((output) => output.trimEnd());
  });
  afterAll(async () => {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(commands.map(({ text }, index) => [index, text.split('\n')[0]]))('%i: %s', (index) => {
    const { answer } = commands[index as number] as (typeof commands)[number];
    const output = outputs[index as number] as string;
    if (answer?.language === 'json') expect(difference(JSON.parse(answer.text), JSON.parse(output))).toBeUndefined();
    else {
      expect(answer?.language).toBe('text');
      const lines = (answer?.text ?? '').trimEnd().split('\n');
      const got = output.split('\n');
      expect(got.map((line, at) => (lines[at]?.includes('…') ? line.replace(/"[^"]+"/, '"…"') : line))).toEqual(lines);
    }
  });

  test('leave a zip behind', () => {
    expect(readFileSync(join(folder, 'bundle.zip')).subarray(0, 2).toString()).toBe('PK');
  });
});

test('the guide has every route, every scope, and every status of a failure', () => {
  for (const { method, path } of RUNS_ROUTES) {
    if (path !== '/openapi.json' && !path.endsWith('{path}')) expect(guide).toContain(`\`${method} ${path}\``);
  }
  for (const scope of RUNS_SCOPES) expect(guide).toContain(`\`${scope}\``);
  const statuses = RUNS_ROUTES.flatMap(({ answers }) => Object.keys(answers).filter((status) => Number(status) >= 400));
  const rows = [...guide.matchAll(/^\| (\d{3}(?: \d{3})*) /gm)].flatMap(([, row = '']) => row.split(' '));
  expect([...new Set(rows)].sort()).toEqual([...new Set([...statuses, '405'])].sort());
});

/** Where an answer is not what the guide says; `…` stands for anything, and as a key for more of them. */
function difference(wanted: Json, got: Json, at = ''): string | undefined {
  if (wanted === '…') return got === undefined ? `${at} is not there` : undefined;
  if (typeof wanted !== 'object' || wanted === null || typeof got !== 'object' || got === null) {
    return wanted === got ? undefined : `${at}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`;
  }
  const known = Object.keys(wanted).filter((key) => key !== '…');
  const more = Object.keys(got).filter((key) => !known.includes(key));
  if (more.length > 0 && !Object.hasOwn(wanted, '…')) return `${at} has ${more.join(', ')}`;
  for (const key of known) {
    const found = difference((wanted as JsonObject)[key] as Json, (got as JsonObject)[key] as Json, `${at}/${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
