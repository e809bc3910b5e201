// `pypes eval` as a process: what it prints and writes, and its exit codes.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { PYPES } from '../e2e/command.ts';

const SUITE = `name: doubles # mine
agent: double
gate: { min_average_score: 1, max_regression: 0 }
cases:
  - { id: one, input: { n: 1 }, expect: 2 }
  - id: marked
    input: { n: 4 }
    scorer: { use: agent, agent: marker }
    pass_score: 0.5
`;

function newFolder(files: { readonly [path: string]: string } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-eval-'));
  mkdirSync(join(folder, 'agents'));
  const double =
    '(def AGENT {:name "double" :parameters {:type "object" :properties {:n {:type "number"}} :required ["n"]}})\n(defn run [context n] (* 2 n))';
  const marker =
    '(def AGENT {:name "marker"})\n(defn run [context input output] (if (= output 8) {:score 1 :reason "as it should be"} 0))';
  const all = { 'agents/double.lispy': double, 'agents/marker.lispy': marker, 'suite.yaml': SUITE, ...files };
  for (const [path, text] of Object.entries(all)) writeFileSync(join(folder, path), text);
  return folder;
}

function pypes(
  cwd: string,
  args: readonly string[],
  input = '',
): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PYPES, 'eval', ...args], {
    cwd,
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('pypes eval', () => {
  it('passes, saves a baseline, and fails against it when the agent gets worse', () => {
    const cwd = newFolder();
    const good = pypes(cwd, ['suite.yaml', '--save-baseline', 'base.json', '--report', 'junit', '--out', 'report.xml']);
    expect([good.status, good.stdout]).toEqual([0, expect.stringContaining('The gate passes')]);
    expect(good.stderr).toContain('2/2');
    expect(readFileSync(join(cwd, 'report.xml'), 'utf8')).toContain('<testsuites tests="3" failures="0"');

    writeFileSync(join(cwd, 'suite.yaml'), SUITE.replace('min_average_score: 1', 'min_average_score: 0'));
    const agent = join(cwd, 'agents/double.lispy');
    writeFileSync(agent, readFileSync(agent, 'utf8').replace('(* 2 n)', '(+ n n n)'));
    expect(pypes(cwd, ['suite.yaml', '--json']).status).toBe(0);
    const worse = pypes(cwd, ['suite.yaml', '--baseline', 'base.json', '--repeat', '2', '--json']);
    expect([worse.status, JSON.parse(worse.stdout)]).toEqual([
      4,
      expect.objectContaining({ status: 'failed', gate_decision: expect.objectContaining({ decision: 'fail' }) }),
    ]);
    expect((JSON.parse(worse.stdout) as { scorecard: JsonObject }).scorecard.stability).toMatchObject({ share: 1 });
  });

  it('prints a report instead of the table where it is not told a file', () => {
    const { status, stdout } = pypes(newFolder(), ['suite.yaml', '--report', 'md']);
    expect([status, stdout]).toEqual([0, expect.stringContaining('# doubles: pass')]);
  });

  it.each<[string, readonly string[], number]>([
    ['no such file', ['none.yaml'], 2],
    ['a suite with faults', ['bad.yaml'], 2],
    ['a file of another kind', ['agents/double.lispy'], 2],
    ['an agent that is not there', ['suite.yaml', '--agent', 'nobody'], 2],
    ['a judge without a model', ['judge.yaml'], 2],
    ['a baseline that is not there', ['suite.yaml', '--baseline', 'none.json'], 2],
    ['a baseline that is none', ['suite.yaml', '--baseline', 'suite.yaml'], 2],
    ['a report of no kind', ['suite.yaml', '--report', 'pdf'], 2],
    ['a file and no report', ['suite.yaml', '--out', 'x'], 2],
    ['no cases', ['empty.yaml'], 4],
    ["a gate's baseline that is not there", ['gated.yaml'], 4],
  ])('with %s: %j → %i', (_what, args, status) => {
    const judge = SUITE.replace('expect: 2', 'scorer: { use: llm_judge, criteria: x }');
    const cwd = newFolder({
      'bad.yaml': SUITE.replace('expect: 2', 'expct: 2'),
      'judge.yaml': judge,
      'empty.yaml': 'name: x\nagent: double\ngate: {min_average_score: 0}\ncases: []\n',
      'gated.yaml': SUITE.replace('max_regression: 0', 'max_regression: 0, baseline: none.json'),
    });
    const result = pypes(cwd, args);
    expect([result.status, result.stderr]).toEqual([status, expect.any(String)]);
    if (args[0] === 'bad.yaml')
      expect(result.stderr).toContain('bad.yaml:5:33 A case has no key "expct"; did you mean "expect"?');
  });

  it('saves a finished run as a case, once', () => {
    const cwd = newFolder();
    const run = { run_id: 'r1', status: 'finished', request: { agent: 'double', input: { n: 21 } }, result: 42 };
    const add = (value: object, ...more: readonly string[]) =>
      pypes(cwd, ['add-case', 'suite.yaml', '-', ...more], JSON.stringify(value));
    const added = add(run, '--id', 'answer', '--tag', 'saved', '--json');
    expect([added.status, JSON.parse(added.stdout)]).toEqual([0, { status: 'ok', case: 'answer' }]);
    const text = readFileSync(join(cwd, 'suite.yaml'), 'utf8');
    expect(text).toContain('# mine');
    expect(pypes(cwd, ['suite.yaml', '--json']).status).toBe(0);
    expect(add(run).status).toBe(3);
    expect(add({ ...run, status: 'failed' }).status).toBe(3);
    expect(add({ status: 'finished' }).status).toBe(2);
    expect(readFileSync(join(cwd, 'suite.yaml'), 'utf8')).toBe(text);
  });
});
