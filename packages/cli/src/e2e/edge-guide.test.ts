// The guide to the edge says nothing that does not work: its commands run, its options exist, no variable is left out.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { edgeSkipReason } from '../../../service/src/backends/edge/testing/edge.ts';
import { SETTING_NAMES } from '../../../service/src/backends/workers/settings.ts';
import { PYPES } from './command.ts';

const guide = readFileSync(resolve(import.meta.dirname, '../../../../docs/guide/edge.md'), 'utf8');
const [start = '', use = ''] = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
const root = mkdtempSync(join(tmpdir(), 'pypes-edge-guide-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it.skipIf(edgeSkipReason !== undefined)(`its commands do what it says ${edgeSkipReason ?? ''}`, async () => {
  expect(start.trim()).toBe('pypes edge');
  const [, ...words] = start.trim().split(' ');
  const edge = spawn(process.execPath, [PYPES, ...words, '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const url = await new Promise<string>((found, failed) => {
      createInterface({ input: edge.stderr }).on('line', (line) => {
        if (line.includes('edge.started')) found((JSON.parse(line) as { url: string }).url);
      });
      edge.once('exit', failed);
    });
    const command = join(root, 'pypes');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${PYPES}" "$@"\n`);
    chmodSync(command, 0o755);
    const script = use.replaceAll('http://127.0.0.1:8787', url).replaceAll(/^curl .*$/gm, '$&; echo');
    const env = { ...process.env, PATH: `${root}:${process.env.PATH}` };
    const { stdout, stderr, status } = spawnSync('bash', ['-euc', script], { cwd: root, encoding: 'utf8', env });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
    const answers = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
    expect(answers).toMatchObject([
      { status: 'ok', agent_count: 1 },
      { status: 'ok', output: 1 },
      { status: 'ok', host: 'edge', pack_count: 1, packs: [{ name: 'my-agents' }] },
    ]);
  } finally {
    const gone = new Promise((done) => edge.once('exit', done));
    edge.kill('SIGKILL');
    await gone;
  }
});

describe('the guide to the edge', () => {
  it('names options that exist, and all of them', () => {
    const { stdout } = spawnSync(process.execPath, [PYPES, 'edge', '--help'], { encoding: 'utf8' });
    const optionsIn = (text: string) =>
      [...new Set(text.match(/--[a-z]+(-[a-z]+)*/g))].filter((name) => name !== '--help');
    const ours = guide.slice(0, guide.indexOf('## At Cloudflare'));
    expect(
      optionsIn(ours)
        .filter((name) => name !== '--guid')
        .toSorted(),
    ).toEqual(optionsIn(stdout).toSorted());
  });

  it('names every variable that a Worker reads, and no other', () => {
    const named = [...new Set(guide.match(/PYPES_[A-Z]+(_[A-Z]+)*/g))];
    const plain = SETTING_NAMES.filter((name) => !name.startsWith('PYPES_LIMITS_'));
    expect(plain.filter((name) => !named.includes(name))).toEqual([]);
    expect(named.filter((name) => name !== 'PYPES_LIMITS' && !SETTING_NAMES.includes(name))).toEqual([]);
  });
});
