// A map that is changed with every call: like Map, but what was deleted is gone with the next small collection.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { RenewedMap } from './renewed-map.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (how: { type: 'major' | 'minor' }) => void;

it('keeps entries and their order, however many came and went', () => {
  const map = new RenewedMap<number, string>();
  for (let number = 1; number <= 5_000; number++) {
    map.set(number, `call ${number}`);
    if (number > 3) map.delete(number - 3);
  }
  map.set(4_999, 'again');
  expect([...map]).toStrictEqual([
    [4_998, 'call 4998'],
    [4_999, 'again'],
    [5_000, 'call 5000'],
  ]);
  expect([...map.keys()]).toStrictEqual([4_998, 4_999, 5_000]);
  expect([...map.values()]).toStrictEqual(['call 4998', 'again', 'call 5000']);
  expect([map.size, map.has(4_997), map.get(4_998), map.delete(4_998), map.delete(4_998)]).toStrictEqual([
    3,
    false,
    'call 4998',
    true,
    false,
  ]);
  map.clear();
  expect([map.size, map.has(5_000)]).toStrictEqual([0, false]);
});

/** Bytes that stay after so many values have come and gone, 32 of them there at a time, and only young objects were collected. */
function leftBehind(map: RenewedMap<number, unknown> | Map<number, unknown>): number {
  const AT_ONCE = 32;
  const VALUES = 4_000;
  for (let number = 0; number < AT_ONCE; number++) map.set(number, number);
  collect({ type: 'major' });
  const before = getHeapStatistics().used_heap_size;
  for (let number = AT_ONCE; number < VALUES; number++) {
    map.set(number, new Array(1_000).fill(number));
    map.delete(number - AT_ONCE);
  }
  for (let number = VALUES - AT_ONCE; number < VALUES; number++) map.delete(number);
  for (let times = 0; times < 4; times++) collect({ type: 'minor' });
  return getHeapStatistics().used_heap_size - before;
}

it('lets go of what was deleted without a full collection, which a Map does not', () => {
  const kept = leftBehind(new RenewedMap());
  const keptByMap = leftBehind(new Map());
  expect(kept).toBeLessThan(keptByMap / 4);
});
