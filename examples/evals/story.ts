// A suite keeps an agent honest: it passes, it catches a change that breaks one answer, and it grows by a run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const work = mkdtempSync(join(tmpdir(), 'pypes-story-'));

type Answer = {
  readonly gate_decision: { readonly decision: string; readonly reasons: readonly string[] };
  readonly scorecard: {
    readonly summary: { readonly passed: number; readonly total: number };
    readonly comparison?: { readonly regressed: readonly { readonly id: string }[] };
  };
};

function pypes(...args: readonly string[]): { readonly exit: number | null; readonly answer: Answer } {
  const bin = resolve(here, '../../packages/cli/bin/pypes.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args, '--json'], {
    cwd: work,
    encoding: 'utf8',
  });
  assert.notEqual(stdout, '', stderr);
  return { exit: status, answer: JSON.parse(stdout) as Answer };
}

try {
  mkdirSync(join(work, 'agents'));
  copyFileSync(resolve(here, '../../agents/unit-convert.lispy'), join(work, 'agents/unit-convert.lispy'));
  for (const name of ['units.yaml', 'units.baseline.json']) copyFileSync(join(here, name), join(work, name));

  // The bundled agent is as good as when the baseline was saved.
  const good = pypes('eval', 'units.yaml');
  assert.deepEqual([good.exit, good.answer.gate_decision.decision], [0, 'pass']);
  assert.equal(good.answer.scorecard.summary.passed, good.answer.scorecard.summary.total);

  // Somebody "simplifies" a factor. The gate says which case it broke, and the report can be opened in a browser.
  const agent = join(work, 'agents/unit-convert.lispy');
  const source = readFileSync(agent, 'utf8');
  writeFileSync(agent, source.replace('"GiB" 1073741824', '"GiB" 1000000000'));
  const broken = pypes('eval', 'units.yaml', '--report', 'html', '--out', 'report.html');
  assert.deepEqual([broken.exit, broken.answer.gate_decision.decision], [4, 'fail']);
  assert.deepEqual(
    broken.answer.scorecard.comparison?.regressed.map(({ id }) => id),
    ['gibibytes'],
  );
  const report = readFileSync(join(work, 'report.html'), 'utf8');
  assert.match(report, /gibibytes/);
  assert.doesNotMatch(report, /<script/);
  writeFileSync(agent, source);

  // A run that went well becomes a case; the comments of the file stay.
  const run = {
    run_id: 'knots',
    status: 'finished',
    request: { agent: 'unit-convert', input: { value: 10, from: 'kn', to: 'km/h' } },
    result: { value: 18.52, unit: 'km/h', kind: 'speed' },
  };
  writeFileSync(join(work, 'run.json'), JSON.stringify(run));
  assert.equal(pypes('eval', 'add-case', 'units.yaml', 'run.json', '--tag', 'speed').exit, 0);
  const longer = readFileSync(join(work, 'units.yaml'), 'utf8');
  assert.match(longer, /# Powers of two and powers of ten/);
  assert.equal(pypes('eval', 'units.yaml').answer.scorecard.summary.passed, 7);
  console.log('The suite passed, caught the change, and has one case more');
} finally {
  rmSync(work, { recursive: true, force: true });
}
