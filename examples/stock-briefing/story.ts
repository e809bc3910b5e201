// A briefing in three variants: one that is proven and runs, one that leaks by a wire, one that leaks by workflow data.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const root = mkdtempSync(join(tmpdir(), 'pypes-story-'));

type Answer = {
  readonly status: string;
  readonly code?: string;
  readonly output?: unknown;
  readonly findings?: readonly Finding[];
};
type Finding = {
  readonly code: string;
  readonly severity: string;
  readonly path: readonly { readonly title: string }[];
};

function pypes(...args: readonly string[]): { readonly exit: number | null; readonly answer: Answer } {
  const bin = resolve(here, '../../packages/cli/bin/pypes.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args, '--json'], {
    cwd: here,
    encoding: 'utf8',
  });
  assert.notEqual(stdout, '', stderr);
  return { exit: status, answer: JSON.parse(stdout) as Answer };
}

/** `CODE: from → … → to`, for each error. */
const errors = ({ findings = [] }: Answer): readonly string[] =>
  findings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, path }) => `${code}: ${path.map(({ title }) => title).join(' → ')}`)
    .sort();

try {
  // A public price, to an address that the blueprint names: proven, then run.
  assert.equal(pypes('check', 'safe.toml').exit, 0);
  const run = (symbol: string) =>
    pypes('run', 'safe.toml', '--input', JSON.stringify({ symbol }), '--root', root).answer;
  assert.deepEqual(run('ACME').output, { price: 120.5, mailed: 'To me@example.com: ACME is at 120.5' });
  assert.deepEqual(run('TINY').output, { price: 3.25, mailed: 'nothing' });

  // An orchestrator that reads what the person owns and may send: the finding has the way that the data takes.
  const wire = pypes('check', 'leak-by-wire.toml');
  assert.equal(wire.exit, 2);
  const byWire = 'portfolio.holdings → step "brief" (orchestrator.brief) → mail.send → message of mail.send';
  assert.ok(errors(wire.answer).includes(`PB901: ${byWire}`), errors(wire.answer).join('\n'));

  // No component calls another; the data of the workflow carries the holdings through the price into the mail.
  const flow = pypes('check', 'leak-by-workflow.toml');
  assert.equal(flow.exit, 2);
  const byFlow =
    'step "holdings" (portfolio.holdings) → step "price" (market.get-price) → step "mail" (mail.send) → message of mail.send';
  assert.deepEqual(errors(flow.answer), [`PB401: ${byFlow}`, `PB901: ${byFlow}`]);

  // What is refused is not run.
  for (const file of ['leak-by-wire.toml', 'leak-by-workflow.toml']) {
    const refused = pypes('run', file, '--input', '{"symbol":"ACME"}', '--root', root);
    assert.deepEqual([refused.exit, refused.answer.code], [2, 'policy_denied']);
  }
  console.log('The safe briefing was proven and ran; both leaks were found, with their way, and nothing of them ran');
} finally {
  rmSync(root, { recursive: true, force: true });
}
