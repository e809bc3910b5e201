// The labels policy where nobody decides but code and wiring: marks, sinks, declared flows, replies, contexts.
import type { Call, Json, JsonObject, Next, Policy } from '@pypes/contract';
import { describe, expect, test } from 'vitest';
import { compose } from '../compose.ts';
import { createContexts } from '../flow/contexts.ts';
import { parseDeclaredFlow } from '../flow/declared.ts';
import type { FieldLabels, Labels } from '../flow/lattice.ts';
import { Trail } from '../trail.ts';
import { type CalleeLabels, type LabelsOptions, labels } from './labels.ts';
import { parseLabelsConfig } from './labels-config.ts';

const PRIVATE: Labels = new Set(['private:mail']);
const UNTRUSTED: Labels = new Set(['untrusted:web']);
const NONE: Labels = new Set();

const TOOLS: { readonly [name: string]: CalleeLabels } = {
  'mail.read': { reads: ['private', 'untrusted'], sends: ['none'] },
  'web.get': { reads: ['untrusted'], sends: ['network'], destinations: ['/url'] },
  'mail.send': { reads: [], sends: ['message'], destinations: ['/to', '/cc'] },
  'disk.wipe': { reads: [], sends: ['destructive'], destinations: ['/disk'] },
  'notes.write': { reads: [], sends: ['write'] },
};

function setup(options: Partial<LabelsOptions> = {}, more: readonly Policy[] = []) {
  const contexts = createContexts();
  const passed: Call[] = [];
  const last: Next = async (call) => {
    passed.push(call);
    return { output: 'ok', labels: NONE };
  };
  const policy = labels({ about: ({ to }) => TOOLS[to], contexts, ...options });
  return { contexts, passed, guard: compose([...more, policy], last) };
}

const callTo = (to: string, args: JsonObject, carried: Labels = NONE, rest: Partial<Call> = {}): Call => ({
  kind: 'agent',
  from: 'agent',
  to,
  packGuid: 'pack',
  args,
  labels: carried,
  run: 'run',
  ...rest,
});
const denied = (reason: JsonObject) =>
  expect.objectContaining({
    code: 'policy_denied',
    details: { policy: 'labels', reasons: expect.arrayContaining([expect.objectContaining(reason)]) },
  });

describe('private data', () => {
  test.each([
    ['mail.send', 'message'],
    ['web.get', 'network'],
  ])('does not reach %s', async (to, sink) => {
    const { guard, passed } = setup();
    const why = { mark: 'private', why: 'carried', sink, pointer: '/url', labels: ['private:mail'] };
    await expect(guard(callTo(to, { url: 'x' }, PRIVATE))).rejects.toEqual(denied(why));
    expect(passed).toEqual([]);
  });
  test('reaches what stays inside', async () => {
    const { guard } = setup();
    await expect(guard(callTo('notes.write', { text: 'x' }, PRIVATE))).resolves.toBeDefined();
  });
  test.each<[string, Json]>([
    ['a name of a member', { secret: 1 }],
    ['empty lists', [[], [], []]],
    ['a number', 4],
    ['a list in a list', [['x']]],
  ])('does not go out as %s', async (_, value) => {
    const { guard } = setup();
    const fields: FieldLabels = new Map([['/body', PRIVATE]]);
    await expect(guard(callTo('mail.send', { body: value }, NONE, { fields }))).rejects.toEqual(
      denied({ mark: 'private' }),
    );
  });
  test('is known by field', async () => {
    const { guard } = setup();
    const fields: FieldLabels = new Map([['/body/text', PRIVATE]]);
    const call = callTo('mail.send', { to: 'a', body: { text: 'x', sign: 'y' } }, NONE, { fields });
    await expect(guard(call)).rejects.toEqual(denied({ pointer: '/body/text' }));
    const { body: _, ...rest } = call.args;
    await expect(guard({ ...call, args: rest })).resolves.toBeDefined();
  });
});

describe('untrusted data', () => {
  test('decides no destination, and may be what is sent', async () => {
    const { guard } = setup();
    const args = { to: 'a@b.co', body: 'x' };
    const at = (pointer: string) => callTo('mail.send', args, NONE, { fields: new Map([[pointer, UNTRUSTED]]) });
    await expect(guard(at('/body'))).resolves.toBeDefined();
    await expect(guard(at('/to'))).rejects.toEqual(denied({ mark: 'untrusted', pointer: '/to', sink: 'message' }));
    await expect(guard(callTo('mail.send', args, UNTRUSTED))).rejects.toEqual(denied({ pointer: '/to' }));
  });
  test('decides nothing about what cannot be undone', async () => {
    const { guard } = setup();
    const fields: FieldLabels = new Map([['/how', UNTRUSTED]]);
    await expect(guard(callTo('disk.wipe', { disk: 'a', how: 'x' }, NONE, { fields }))).rejects.toEqual(
      denied({ pointer: '/how', sink: 'destructive' }),
    );
    await expect(guard(callTo('disk.wipe', {}, UNTRUSTED))).rejects.toEqual(denied({ why: 'unanchored' }));
  });
  test('decides all of a call without a destination', async () => {
    const { guard } = setup();
    await expect(guard(callTo('notes.write', { text: 'x' }, UNTRUSTED))).rejects.toEqual(denied({ pointer: '/text' }));
    await expect(guard(callTo('mail.send', { to: [], body: 'x' }, UNTRUSTED))).rejects.toEqual(denied({}));
  });
  test('a destination deep in a list is one', async () => {
    const { guard } = setup();
    const fields: FieldLabels = new Map([['/cc/1/address', UNTRUSTED]]);
    const args = { to: 'a', cc: [{ address: 'b' }, { address: 'evil' }] };
    await expect(guard(callTo('mail.send', args, NONE, { fields }))).rejects.toEqual(
      denied({ pointer: '/cc/1/address' }),
    );
  });
});

describe('declared flows', () => {
  const declared = [
    parseDeclaredFlow({ to: 'mail.send', mark: 'private', at: '/urgent', type: 'boolean', bits: 2 }, 'declared'),
    parseDeclaredFlow(
      { to: 'mail.send', mark: 'untrusted', at: '/to', type: { enum: ['a', 'b'] }, bits: 2 },
      'declared',
    ),
  ];
  const inContext = { context: 'c' };

  test('are counted until they are used up, context by context', async () => {
    const { guard, contexts } = setup({ declared });
    contexts.open('c');
    contexts.open('other');
    const call = callTo('mail.send', { urgent: true }, PRIVATE, inContext);
    await guard(call);
    await guard(call);
    await expect(guard(call)).rejects.toEqual(denied({ pointer: '/urgent', declared: expect.any(String) }));
    await expect(guard({ ...call, context: 'other' })).resolves.toBeDefined();
  });
  test('cost nothing where the call is stopped', async () => {
    const { guard, contexts } = setup({ declared });
    contexts.open('c');
    const stopped = callTo('mail.send', { urgent: true, body: 'secret' }, PRIVATE, inContext);
    for (const _ of [1, 2, 3]) await expect(guard(stopped)).rejects.toEqual(denied({ pointer: '/body' }));
    await expect(guard(callTo('mail.send', { urgent: true }, PRIVATE, inContext))).resolves.toBeDefined();
  });
  test('endorse a destination that is one of a few', async () => {
    const { guard } = setup({ declared });
    await expect(guard(callTo('mail.send', { to: 'a', body: 'x' }, UNTRUSTED))).resolves.toBeDefined();
    await expect(guard(callTo('mail.send', { to: 'c', body: 'x' }, UNTRUSTED))).rejects.toEqual(
      denied({ pointer: '/to' }),
    );
    await expect(guard(callTo('mail.send', { to: 'a', cc: 'c' }, UNTRUSTED))).rejects.toEqual(
      denied({ pointer: '/cc' }),
    );
  });
  test('an endorsed destination does not declassify', async () => {
    const { guard } = setup({ declared });
    const both: Labels = new Set([...PRIVATE, ...UNTRUSTED]);
    await expect(guard(callTo('mail.send', { to: 'a' }, both))).rejects.toEqual(
      denied({ mark: 'private', pointer: '/to' }),
    );
  });
});

describe('contexts', () => {
  test('join what they read, and their calls carry it', async () => {
    const { guard, contexts, passed } = setup();
    contexts.open('c', { labels: new Set(['private:arguments']) });
    await guard(callTo('mail.read', {}, NONE, { context: 'c' }));
    expect([...contexts.of('c').labels].sort()).toEqual([
      'private:arguments',
      'private:mail.read',
      'untrusted:mail.read',
    ]);
    await guard(callTo('unknown', {}, NONE, { context: 'c' }));
    expect([...(passed[1]?.labels ?? [])].sort()).toEqual([...contexts.of('c').labels].sort());
    await expect(guard(callTo('mail.send', { to: 'a' }, NONE, { context: 'c' }))).rejects.toEqual(denied({}));
  });
  test('replies carry what they were made from', async () => {
    const { guard } = setup();
    const fields: FieldLabels = new Map([['/text', PRIVATE]]);
    const reply = await guard(callTo('notes.write', { text: 'x' }, NONE, { fields }));
    expect([...reply.labels]).toEqual(['private:mail']);
    expect([...(await guard(callTo('web.get', { url: 'x' }))).labels]).toEqual(['untrusted:web.get']);
  });
  test('one that was closed, or never opened, makes no calls', async () => {
    const { guard, contexts } = setup();
    contexts.open('c');
    contexts.close('c');
    await expect(guard(callTo('unknown', {}, NONE, { context: 'c' }))).rejects.toMatchObject({ code: 'not_found' });
    expect(() => contexts.say('c', 'x')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
  test('none is forgotten to make room for another', () => {
    const contexts = createContexts({ most: 2 });
    contexts.open('a');
    contexts.open('b');
    expect(() => contexts.open('c')).toThrow(expect.objectContaining({ code: 'resource_exhausted' }));
    expect(() => contexts.open('a')).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(() => contexts.say('a', 'x')).toThrow(expect.objectContaining({ code: 'conflict' }));
    contexts.close('a');
    expect(contexts.open('c')).toBe(contexts.of('c'));
    expect(contexts.size).toBe(2);
  });
});

test('what is denied is said: the label, its origin, the argument, the way to declare it; and written down', async () => {
  const { guard } = setup();
  const trail = new Trail();
  const fields: FieldLabels = new Map([['/cc/0', UNTRUSTED]]);
  const call = callTo('mail.send', { to: 'a', cc: ['b'] }, NONE, { fields, trail });
  const error: unknown = await guard(call).catch((error: unknown) => error);
  const message = error instanceof Error ? error.message : '';
  for (const part of ['untrusted:web', '/cc/0', 'mail.send', 'message', 'endorse']) expect(message).toContain(part);
  expect(trail.notes).toEqual([{ policy: 'labels', decision: 'deny', reason: message }]);
});

describe('a person', () => {
  test('is asked with the reasons, and decides', async () => {
    const asked: unknown[] = [];
    const approve: LabelsOptions['approve'] = async ({ call, reasons }) => {
      asked.push([call.to, reasons.map(({ pointer }) => pointer)]);
      return call.args.to === 'yes';
    };
    const { guard } = setup({ action: 'approve', approve });
    await expect(guard(callTo('mail.send', { to: 'yes' }, UNTRUSTED))).resolves.toBeDefined();
    await expect(guard(callTo('mail.send', { to: 'no' }, UNTRUSTED))).rejects.toEqual(denied({}));
    await guard(callTo('mail.send', { to: 'nobody asks' }));
    expect(asked).toEqual([
      ['mail.send', ['/to']],
      ['mail.send', ['/to']],
    ]);
  });
  test('there has to be one', () => {
    expect(() => setup({ action: 'approve' })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});

describe('the policy file', () => {
  test('has defaults', () => {
    expect(parseLabelsConfig({ use: 'labels' })).toEqual({
      action: 'deny',
      afterStop: 'ask',
      unproven: { bitsPerCall: 64, bitsPerContext: 128 },
      declared: [],
    });
  });
  test.each<Json>([
    [],
    {},
    { use: 'label' },
    { use: 'labels', acton: 'deny' },
    { use: 'labels', to: 'send' },
    { use: 'labels', action: 'ask' },
    { use: 'labels', after_stop: 'deny' },
    { use: 'labels', unproven: { bits_per_call: '64' } },
    { use: 'labels', unproven: 64 },
    { use: 'labels', declared: {} },
    { use: 'labels', declared: [{}] },
  ])('%j is refused', (value) => {
    expect(() => parseLabelsConfig(value)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});
