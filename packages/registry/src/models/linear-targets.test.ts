// The linear reading and writing of targets gives what the library gives.
import { Targets } from '@tufjs/models';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ORIGINAL } from './linear-targets.ts';

type Data = Parameters<typeof Targets.fromJSON>[0];

const target = fc.record({
  length: fc.nat(),
  hashes: fc.constant({ sha256: 'ab' }),
  custom: fc.dictionary(fc.string(), fc.string()),
});
const path = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString'));
const toData = (targets: unknown): Data =>
  JSON.parse(
    JSON.stringify({
      _type: 'targets',
      spec_version: '1.0.31',
      version: 1,
      expires: '2030-01-01T00:00:00Z',
      'x-more': [1],
      targets,
    }),
  );

it('reads and writes what the library reads and writes', () => {
  const maps = fc.array(fc.tuple(path, target)).map((pairs) => Object.fromEntries(pairs));
  fc.assert(
    fc.property(maps, (targets) => {
      const data = toData(targets);
      const [ours, theirs] = [Targets.fromJSON(structuredClone(data)), ORIGINAL.fromJSON(structuredClone(data))];
      expect(ours).toEqual(theirs);
      expect(JSON.stringify(ours.toJSON())).toBe(JSON.stringify(ORIGINAL.toJSON.call(theirs)));
    }),
  );
});

it('refuses what the library refuses', () => {
  for (const targets of [null, 1, 'x', { a: null }, { a: 1 }, { a: {} }, { a: { length: 'x', hashes: {} } }]) {
    expect(() => ORIGINAL.fromJSON(toData(targets))).toThrow();
    expect(() => Targets.fromJSON(toData(targets))).toThrow();
  }
  expect(Targets.fromJSON(toData(undefined)).targets).toEqual({});
});

it('takes thousands of versions in its stride', () => {
  const targets = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`a/${index}`, { length: 1, hashes: { sha256: 'ab' } }]),
  );
  const start = performance.now();
  Targets.fromJSON(toData(targets)).toJSON();
  expect(performance.now() - start).toBeLessThan(10_000);
});
