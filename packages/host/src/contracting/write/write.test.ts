// What is written is read back as what was meant, whatever is in it.
import type { Json } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateTemplate, parseTemplate } from '../../blueprints/index.ts';
import { toJson } from '../../blueprints/toml/fields.ts';
import { readToml } from '../../blueprints/toml/read-toml.ts';
import type { Source } from '../draft/plan.ts';
import { offer } from '../testing/offers.suite.ts';
import { toInput } from './template.ts';
import { toToml } from './toml.ts';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('{{', '}}', '{{{', '"""', '\\', '\u007f', '\u0085'),
);

function readBack(written: string): Json {
  const { table, problems } = readToml(`value = ${written}`, 'a.toml');
  expect(problems).toEqual([]);
  const entry = table.entries.get('value');
  return entry === undefined ? null : toJson(entry.value);
}

/** The name of a field that no sane person has. */
const ODD = 'a"\\\n }} b';

describe('TOML', () => {
  test('gives every text back', () =>
    fc.assert(
      fc.property(text, (value) => {
        expect(readBack(toToml(value) as string)).toBe(value.toWellFormed());
      }),
    ));
  test('gives numbers and structures back', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.array(fc.boolean()),
          fc.dictionary(
            text.filter((key) => key !== '__proto__' && key.isWellFormed()),
            fc.integer(),
          ),
        ),
        (value) => {
          expect(readBack(toToml(value as Json) as string)).toEqual(value);
        },
      ),
    ));
  test('has no null', () => {
    expect([null, [null], { a: null }].map((value) => toToml(value as Json))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('templates', () => {
  const [called] = offer('a', { name: 'f' }).functions;
  const candidate = { offer: offer('a', { name: 'f' }), function: called as NonNullable<typeof called> };
  const evaluate = (source: Source) => {
    const { value } = toInput({ id: 's', candidate, input: { value: source } }) as { readonly value: string };
    return evaluateTemplate(parseTemplate(value), { s: { output: { [ODD]: 7 } } });
  };
  test('a constant is what it was', () =>
    fc.assert(
      fc.property(text, (value) => {
        expect(evaluate({ from: 'constant', value })).toBe(value);
      }),
    ));
  test('a path leads wherever it leads, whatever the names are', () => {
    expect(evaluate({ from: 'step', step: 's', path: [ODD] })).toBe(7);
  });
  test('a null is a null', () => {
    expect(evaluate({ from: 'constant', value: null })).toBeNull();
  });
});
