// JSON that the host reads and writes for Lua: what goes in comes out, and what is refused is refused as elsewhere.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openMachine } from './machine.ts';

async function open(body: string) {
  const machine = await openMachine({ guestBytes: 2 ** 27, cpuMs: 1e6, onTick: () => {}, onLog: () => {} });
  machine.run(`function run(context, args) ${body} end`, 'a.lua');
  return (args: unknown) => {
    const { coroutine, first } = machine.start('call', [JSON.stringify(args), '{}']);
    coroutine.close();
    return first.values as readonly [string, string];
  };
}

it('gives back every value', async () => {
  const call = await open('return { value = args.value }');
  const wellFormed = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value).toWellFormed()) as unknown);
  fc.assert(
    fc.property(wellFormed, (value) => {
      const [outcome, text] = call({ value });
      expect(outcome).toBe('ok');
      // A null argument is nil, and nil is not there.
      expect(JSON.parse(text)).toEqual(value === null ? {} : { value: JSON.parse(JSON.stringify(value)) });
    }),
  );
});

it('is the same that a program of its own reads and writes', async () => {
  const call = await open('return { json.decode(json.encode(args)), json.encode(args) }');
  const [, text] = call({ a: [1, 2.5, 'é', { b: true, c: [] }], d: {} });
  const [again, written] = JSON.parse(text) as [unknown, string];
  expect(again).toStrictEqual({ a: [1, 2.5, 'é', { b: true, c: [] }], d: {} });
  expect(JSON.parse(written)).toStrictEqual(again);
});

it.each([
  ['a function', 'return { a = { print } }', 'The result.a[1] is a function'],
  ['NaN', 'return { a = 0 / 0 }', 'JSON has only finite numbers'],
  ['bytes', 'return { "\\xff" }', 'no UTF-8'],
  ['holes', 'return { 1, nil, 3 }', 'holes'],
  ['items and names', 'return { 1, a = 2 }', 'both items and names'],
  ['a circle', 'local t = {} t[1] = t return t', 'contains itself'],
])('refuses %s with its path', async (_name, body, message) => {
  const call = await open(body);
  const [outcome, text] = call({});
  expect(outcome).toBe('failed');
  expect(JSON.parse(text)).toMatchObject({ code: 'invalid_output', message: expect.stringContaining(message) });
});

it('says where a text is no JSON', async () => {
  const call = await open('return { pcall(json.decode, "[1, 2") }');
  expect(JSON.parse(call({})[1])).toStrictEqual([false, expect.stringMatching(/no JSON, at byte/)]);
});
