// Tenants under one guard: none is slowed, stopped, approved or recorded by what another does.
import type { Approval, ApprovalStore, Call, Policy } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { createAsk } from '../approvals/ask.ts';
import { bind } from '../approvals/request.ts';
import { compose } from '../compose.ts';
import { CALL_FORMAT, type RecordedCall } from '../replay/recorded-call.ts';
import { replayCalls } from '../replay/replay.ts';
import { type AuditRecord, audit } from './audit.ts';
import { dlp } from './dlp.ts';
import { type RateKey, rate } from './rate.ts';
import { runBudget } from './run-budget.ts';

const TENANTS = [undefined, 'acme', 'Acme', 'globex'];
const callOf = (tenant: string | undefined, more: Partial<Call> = {}): Call => ({
  kind: 'agent',
  from: 'http',
  to: 'tool',
  packGuid: '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e',
  userGuid: '11111111-1111-4111-8111-111111111111',
  args: {},
  labels: new Set(),
  run: 'run-1',
  ...(tenant === undefined ? {} : { tenant }),
  ...more,
});
const codeOf = (policy: Policy, call: Call): Promise<string> =>
  compose([policy], async () => ({ output: null, labels: new Set() }))(call).then(
    () => 'ok',
    (error: { readonly code: string }) => error.code,
  );

describe('what is counted', () => {
  it.each<RateKey>(['pack', 'user', 'run', 'all'])('by %s is counted for each tenant alone', async (by) => {
    const policy = rate({ max_calls: 1, per_seconds: 60, by }, () => 0);
    for (const tenant of TENANTS) {
      expect(await codeOf(policy, callOf(tenant))).toBe('ok');
      expect(await codeOf(policy, callOf(tenant))).toBe('rate_limited');
    }
  });

  it('is spent by no run of another tenant, also not by one of the same id', async () => {
    const calls = runBudget({ max_calls_per_run: 1 });
    const bytes = runBudget({ max_bytes_per_run: 12, on: 'args' });
    for (const tenant of TENANTS) {
      expect([await codeOf(calls, callOf(tenant)), await codeOf(calls, callOf(tenant))]).toEqual([
        'ok',
        'policy_denied',
      ]);
      const call = callOf(tenant, { args: { a: 'xx' } });
      expect([await codeOf(bytes, call), await codeOf(bytes, call)]).toEqual(['ok', 'policy_denied']);
    }
  });

  it('is not put together by dlp from what two tenants said', async () => {
    const policy = dlp({ detect: ['payment-card'], action: 'block' }, { now: () => 0 });
    const say = (tenant: string, text: string) => codeOf(policy, callOf(tenant, { args: { text } }));
    expect([await say('acme', '4111 1111 '), await say('acme', '1111 1111')]).toEqual(['ok', 'policy_denied']);
    expect([await say('globex', '4111 1111 '), await say('initech', '1111 1111')]).toEqual(['ok', 'ok']);
  });
});

describe('a yes', () => {
  it('has another key for each tenant', async () => {
    const keys = await Promise.all(
      TENANTS.map(async (tenant) => (await bind(callOf(tenant), { policy: 'p', policyVersion: 'v' })).key),
    );
    expect(new Set(keys).size).toBe(TENANTS.length);
  });

  it('of one tenant lets no call of another through, and says whose it is', async () => {
    const byKey = new Map<string, Approval>();
    const store: ApprovalStore = {
      get: async (id) => [...byKey.values()].find((each) => each.id === id),
      find: async (key) => byKey.get(key),
      list: async () => [...byKey.values()],
      replace: async (_before, after) => byKey.set(after.key, after).size > 0,
    };
    let ids = 0;
    const ask = createAsk({ store, now: () => 0, newId: () => `q${++ids}`, policyVersion: 'v' });
    const policy: Policy = async (call, next) => {
      await ask(call, { policy: 'approve', reason: 'r' });
      return next(call);
    };
    expect(await codeOf(policy, callOf('acme'))).toBe('approval_required');
    const [asked] = await store.list();
    expect(asked).toMatchObject({ tenant: 'acme' });
    byKey.set(asked?.key ?? '', { ...(asked as Approval), state: 'granted' });
    for (const other of [undefined, 'Acme', 'globex'])
      expect(await codeOf(policy, callOf(other))).toBe('approval_required');
    expect(await codeOf(policy, callOf('acme'))).toBe('ok');
  });
});

it('a replay counts as the calls were counted', async () => {
  const recorded = ['acme', 'globex', 'acme'].map(
    (tenant, index): RecordedCall => ({
      format: CALL_FORMAT,
      kind: 'agent',
      from: 'http',
      to: 'tool',
      pack_guid: 'p',
      tenant,
      run: `r${index}`,
      root: `r${index}`,
      args: {},
      labels: [],
      arrived: [0, 3 * index],
      answered: [0, 3 * index + 1],
      left: [0, 3 * index + 2],
      reply: { output: null, labels: [] },
      today: { decision: 'allow' },
      policies: [],
    }),
  );
  const results = await replayCalls(recorded, ({ now }) => [rate({ max_calls: 1, per_seconds: 60 }, now)]);
  expect(results.map(({ change }) => change)).toEqual(['same', 'same', 'newly_stopped']);
});

it('a record names the tenant, and none where there is none', async () => {
  const records: AuditRecord[] = [];
  const policy = audit({ write: (record) => records.push(record), now: () => 0 });
  for (const tenant of ['acme', undefined]) await codeOf(policy, callOf(tenant));
  expect(records.map((record) => [record.tenant, Object.hasOwn(record, 'tenant')])).toEqual([
    ['acme', true],
    [undefined, false],
  ]);
});
