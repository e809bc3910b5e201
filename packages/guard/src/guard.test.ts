// The guard as a library: order of policies, each policy's two sides, and that nothing passes unseen.
import { type Call, type Json, type Next, PypesError } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditRecord, audit, compose, dataBudget, schema } from './index.ts';

const call = (args: Call['args'] = {}): Call => ({
  kind: 'agent',
  from: 'test',
  to: 'echo',
  packGuid: 'p',
  args,
  labels: new Set(),
  run: 'r1',
});
const echo: Next = async ({ args }) => ({ output: args, labels: new Set() });
const answer =
  (output: Json): Next =>
  async () => ({ output, labels: new Set() });

describe('compose', () => {
  it('runs policies from the outside in and back', async () => {
    const seen: string[] = [];
    const mark = (name: string) => async (one: Call, next: Next) => {
      seen.push(`${name} down`);
      const reply = await next(one);
      seen.push(`${name} up`);
      return reply;
    };
    await compose([mark('a'), mark('b')], echo)(call());
    expect(seen).toEqual(['a down', 'b down', 'b up', 'a up']);
  });

  it('never reaches what lies behind a policy that denies', async () => {
    let reached = false;
    const deny = async () => {
      throw new PypesError('policy_denied', 'No');
    };
    const guarded = compose([deny], async () => {
      reached = true;
      return { output: null, labels: new Set<string>() };
    });
    await expect(guarded(call())).rejects.toMatchObject({ code: 'policy_denied' });
    expect(reached).toBe(false);
  });
});

it('a policy that throws at once rejects, so that those around it can follow the call to its end', async () => {
  const seen: string[] = [];
  const around = (one: Call, next: Next) => next(one).finally(() => seen.push('ended'));
  const deny = (): never => {
    throw new PypesError('policy_denied', 'No');
  };
  await expect(compose([around, deny], echo)(call())).rejects.toMatchObject({ code: 'policy_denied' });
  expect(seen).toEqual(['ended']);
});

describe('data-budget', () => {
  it('lets exactly the limit through and not one byte more, both ways', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const args = { value } as Call['args'];
        const size = new TextEncoder().encode(JSON.stringify(args)).length;
        const at = (max: number) => compose([dataBudget({ maxArgumentBytes: max })], answer(1))(call(args));
        const back = (max: number) => compose([dataBudget({ maxOutputBytes: max })], echo)(call(args));
        await expect(at(size)).resolves.toBeDefined();
        await expect(back(size)).resolves.toBeDefined();
        await expect(at(size - 1)).rejects.toMatchObject({ code: 'too_large' });
        await expect(back(size - 1)).rejects.toMatchObject({ code: 'output_too_large' });
      }),
    );
  });
});

describe('schema', () => {
  const noX = (value: Json) => (JSON.stringify(value).includes('x') ? [{ path: '/x', message: 'is not wanted' }] : []);

  it('denies arguments and outputs that do not match, with the violations', async () => {
    const guarded = (last: Next) => compose([schema({ checksOf: () => ({ parameters: noX, returns: noX }) })], last);
    await expect(guarded(answer('x'))(call())).rejects.toMatchObject({ code: 'invalid_output' });
    await expect(guarded(answer('y'))(call({ x: 1 }))).rejects.toMatchObject({
      code: 'invalid_input',
      details: { errors: [{ path: '/x', message: 'is not wanted' }] },
    });
    await expect(guarded(answer('y'))(call())).resolves.toMatchObject({ output: 'y' });
  });
});

describe('audit', () => {
  it('says when as any other clock would write it', async () => {
    // Times of one second follow each other, as they do under load.
    const times = fc.oneof(fc.integer({ min: -5_000, max: 5_000 }), fc.date({ noInvalidDate: true }).map(Number));
    await fc.assert(
      fc.asyncProperty(fc.array(times, { minLength: 1, maxLength: 4 }), async (moments) => {
        const records: AuditRecord[] = [];
        let moment = 0;
        const guarded = compose([audit({ write: (record) => records.push(record), now: () => moment })], echo);
        for (moment of moments) await guarded(call());
        expect(records.map(({ time }) => time)).toEqual(moments.map((time) => new Date(time).toISOString()));
      }),
    );
  });

  it('writes one record for a call that passes, that is denied and that fails', async () => {
    const records: AuditRecord[] = [];
    const sink = { write: (record: AuditRecord) => void records.push(record), now: () => 0 };
    await compose([audit(sink)], echo)(call());
    await compose([audit(sink), dataBudget({ maxArgumentBytes: 1 })], echo)(call({ a: 1 })).catch(() => undefined);
    const failing: Next = async () => {
      throw new PypesError('handler_failed', 'boom');
    };
    await compose([audit(sink)], failing)(call()).catch(() => undefined);
    expect(records.map(({ decision, code }) => [decision, code])).toEqual([
      ['allow', undefined],
      ['deny', 'too_large'],
      ['allow', 'handler_failed'],
    ]);
    expect(records[0]).toMatchObject({ time: '1970-01-01T00:00:00.000Z', from: 'test', to: 'echo', run: 'r1' });
  });
});
