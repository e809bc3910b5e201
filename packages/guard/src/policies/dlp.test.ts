// The policy dlp in a chain: what it stops, changes and asks, both ways, and that its errors tell nothing.
import { type Call, type Json, type JsonObject, type Next, PypesError } from '@pypes/contract';
import { describe, expect, it, test } from 'vitest';
import { compose } from '../compose.ts';
import { Trail } from '../trail.ts';
import { type DlpOptions, type DlpServices, dlp } from './dlp.ts';

const CARD = '4111 1111 1111 1111';
const MASKED = '**** **** **** 1111';
const callOf = (args: JsonObject, more: Partial<Call> = {}): Call => ({
  kind: 'agent',
  from: 'reader',
  to: 'mailer',
  packGuid: 'p',
  args,
  labels: new Set(),
  run: 'r1',
  ...more,
});
const echo: Next = async ({ args }) => ({ output: args, labels: new Set() });
const answer =
  (output: Json): Next =>
  async () => ({ output, labels: new Set() });

function guardOf(options: Partial<DlpOptions>, last: Next = echo, services: Partial<DlpServices> = {}) {
  const policy = dlp(
    { detect: ['payment-card', 'secrets'], action: 'block', ...options },
    { now: () => 0, ...services },
  );
  return compose([policy], last);
}

describe('block', () => {
  it('denies arguments before they go anywhere, and says what and where, never the value', async () => {
    let reached = false;
    const guard = guardOf({}, async () => {
      reached = true;
      return { output: null, labels: new Set<string>() };
    });
    const trail = new Trail();
    const error = await guard(callOf({ body: { text: CARD } }, { trail })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'policy_denied',
      details: {
        policy: 'dlp',
        side: 'args',
        findings: [{ id: 'payment-card', pointer: '/body/text', preview: MASKED }],
      },
    });
    expect(reached).toBe(false);
    expect(trail.notes).toMatchObject([{ policy: 'dlp', decision: 'deny' }]);
    const { message, details } = error as PypesError;
    expect(`${message}${JSON.stringify(details)}${JSON.stringify(trail.notes)}`).not.toContain('4111');
  });

  it('denies replies, and errors that hold what a reply must not', async () => {
    await expect(guardOf({}, answer([CARD]))(callOf({}))).rejects.toMatchObject({ details: { side: 'reply' } });
    const leaks: readonly unknown[] = [
      new PypesError('handler_failed', `Failed with ${CARD}`),
      new PypesError('handler_failed', 'Failed', { details: { value: CARD } }),
      new Error(`Failed with ${CARD}`),
    ];
    for (const leak of leaks) {
      const guard = guardOf({}, async () => {
        throw leak;
      });
      const error = await guard(callOf({})).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'policy_denied' });
      expect(error).not.toHaveProperty('cause');
    }
  });

  it('leaves other errors as they are', async () => {
    const error = new PypesError('handler_failed', 'Failed', { details: { a: 1 } });
    const guard = guardOf({}, async () => {
      throw error;
    });
    expect(await guard(callOf({})).catch((thrown: unknown) => thrown)).toBe(error);
  });

  it('denies the second half of what was split over two calls of a run, as often as it is tried', async () => {
    const guard = guardOf({});
    await guard(callOf({ text: '4111 1111' }));
    await expect(guard(callOf({ text: '1111 1111' }))).rejects.toMatchObject({ code: 'policy_denied' });
    await expect(guard(callOf({ text: '1111 1111' }, { run: 'r2', root: 'r1' }))).rejects.toMatchObject({
      code: 'policy_denied',
    });
    await expect(guard(callOf({ text: '1111 1111' }, { run: 'r3' }))).resolves.toBeDefined();
  });

  it('denies what is too deep to look into', async () => {
    const deep = Array.from({ length: 600 }).reduce<Json>((value) => [value], 'x');
    await expect(guardOf({})(callOf({ deep }))).rejects.toMatchObject({ code: 'too_large' });
  });
});

describe('redact', () => {
  it('hands on what is masked, both ways, and notes that', async () => {
    const seen: Json[] = [];
    const guard = guardOf({ action: 'redact' }, async ({ args }) => {
      seen.push(args);
      return { output: { card: CARD, n: 4111111111111111 }, labels: new Set(['private']) };
    });
    const trail = new Trail();
    const reply = await guard(callOf({ card: CARD }, { trail }));
    expect(seen).toEqual([{ card: MASKED }]);
    expect(reply).toEqual({ output: { card: MASKED, n: 1000000000001111 }, labels: new Set(['private']) });
    expect(trail.notes).toMatchObject([{ decision: 'modify' }, { decision: 'modify' }]);
  });

  it('hands on the same value when there is nothing to mask', async () => {
    const call = callOf({ a: 1 });
    const reply = { output: { b: 2 }, labels: new Set<string>() };
    const seen: Call[] = [];
    const guard = guardOf({ action: 'redact' }, async (one) => {
      seen.push(one);
      return reply;
    });
    expect(await guard(call)).toBe(reply);
    expect(seen[0]).toBe(call);
  });

  it('masks errors, and keeps their codes', async () => {
    const guard = guardOf({ action: 'redact' }, async () => {
      throw new PypesError('not_found', `No ${CARD}`, { details: { card: CARD } });
    });
    await expect(guard(callOf({}))).rejects.toMatchObject({
      code: 'not_found',
      message: `No ${MASKED}`,
      details: { card: MASKED },
    });
  });

  it('keeps labels when masking a key moves what they were for', async () => {
    const guard = guardOf({ action: 'redact', on: 'reply' }, async () => ({
      output: { [CARD]: 1 },
      labels: new Set(['a']),
      fields: new Map([[`/${CARD}`, new Set(['private'])]]),
    }));
    expect(await guard(callOf({}))).toEqual({
      output: { [MASKED]: 1 },
      labels: new Set(['a', 'private']),
      fields: new Map(),
    });
  });

  it('remembers what was handed on, not what was masked', async () => {
    const guard = guardOf({ action: 'redact' });
    await guard(callOf({ text: `${CARD} 4111` }));
    expect((await guard(callOf({ text: '1111 1111 1111' }))).output).toEqual({ text: '**** **** 1111' });
  });
});

describe('approve', () => {
  it('asks for each side by itself, in words that tell nothing, and goes on after a yes', async () => {
    const asked: unknown[] = [];
    const guard = guardOf({ action: 'approve', approvers: ['ann'], ttl_seconds: 60, wait_seconds: 1 }, echo, {
      ask: async (_call, question) => {
        asked.push(question);
      },
    });
    expect((await guard(callOf({ card: CARD }))).output).toEqual({ card: CARD });
    expect(asked).toMatchObject([
      { policy: 'dlp args', approvers: ['ann'], ttlMs: 60_000, waitMs: 1_000 },
      { policy: 'dlp reply' },
    ]);
    expect(JSON.stringify(asked)).not.toContain('4111');
  });

  it('stops where the answer is no, and needs somebody to ask', async () => {
    const no = async () => {
      throw new PypesError('approval_required', 'Ask');
    };
    await expect(guardOf({ action: 'approve' }, echo, { ask: no })(callOf({ card: CARD }))).rejects.toMatchObject({
      code: 'approval_required',
    });
    await expect(guardOf({ action: 'approve' }, echo, { ask: no })(callOf({ card: 'none' }))).resolves.toBeDefined();
    expect(() => guardOf({ action: 'approve' })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});

describe('where it looks', () => {
  const args = { card: CARD };
  test.each<[string, Partial<DlpOptions>, Partial<Call>, boolean]>([
    ['everywhere', {}, {}, true],
    ['to a pattern', { to: 'mail*' }, {}, true],
    ['to another', { to: 'report' }, {}, false],
    ['from another', { from: 'report' }, {}, false],
    ['of arguments', { on: 'args' }, {}, true],
    ['of replies, which echo', { on: 'reply' }, {}, true],
    ['at capabilities', { to: 'context.*' }, { kind: 'capability', to: 'context.fetch' }, true],
    ['not at capabilities', { capabilities: false }, { kind: 'capability', to: 'context.fetch' }, false],
    ['for other things', { detect: ['email'] }, {}, false],
  ])('%s', async (_what, options, more, isStopped) => {
    const result = guardOf(options)(callOf(args, more)).then(
      () => false,
      () => true,
    );
    expect(await result).toBe(isStopped);
  });

  it('of arguments leaves replies alone, and the other way round', async () => {
    await expect(guardOf({ on: 'args' }, answer(CARD))(callOf({}))).resolves.toMatchObject({ output: CARD });
    await expect(guardOf({ on: 'reply' }, answer('ok'))(callOf(args))).resolves.toMatchObject({ output: 'ok' });
  });
});
