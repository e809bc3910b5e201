// A person's yes: what it is bound to, how often it counts, how long, and how it could be had without a person.
import { type Approval, type ApprovalStore, type Call, isPypesError, type JsonObject } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compose } from '../compose.ts';
import { approve } from '../policies/approve.ts';
import { type ApprovalDesk, createAsk } from './ask.ts';
import { decideApproval } from './decide.ts';
import { bind } from './request.ts';

const PACK = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
const callOf = (more: Partial<Call> = {}): Call => ({
  kind: 'agent',
  from: 'http',
  to: 'send-mail',
  packGuid: PACK,
  args: { to: 'a@example.com', body: 'hi' },
  labels: new Set(),
  run: 'r',
  ...more,
});

function createStore(): ApprovalStore {
  const byKey = new Map<string, Approval>();
  return {
    get: async (id) => [...byKey.values()].find((each) => each.id === id),
    find: async (key) => byKey.get(key),
    list: async () => [...byKey.values()],
    async replace(before, after) {
      const now = byKey.get(after.key);
      if (now?.id !== before?.id || now?.state !== before?.state) return false;
      byKey.set(after.key, after);
      return true;
    },
  };
}

function createDesk(more: Partial<ApprovalDesk> & { readonly clock?: { now: number } } = {}) {
  const store = createStore();
  const clock = more.clock ?? { now: Date.parse('2026-01-01') };
  let ids = 0;
  const desk: ApprovalDesk = {
    store,
    now: () => clock.now,
    newId: () => `q${++ids}`,
    policyVersion: 'v1',
    ...more,
  };
  const runs: JsonObject[] = [];
  const attempt = async (call: Call, options: Parameters<typeof approve>[0] = {}, of = desk): Promise<string> => {
    const guard = compose([approve(options, createAsk(of))], async (down) => {
      runs.push(down.args);
      return { output: null, labels: new Set() };
    });
    try {
      await guard(call);
      return 'ok';
    } catch (error) {
      if (!isPypesError(error)) throw error;
      return `${error.code} ${String((error.details?.approval as JsonObject | undefined)?.id)}`;
    }
  };
  const grant = (id: string, approver = 'ann') => decideApproval(store, id, { decision: 'grant', approver }, clock.now);
  return { store, clock, desk, runs, attempt, grant };
}

describe('a yes', () => {
  it('lets exactly that call through, once', async () => {
    const { attempt, grant, runs } = createDesk();
    expect(await attempt(callOf())).toBe('approval_required q1');
    expect(await attempt(callOf())).toBe('approval_required q1');
    await grant('q1');
    expect(await attempt(callOf())).toBe('ok');
    expect(await attempt(callOf())).toBe('approval_required q2');
    expect(runs).toHaveLength(1);
  });

  it.each<[string, Partial<Call>]>([
    ['another tool', { to: 'delete-mail' }],
    ['other arguments', { args: { to: 'b@example.com', body: 'hi' } }],
    ['one more argument', { args: { to: 'a@example.com', body: 'hi', bcc: 'b@example.com' } }],
    ['another caller', { from: 'agent' }],
    ['another pack', { packGuid: '9b2d1c34-1111-4222-8333-444455556666' }],
    ['another user', { userGuid: 'u' }],
    ['another run', { scope: 'run-2' }],
  ])('is not one for %s', async (_what, more) => {
    const { attempt, grant } = createDesk();
    await attempt(callOf());
    await grant('q1');
    expect(await attempt(callOf(more))).toBe('approval_required q2');
  });

  it('is the same one for arguments in another order', async () => {
    const { attempt, grant } = createDesk();
    await attempt(callOf({ args: { a: 1, b: { c: 2, d: 3 } } }));
    await grant('q1');
    expect(await attempt(callOf({ args: { b: { d: 3, c: 2 }, a: 1 } }))).toBe('ok');
  });

  it('is worth nothing after a policy was changed, or after its time', async () => {
    const { attempt, grant, desk, clock } = createDesk();
    await attempt(callOf(), { ttl_seconds: 60 });
    await grant('q1');
    expect(await attempt(callOf(), {}, { ...desk, policyVersion: 'v2' })).toBe('approval_required q2');
    clock.now += 60_000;
    expect(await attempt(callOf(), { ttl_seconds: 60 })).toBe('approval_required q3');
    await expect(grant('q2')).resolves.toBeDefined();
    clock.now += 3_600_000;
    await expect(grant('q3')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('counts once for many calls at the same moment', async () => {
    const { attempt, grant, runs } = createDesk();
    await attempt(callOf());
    await grant('q1');
    const results = await Promise.all(Array.from({ length: 10 }, () => attempt(callOf())));
    expect(results.filter((result) => result === 'ok')).toHaveLength(1);
    expect(runs).toHaveLength(1);
    expect(new Set(results.filter((result) => result !== 'ok')).size).toBe(1);
  });

  it('comes only from whom the policy names, and once', async () => {
    const { attempt, grant, store, clock } = createDesk();
    await attempt(callOf(), { approvers: ['ann'] });
    await expect(grant('q1', 'bob')).rejects.toMatchObject({ code: 'forbidden' });
    await grant('q1');
    await expect(grant('q1')).rejects.toMatchObject({ code: 'conflict' });
    await expect(decideApproval(store, 'q9', { decision: 'grant', approver: 'ann' }, clock.now)).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

it('a no is not asked again while it holds', async () => {
  const { attempt, store, clock } = createDesk();
  await attempt(callOf());
  await decideApproval(store, 'q1', { decision: 'deny', approver: 'ann', comment: 'too risky' }, clock.now);
  expect(await attempt(callOf())).toBe('policy_denied q1');
  clock.now += 3_600_000;
  expect(await attempt(callOf())).toBe('approval_required q2');
});

it('a call that waits goes on when the yes comes', async () => {
  const { attempt, grant, clock } = createDesk({
    wait: async (id, ms) => {
      clock.now += ms / 2;
      if (clock.now > Date.parse('2026-01-01') + 600) await grant(id);
    },
  });
  expect(await attempt(callOf(), { wait_seconds: 1 })).toBe('ok');
  expect(await attempt(callOf({ to: 'x' }), { wait_seconds: 0 })).toBe('approval_required q2');
});

it('two calls have one key only where everything that a yes is bound to is the same', async () => {
  const part = fc.constantFrom('a', 'b', 'a,b', '"', '');
  const arbitrary = fc.record({
    from: part,
    to: part,
    packGuid: part,
    userGuid: part,
    scope: part,
    args: fc.record({ x: part }),
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, arbitrary, part, part, async (one, two, policy, other) => {
      const keys = await Promise.all([
        bind(callOf(one), { policy, policyVersion: 'v' }),
        bind(callOf(two), { policy: other, policyVersion: 'v' }),
      ]);
      expect(keys[0]?.key === keys[1]?.key).toBe(JSON.stringify([one, policy]) === JSON.stringify([two, other]));
    }),
  );
});
