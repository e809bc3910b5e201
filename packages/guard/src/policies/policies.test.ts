// Policies that operators configure: each of their limits from both sides, and what gets around them.
import { type Call, isPypesError, type JsonObject, type Policy, type Reply } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { compose } from '../compose.ts';
import { createSwitch } from '../switch.ts';
import { Trail } from '../trail.ts';
import { allow } from './allow.ts';
import { rate } from './rate.ts';
import { runBudget } from './run-budget.ts';
import { schemaOf } from './schema-of.ts';

const PACK = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
const callOf = (more: Partial<Call> = {}): Call => ({
  kind: 'agent',
  from: 'orchestrator',
  to: 'llm',
  packGuid: PACK,
  args: {},
  labels: new Set(),
  run: 'run-1',
  trail: new Trail(),
  ...more,
});
const reply = (output: Reply['output'] = null): Reply => ({ output, labels: new Set() });

/** `ok`, or the code and the details of what stopped the call. */
async function outcome(policy: Policy, call: Call, output: Reply['output'] = null): Promise<string> {
  try {
    await compose([policy], async () => reply(output))(call);
    return 'ok';
  } catch (error) {
    if (!isPypesError(error)) throw error;
    expect(call.trail?.notes.at(-1)?.decision).toBe('deny');
    return `${error.code} ${String((error.details as JsonObject)?.limit ?? (error.details as JsonObject)?.policy)}`;
  }
}

describe('data-budget per run', () => {
  it('lets a call through up to its limit, in UTF-8 bytes of JSON text', async () => {
    const policy = runBudget({ to: 'llm', max_bytes_per_call: 10, on: 'args' });
    expect(await outcome(policy, callOf({ args: { a: 'xx' } }))).toBe('ok');
    expect(await outcome(policy, callOf({ args: { a: 'xxx' } }))).toBe('policy_denied max_bytes_per_call');
    expect(await outcome(policy, callOf({ args: { a: 'é' } }))).toBe('ok');
    expect(await outcome(policy, callOf({ args: { a: 'éx' } }))).toBe('policy_denied max_bytes_per_call');
    expect(await outcome(policy, callOf({ to: 'other', args: { a: 'x'.repeat(100) } }))).toBe('ok');
  });

  it('adds up what one run sends and gets, nested calls included, and no other run', async () => {
    const policy = runBudget({ max_bytes_per_run: 20 });
    const one = { args: { a: 1 }, root: 'outer' };
    expect(await outcome(policy, callOf(one), 'xxx')).toBe('ok');
    expect(await outcome(policy, callOf({ ...one, run: 'run-2' }), 'x')).toBe('policy_denied max_bytes_per_run');
    expect(await outcome(policy, callOf({ args: { a: 1 }, run: 'run-3' }), 'xxx')).toBe('ok');
  });

  it('counts calls, and denied ones cannot be had by trying again', async () => {
    const policy = runBudget({ max_calls_per_run: 2 });
    const results = [];
    for (let n = 0; n < 4; n++) results.push(await outcome(policy, callOf({ run: `r${n}`, root: 'outer' })));
    expect(results).toEqual(['ok', 'ok', 'policy_denied max_calls_per_run', 'policy_denied max_calls_per_run']);
  });

  it('does not hand on a reply that is too long', async () => {
    const policy = runBudget({ max_bytes_per_call: 5, on: 'reply' });
    expect(await outcome(policy, callOf(), 'xxx')).toBe('ok');
    expect(await outcome(policy, callOf(), 'xxxx')).toBe('policy_denied max_bytes_per_call');
  });
});

describe('rate', () => {
  it('lets a burst through, then as many as it refills', async () => {
    let now = 0;
    const policy = rate({ max_calls: 2, per_seconds: 1 }, () => now);
    const results = [];
    for (const at of [0, 0, 0, 499, 500, 501, 60_000, 60_000, 60_000]) {
      now = at;
      results.push((await outcome(policy, callOf())) === 'ok');
    }
    expect(results).toEqual([true, true, false, false, true, false, true, true, false]);
  });

  it('counts users apart where it is asked to, and is not reset by a clock that goes back', async () => {
    let now = 1_000;
    const policy = rate({ max_calls: 1, per_seconds: 60, by: 'user' }, () => now);
    expect(await outcome(policy, callOf({ userGuid: 'a' }))).toBe('ok');
    expect(await outcome(policy, callOf({ userGuid: 'b' }))).toBe('ok');
    now = 0;
    expect(await outcome(policy, callOf({ userGuid: 'a' }))).toBe('rate_limited rate');
  });
});

describe('allow', () => {
  const policy = allow([
    { from: 'orchestrator', to: 'report' },
    { from: 'orchestrator', to: 'context.fetch', hosts: ['api.example.com', '*.example.org'] },
    {
      from: 'mail*',
      to: 'send',
      args: ({ to }: JsonObject) => (to === 'a@b.c' ? [] : [{ path: '/to', message: 'no' }]),
    },
  ] as Parameters<typeof allow>[0]);
  const fetching = (url: string) => callOf({ kind: 'capability', to: 'context.fetch', args: { url } });

  it.each<[string, Call, string]>([
    ['what a rule names', callOf({ to: 'report' }), 'ok'],
    ['nothing else', callOf({ to: 'llm' }), 'policy_denied allow'],
    ['a host', fetching('https://api.example.com/x'), 'ok'],
    ['a host in capitals, with a dot at its end', fetching('https://API.EXAMPLE.COM./x'), 'ok'],
    ['a host below a star', fetching('https://a.b.example.org/'), 'ok'],
    ['not the host that the star stands below', fetching('https://example.org/'), 'policy_denied allow'],
    ['not a host that ends alike', fetching('https://evilexample.org/'), 'policy_denied allow'],
    ['not a host in the user part', fetching('https://api.example.com@evil.com/'), 'policy_denied allow'],
    ['not a host in the path', fetching('https://evil.com/api.example.com'), 'policy_denied allow'],
    ['not a URL that is none', fetching('api.example.com'), 'policy_denied allow'],
    ['arguments that match', callOf({ from: 'mailer', to: 'send', args: { to: 'a@b.c' } }), 'ok'],
    ['no others', callOf({ from: 'mailer', to: 'send', args: { to: 'x' } }), 'policy_denied allow'],
    ['callers that no rule names', callOf({ from: 'somebody', to: 'llm' }), 'ok'],
  ])('allows %s', async (_name, call, wanted) => {
    expect(await outcome(policy, call)).toBe(wanted);
  });
});

describe('schema', () => {
  it('denies arguments and outputs that do not match', async () => {
    const text = (value: unknown) => (typeof value === 'string' ? [] : [{ path: '', message: 'is no text' }]);
    const policy = schemaOf({ to: 'llm', output: text });
    expect(await outcome(policy, callOf(), 'x')).toBe('ok');
    expect(await outcome(policy, callOf(), 1)).toBe('policy_denied schema');
    expect(await outcome(policy, callOf({ to: 'other' }), 1)).toBe('ok');
  });
});

describe('a switch', () => {
  it('changes policies for the next call, not for one that has begun', async () => {
    const seen: string[] = [];
    const named =
      (name: string): Policy =>
      async (call, next) => {
        seen.push(`${name} down`);
        const back = await next(call);
        seen.push(`${name} back`);
        return back;
      };
    const place = createSwitch([named('old')]);
    let release: () => void = () => undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    const guard = compose([place.policy], async () => {
      await held;
      return reply();
    });
    const first = guard(callOf());
    place.replace([named('new')]);
    const second = guard(callOf());
    release();
    await Promise.all([first, second]);
    expect(seen.sort()).toEqual(['new back', 'new down', 'old back', 'old down']);
  });
});
