// `POST /v1/eval`: suites by name and by value, runs that are scored, targets that are run, and names that lead nowhere.
import { isPypesError, type Json, PypesError } from '@pypes/contract';
import type { EvalRequest, RunRecord, RunRequest } from '@pypes/contract/runs';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EvalEvent, type EvalServices, evaluate } from './evaluate.ts';
import { parseEvalRequest, parseTarget, pathsOfSuite } from './request.ts';

const SUITE = `name: doubles
agent: double
gate: {min_average_score: 1}
cases:
  - {id: one, input: {n: 1}, expect: 2, tags: [small]}
  - {id: two, input: {n: 2}, expect: 4}
`;

const recordOf = (run_id: string, request: RunRequest, rest: Partial<RunRecord> = {}): RunRecord => ({
  run_id,
  tenant: 'acme',
  status: 'finished',
  version: 2,
  attempt: 1,
  request,
  request_digest: 'sha256:0',
  trace: { trace_id: '0'.repeat(32), span_id: '0'.repeat(16) },
  created_at: '2026-01-01T00:00:00.000Z',
  ...rest,
});

const RUNS = new Map<string, RunRecord>(
  [
    recordOf('right', { agent: 'double', input: { n: 1 }, metadata: { secret: 1 } }, { result: 2 }),
    recordOf('wrong', { agent: 'double', input: { n: 2 } }, { result: 5 }),
    recordOf('other', { agent: 'double', input: { n: 9 } }, { result: 18 }),
    recordOf('open', { agent: 'double', input: { n: 1 } }, { status: 'running' }),
    recordOf(
      'broken',
      { agent: 'double', input: { n: 1 } },
      { status: 'failed', error: { type: 'timeout', message: 'Too slow', retryable: true, source: 'agent' } },
    ),
  ].map((record) => [record.run_id, record]),
);

function createDoor(files: { readonly [path: string]: string } = { 'math/doubles.yaml': SUITE }) {
  const events: EvalEvent[] = [];
  const kept = new Map<string, Json>();
  const started: unknown[] = [];
  const services: EvalServices = {
    scorers: { schemas: createAjvCompiler() },
    runs: {
      async start(request, { tenant }) {
        started.push([tenant, request]);
        if (request.agent === 'nobody') throw new PypesError('unknown_agent', 'There is no such agent');
        return recordOf('new', request, { result: Number(request.input.n) * 2 });
      },
      get: async ({ tenant, run_id }) => (tenant === 'acme' ? RUNS.get(run_id) : undefined),
    },
    artifacts: {
      async put({ tenant, run_id }, path, { bytes, mediaType }) {
        expect(mediaType).toBe('application/json');
        kept.set(`${tenant}/${run_id}/${path}`, JSON.parse(new TextDecoder().decode(bytes)) as Json);
      },
    },
    readSuite: async (path, tenant) => (tenant === 'acme' ? files[path] : undefined),
    onEvent: (event) => void events.push(event),
    now: () => 0,
  };
  const ask = (body: Json, tenant = 'acme') =>
    evaluate(body as EvalRequest, { tenant, signal: new AbortController().signal }, services);
  const codeOf = (body: Json, tenant?: string) =>
    ask(body, tenant).then(
      () => 'ok',
      (error) => (isPypesError(error) ? error.code : String(error)),
    );
  return { ask, codeOf, events, kept, started };
}

const refusals = (work: () => unknown) => expect(work).toThrow(expect.objectContaining({ code: 'invalid_request' }));

describe('without a run', () => {
  test("every case is run on the suite's target, or on another one", async () => {
    const { ask, started, kept, events } = createDoor();
    const { scorecard, gate_decision } = await ask({ suite_ref: 'math/doubles' });
    expect([scorecard.summary.passed, scorecard.target, gate_decision.decision]).toEqual([
      2,
      { agent: 'double' },
      'pass',
    ]);
    expect(started).toEqual([
      ['acme', { agent: 'double', input: { n: 1 } }],
      ['acme', { agent: 'double', input: { n: 2 } }],
    ]);
    expect(kept.size).toBe(0);
    expect(events.map(({ event_type, actor }) => [event_type, actor])).toEqual([
      ['eval.suite.started', 'evaluation'],
      ['eval.suite.finished', 'evaluation'],
      ['eval.gate.decision', 'evaluation'],
    ]);
    const other = await ask({ suite_ref: 'math/doubles', config_ref: 'agent:tools/nobody' });
    expect(other.scorecard.target).toEqual({ agent: 'nobody', pack: 'tools' });
    expect(other.scorecard.cases.map(({ failure }) => failure?.code)).toEqual(['unknown_agent', 'unknown_agent']);
    expect(other.gate_decision.decision).toBe('fail');
  });

  test('a suite comes as an object, or as a text', async () => {
    const { ask, codeOf } = createDoor();
    const cases = [{ id: 'x', input: { n: 3 }, expect: 6 }];
    const suite = { name: 'x', agent: 'double', gate: { min_average_score: 1 }, cases };
    expect((await ask({ suite })).gate_decision.decision).toBe('pass');
    expect((await ask({ suite: SUITE })).gate_decision.decision).toBe('pass');
    expect(await codeOf({ suite: `${SUITE}#${' '.repeat(500_000)}` })).toBe('too_large');
    const { agent: _, ...nameless } = suite;
    expect(await codeOf({ suite: nameless })).toBe('invalid_request');
    expect(await codeOf({ suite: nameless, config_ref: 'blueprint:b' })).toBe('ok');
  });

  test('a gate without its baseline fails; with it, it is compared', async () => {
    const gated = SUITE.replace('min_average_score: 1', 'min_average_score: 0, max_regression: 0, baseline: base.json');
    const without = await createDoor({ 'math/d.yaml': gated }).ask({ suite_ref: 'math/d' });
    expect(without.gate_decision.decision).toBe('fail');
    const base = JSON.stringify(without.scorecard);
    const door = createDoor({ 'math/d.yaml': gated, 'math/base.json': base, 'math/bad.json': '{' });
    expect((await door.ask({ suite_ref: 'math/d' })).gate_decision.decision).toBe('pass');
    expect((await door.ask({ suite: gated, baseline: JSON.parse(base) as Json })).scorecard.comparison?.common).toBe(2);
    const broken = createDoor({ 'd.yaml': gated, 'base.json': '{' });
    expect(await broken.codeOf({ suite_ref: 'd' })).toBe('invalid_request');
  });
});

describe('with a run', () => {
  test('the case with its input is scored, and the bundle gets both files', async () => {
    const { ask, kept, started, events } = createDoor();
    const { scorecard, gate_decision } = await ask({ suite_ref: 'math/doubles', run_id: 'right' });
    expect(scorecard.cases.map(({ id, score }) => [id, score])).toEqual([['one', 1]]);
    expect(scorecard.target).toEqual({ agent: 'double', run_id: 'right' });
    expect(started).toEqual([]);
    expect(kept).toEqual(
      new Map<string, unknown>([
        ['acme/right/eval/scorecard.json', scorecard],
        ['acme/right/eval/gate.json', gate_decision],
      ]),
    );
    expect(events.every(({ run_id }) => run_id === 'right')).toBe(true);
    expect((await ask({ suite_ref: 'math/doubles', run_id: 'wrong' })).gate_decision.decision).toBe('fail');
  });

  test("the suite's only case is scored whatever the input was", async () => {
    const suite = { name: 'x', gate: { min_average_score: 1 }, cases: [{ id: 'only', input: { n: 0 }, expect: 18 }] };
    expect((await createDoor().ask({ suite, run_id: 'other' })).scorecard.cases[0]).toMatchObject({
      id: 'only',
      passed: true,
    });
  });

  test('that failed has its error as a failure', async () => {
    const { scorecard } = await createDoor().ask({ suite_ref: 'math/doubles', run_id: 'broken' });
    expect(scorecard.cases[0]).toMatchObject({ score: 0, failure: { stage: 'call', code: 'timeout' } });
  });

  test('that has not ended, is not there, or is no case is an error', async () => {
    const { codeOf, kept, events } = createDoor();
    expect(await codeOf({ suite_ref: 'math/doubles', run_id: 'open' })).toBe('conflict');
    expect(await codeOf({ suite_ref: 'math/doubles', run_id: 'gone' })).toBe('not_found');
    expect(await codeOf({ suite_ref: 'math/doubles', run_id: 'other' })).toBe('invalid_request');
    expect(await codeOf({ suite: SUITE, run_id: 'right' }, 'evil')).toBe('not_found');
    expect(await codeOf({ suite_ref: 'math/doubles', run_id: 'right' }, 'evil')).toBe('not_found');
    expect([kept.size, events.length]).toEqual([0, 0]);
  });
});

test('a suite that cannot be scored here says so in the events too', async () => {
  const { codeOf, events } = createDoor();
  const suite = SUITE.replace('expect: 2', 'scorer: {use: llm_judge, criteria: x}');
  expect(await codeOf({ suite })).toBe('unsupported');
  expect(events.map(({ event_type, severity }) => [event_type, severity])).toEqual([
    ['eval.suite.started', 'info'],
    ['eval.suite.finished', 'error'],
  ]);
});

describe('a request', () => {
  test.each<[string, Json]>([
    ['no object', []],
    ['no suite', {}],
    ['two suites', { suite: SUITE, suite_ref: 'x' }],
    ['a run and a target', { suite: SUITE, run_id: 'a', config_ref: 'b' }],
    ['a run that is repeated', { suite: SUITE, run_id: 'a', repeat: 2 }],
    ['a key that there is not', { suit_ref: 'x' }],
    ['a name that is no text', { suite_ref: 5 }],
    ['an empty name', { suite_ref: '' }],
    ['a number that is none', { suite: SUITE, parallel: '4' }],
  ])('is refused with %s', (_what, body) => {
    refusals(() => parseEvalRequest(body));
  });

  test.each(['', ':', 'agent:', 'a b', 'blueprint:x/y', 'robot:x', 'a/b/c', 'agent:a/'])(
    'names nothing with %j',
    (ref) => {
      refusals(() => parseTarget(ref));
    },
  );

  test('names what runs', () => {
    expect(['x', 'agent:x', 'agent:p/x', 'blueprint:b', 'agreement:a'].map(parseTarget)).toEqual([
      { agent: 'x' },
      { agent: 'x' },
      { agent: 'x', pack: 'p' },
      { blueprint: 'b' },
      { agreement: 'a' },
    ]);
  });

  test.each([
    '../x',
    '/x',
    'x/../../y',
    'x//y',
    './x',
    '.hidden',
    'x/',
    'a\\b',
    'x\0',
    'x\n',
    '%2e%2e/x',
    'C:x',
    '~/x',
    'x/.git/y',
  ])('does not leave the folder of suites with %j', (ref) => {
    refusals(() => pathsOfSuite(ref));
  });

  test('whatever a name is, its files are below the folder', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('.', '..', '/', '\\', 'a', '-', '.yaml', '\0'), { maxLength: 8 }),
        (parts) => {
          let paths: readonly string[] = [];
          try {
            paths = pathsOfSuite(parts.join(''));
          } catch {
            return;
          }
          for (const path of paths) {
            expect(new URL(path, 'file:///suites/').pathname.startsWith('/suites/')).toBe(true);
            expect(path.split('/').every((part) => part !== '' && !part.startsWith('.'))).toBe(true);
          }
        },
      ),
    );
  });
});
