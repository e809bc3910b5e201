// Bundles have one form: reordering keys changes nothing, and writing down twice is writing down once.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json, type JsonObject, type PackBundle, toBundleForm, toBundleText } from './index.ts';

const agent = fc.record(
  { filename: fc.string(), source: fc.string(), note: fc.jsonValue() as fc.Arbitrary<Json>, sha256: fc.string() },
  { requiredKeys: ['filename'] },
);
const bundles = fc
  .tuple(
    fc.record({ schema: fc.constant('pack/1.0'), agents: fc.array(agent, { maxLength: 4 }) }),
    fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<Json>),
  )
  .map(([known, others]) => ({ ...others, ...known }) as PackBundle);

const shuffled = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
};

test('has one text, whatever order its keys come in', () => {
  fc.assert(
    fc.property(bundles, (bundle) => {
      const text = toBundleText(bundle);
      expect(toBundleText(shuffled(bundle as JsonObject) as unknown as PackBundle)).toBe(text);
      expect(toBundleText(JSON.parse(text) as PackBundle)).toBe(text);
    }),
  );
});

test('sorts within every value, also of a key that it knows', () => {
  const withName = (name: Json) => ({ schema: 'pack/1.0', name, agents: [] }) as unknown as PackBundle;
  expect(toBundleText(withName({ b: 1, a: 2 }))).toBe(toBundleText(withName({ a: 2, b: 1 })));
});

test('keeps every key that has a value, and the order of the files', () => {
  const bundle = {
    zoo: { b: 1, a: [null] },
    agents: [
      { source: 'x', filename: 'b.py' },
      { filename: 'a.py', source_base64: 'eA==' },
    ],
    purpose: null,
    name: 'n',
    schema: 'pack/1.0',
  } as unknown as PackBundle;
  expect(JSON.stringify(toBundleForm(bundle))).toBe(
    '{"schema":"pack/1.0","name":"n","zoo":{"a":[null],"b":1},"agents":[{"filename":"b.py","source":"x"},{"filename":"a.py","source_base64":"eA=="}]}',
  );
});
