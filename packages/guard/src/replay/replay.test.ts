// Replays: the policies that were recorded change nothing, others change what they would have changed, no agent runs.
import { type Approval, type Call, type Json, type JsonObject, type Policy, PypesError } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAsk } from '../approvals/ask.ts';
import { compose } from '../compose.ts';
import type { ToolLabels } from '../flow/labels.ts';
import { approve } from '../policies/approve.ts';
import { dlp } from '../policies/dlp.ts';
import { labels } from '../policies/labels.ts';
import { rate } from '../policies/rate.ts';
import { runBudget } from '../policies/run-budget.ts';
import { parseRecordingLine, type RecordedCall, toRecordingLines } from './recorded-call.ts';
import { type ReplayServices, replayCalls } from './replay.ts';
import { summarizeReplay } from './summary.ts';
import { createTap } from './tap.ts';

type Make = (services: ReplayServices) => readonly Policy[];
type Step = { readonly to: string; readonly args?: JsonObject; readonly calls?: readonly Step[]; readonly at?: number };

const NONE = new Set<string>();
const KINDS = new Map<string, ToolLabels>([
  ['read', { reads: ['private'], sends: [] }],
  ['send', { reads: [], sends: ['network'] }],
]);
const contexts = { of: () => undefined } as unknown as ReplayServices['contexts'];

/** Makes calls under policies, agents being echoes that make the calls of their step first, and records them. */
async function record(make: Make, steps: readonly Step[], ask: ReplayServices['createAsk'] = deskOf([])) {
  const recorded: RecordedCall[] = [];
  let time = 1_000;
  let runs = 0;
  const tap = createTap({
    write: (run) => {
      for (const line of toRecordingLines(run).trim().split('\n'))
        recorded.push(parseRecordingLine(line) as RecordedCall);
    },
    onError: (error) => {
      throw error;
    },
    now: () => time,
    about: ({ to }) => ({ callee: KINDS.get(to) }),
  });
  const plans = new Map<string, Step>();
  const guard = compose(
    [tap.outer, ...make({ now: () => time, createAsk: ask, contexts, about: () => undefined }), tap.inner],
    async ({ run, root, args }) => {
      const { calls = [], to } = plans.get(run) as Step;
      for (const step of calls) await make1(step, to, root ?? run, run).catch(() => undefined);
      if (to === 'fails') throw new PypesError('handler_failed', 'It broke');
      return { output: args as Json, labels: NONE };
    },
  );
  async function make1(step: Step, from: string, root?: string, parent?: string): Promise<void> {
    runs += 1;
    time = step.at ?? time + 1;
    const run = `run ${runs}`;
    plans.set(run, step);
    await guard({
      kind: 'agent',
      from,
      to: step.to,
      packGuid: 'p',
      args: step.args ?? {},
      labels: NONE,
      run,
      root: root ?? run,
      ...(parent === undefined ? {} : { context: parent }),
    });
  }
  for (const step of steps) await make1(step, 'door').catch(() => undefined);
  return recorded;
}

/** A desk where the answers to tools are known from the beginning. */
function deskOf(answers: readonly { readonly tool: string; readonly state: 'granted' | 'denied' }[]) {
  const stored = new Map<string, Approval>();
  let clock = 0;
  return (policyVersion: string) =>
    createAsk({
      store: {
        get: async () => undefined,
        list: async () => [],
        find: async (key) => stored.get(key),
        replace: async (_before, after) => {
          const answer = answers.find(({ tool }) => tool === after.tool);
          const isNew = after.state === 'pending' && answer !== undefined;
          stored.set(after.key, isNew ? { ...after, state: answer.state, approver: 'ann' } : after);
          return true;
        },
      },
      now: () => {
        clock += 1_000;
        return clock;
      },
      newId: () => 'id',
      policyVersion,
      wait: async () => undefined,
    });
}

const changes = async (recorded: readonly RecordedCall[], make: Make) =>
  (await replayCalls(recorded, make)).map(({ call, change }) => `${call.to} ${change}`);

const budget =
  (most: number, to = '*'): Make =>
  () => [runBudget({ to, max_bytes_per_call: most, on: 'args' })];
const long = { text: 'x'.repeat(100) };

describe('a replay', () => {
  it('shows what a stricter and a looser policy would have stopped and let through', async () => {
    const recorded = await record(budget(50), [{ to: 'a', args: long }, { to: 'b' }, { to: 'fails' }]);
    expect(recorded.map(({ to, today }) => [to, today.decision, today.code, today.policy])).toEqual([
      ['a', 'deny', 'policy_denied', 'data-budget'],
      ['b', 'allow', undefined, undefined],
      ['fails', 'allow', 'handler_failed', undefined],
    ]);
    expect(await changes(recorded, budget(50))).toEqual(['a same', 'b same', 'fails same']);
    expect(await changes(recorded, budget(1))).toEqual(['a same', 'b newly_stopped', 'fails newly_stopped']);
    const [first] = await replayCalls(recorded, budget(500));
    expect(first).toMatchObject({ change: 'newly_let_through', would: { decision: 'allow' } });
    expect(first?.would).not.toHaveProperty('code');
  });

  it('keeps the order and the times that budgets and rates count by', async () => {
    const steps = [1_000, 1_100, 1_200, 60_000].map((at) => ({ to: 'a', args: { n: 12345 }, at }));
    const recorded = await record(() => [], steps);
    const twoAMinute: Make = ({ now }) => [rate({ max_calls: 2, per_seconds: 59 }, now)];
    expect(await changes(recorded, twoAMinute)).toEqual(['a same', 'a same', 'a newly_stopped', 'a same']);
    const nested = await record(
      () => [],
      [
        {
          to: 'a',
          args: { n: 12345 },
          calls: [
            { to: 'b', args: { n: 12345 } },
            { to: 'c', args: { n: 12345 } },
          ],
        },
      ],
    );
    const ofRun: Make = () => [runBudget({ max_bytes_per_run: 25, on: 'args' })];
    expect(await changes(nested, ofRun)).toEqual(['a same', 'b same', 'c newly_stopped']);
    // The outputs of b and c are there before that of a.
    const outputs: Make = () => [runBudget({ max_bytes_per_run: 25, on: 'reply' })];
    expect(await changes(nested, outputs)).toEqual(['a newly_stopped', 'b same', 'c same']);
  });

  it('does not make the calls of a call that would be stopped, however deep', async () => {
    const steps = [{ to: 'a', args: long, calls: [{ to: 'b', calls: [{ to: 'c' }] }] }, { to: 'b' }];
    const recorded = await record(() => [], steps);
    expect(await changes(recorded, budget(50))).toEqual(['a newly_stopped', 'b not_made', 'c not_made', 'b same']);
  });

  it('answers a question as a person did, and leaves others open', async () => {
    const asks: Make = ({ createAsk: desk }) => [approve({ to: 'm*' }, desk('1'))];
    const desk = deskOf([
      { tool: 'mail', state: 'granted' },
      { tool: 'money', state: 'denied' },
    ]);
    const waits: Make = ({ createAsk: of }) => [approve({ to: 'm*', wait_seconds: 9 }, of('1'))];
    const recorded = await record(waits, [{ to: 'mail' }, { to: 'money' }, { to: 'mute' }, { to: 'echo' }], desk);
    expect(recorded.map(({ today }) => today.decision)).toEqual(['approve', 'deny', 'defer', 'allow']);
    expect(await changes(recorded, asks)).toEqual(['mail same', 'money same', 'mute same', 'echo same']);
    const all: Make = ({ createAsk: of }) => [approve({}, of('2'))];
    expect(await changes(recorded, all)).toContain('echo newly_asked');
    expect(await changes(recorded, () => [])).toEqual([
      'mail newly_let_through',
      'money newly_let_through',
      'mute newly_let_through',
      'echo same',
    ]);
    // Somebody else's no is no answer to this question.
    const other: Make = ({ createAsk: of, now }) => [
      dlp({ detect: ['email'], action: 'approve', on: 'args' }, { now, ask: of('3') }),
    ];
    const written = await record(waits, [{ to: 'money', args: { to: 'a@example.com' } }], desk);
    expect(await changes(written, other)).toEqual(['money newly_asked']);
  });

  it('looks at replies and errors as they came from the agent, before they were masked', async () => {
    const finds =
      (action: 'block' | 'redact'): Make =>
      ({ now }) => [dlp({ detect: ['email'], action }, { now })];
    const recorded = await record(finds('redact'), [{ to: 'a', args: { to: 'ann@example.com' } }, { to: 'b' }]);
    expect(recorded[0]).toMatchObject({
      args: { to: 'ann@example.com' },
      today: { decision: 'modify', policy: 'dlp' },
    });
    expect(await changes(recorded, finds('redact'))).toEqual(['a same', 'b same']);
    expect(await changes(recorded, finds('block'))).toEqual(['a newly_stopped', 'b same']);
    expect(await changes(recorded, () => [])).toEqual(['a no_longer_changed', 'b same']);
  });

  it('finds what is split over calls', async () => {
    const halves = ['4111 1111', ' 1111 1111'].map((text) => ({ to: 'part', args: { text } }));
    const recorded = await record(() => [], [{ to: 'a', calls: halves }, ...halves]);
    const cards: Make = ({ now }) => [dlp({ detect: ['payment-card'], action: 'block', on: 'args' }, { now })];
    const found = (await replayCalls(recorded, cards)).filter(({ change }) => change !== 'same');
    expect(found.map(({ call, change }) => [call.args, change])).toEqual([[halves[1]?.args, 'newly_stopped']]);
  });

  it('lets what a context has read decide', async () => {
    const recorded = await record(
      () => [],
      [
        { to: 'agent', calls: [{ to: 'send' }, { to: 'read' }, { to: 'send', args: { to: 'x' } }] },
        { to: 'agent', calls: [{ to: 'send', args: { to: 'x' } }] },
      ],
    );
    expect(await changes(recorded, (services) => [labels(services)])).toEqual([
      'agent same',
      'send same',
      'read same',
      'send newly_stopped',
      'agent same',
      'send same',
    ]);
  });

  it('makes nothing of what would not have begun', async () => {
    const start: Call = {
      kind: 'capability',
      from: 'door',
      to: 'blueprint.b',
      packGuid: 'p',
      args: {},
      labels: NONE,
      run: 'b',
      root: 'b',
    };
    const calls: RecordedCall[] = [];
    const tap = createTap({ write: (run) => void calls.push(...run.calls), onError: () => undefined, now: () => 1 });
    const guard = compose([tap.outer, tap.inner], async () => ({ output: 1, labels: NONE }));
    await guard(start);
    await guard({ ...start, kind: 'agent', to: 'step', run: 's' });
    const stop: Make = () => [runBudget({ to: 'blueprint.*', max_calls_per_run: 0 })];
    expect(await changes(calls, stop)).toEqual(['blueprint.b newly_stopped', 'step not_made']);
    expect(await changes(calls, () => [])).toEqual(['blueprint.b same', 'step same']);
  });

  it('says where it cannot tell', async () => {
    const calls: RecordedCall[] = [];
    const tap = createTap({
      write: (run) => void calls.push(...run.calls),
      onError: (error) => {
        throw error;
      },
      now: () => 1,
      mostValueBytes: 60,
    });
    const send = compose([tap.outer, tap.inner], async ({ to }) => ({
      output: to === 'large' ? 'x'.repeat(100) : 1,
      labels: NONE,
    }));
    const one: Call = { kind: 'agent', from: 'door', to: 'large', packGuid: 'p', args: {}, labels: NONE, run: '1' };
    await send(one);
    await send({ ...one, to: 'b', args: long, run: '2' });
    await send({ ...one, to: 'c', run: '3' });
    expect(await changes(calls, () => [])).toEqual(['large unknown', 'b unknown', 'c same']);
    expect(await changes(calls, budget(1))).toEqual(['large newly_stopped', 'b unknown', 'c newly_stopped']);
  });

  it('with the policies of the recording changes nothing', async () => {
    const step: fc.Arbitrary<Step> = fc.letrec<{ step: Step }>((tie) => ({
      step: fc.record({
        to: fc.constantFrom('a', 'b', 'fails', 'mail'),
        args: fc.record({ text: fc.constantFrom('', 'x', 'ann@example.com', 'x'.repeat(60)) }),
        calls: fc.oneof({ maxDepth: 2 }, fc.constant([]), fc.array(tie('step'), { maxLength: 3 })),
      }),
    })).step;
    const make: Make = ({ now, createAsk: desk }) => [
      rate({ max_calls: 6, per_seconds: 0.02 }, now),
      approve({ to: 'mail', wait_seconds: 1 }, desk('1')),
      runBudget({ to: 'b', max_bytes_per_run: 150 }),
      dlp({ to: 'a', detect: ['email'], action: 'redact' }, { now }),
    ];
    let differing = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('granted', 'denied'),
        async (steps, state) => {
          const recorded = await record(make, steps, deskOf(state === 'granted' ? [{ tool: 'mail', state }] : []));
          const again = summarizeReplay(await replayCalls(recorded, make));
          expect(again.counts.same).toBe(recorded.length);
          const without = summarizeReplay(await replayCalls(recorded, () => []));
          differing += without.calls - without.counts.same;
          expect(without.counts.newly_stopped + without.counts.newly_asked).toBe(0);
        },
      ),
    );
    // The law above would hold for policies that never decide anything, too.
    expect(differing).toBeGreaterThan(0);
  });
});

describe('a summary', () => {
  it('counts by policy and by tool, with one example each, the most important first', async () => {
    const recorded = await record(budget(50, 'c'), [
      { to: 'a', args: long },
      { to: 'b', args: long },
      { to: 'a', args: long },
      { to: 'c', args: long },
      { to: 'd' },
    ]);
    const summary = summarizeReplay(await replayCalls(recorded, budget(50, 'a')));
    expect(summary).toMatchObject({
      calls: 5,
      runs: 5,
      began: 1_001,
      counts: { newly_stopped: 2, newly_let_through: 1, same: 2 },
      differences: [
        { change: 'newly_stopped', policy: 'data-budget', to: 'a', calls: 2, example: { call: { run: 'run 1' } } },
        { change: 'newly_let_through', policy: 'data-budget', to: 'c', calls: 1 },
      ],
    });
    expect(summarizeReplay([])).toMatchObject({ calls: 0, runs: 0, differences: [] });
  });
});
