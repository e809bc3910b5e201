import { expect, it } from 'vitest';
import type { Worker } from '../process/worker.ts';
import { takeIdle } from './group.ts';

const idleWorker = (name: string, isEnding: boolean, ...keys: string[]) =>
  ({ name, isEnding, keys: new Set(keys) }) as unknown as Worker;

it('takes the worker that was used last, one that has the file before others, and none that has ended', () => {
  const [old, loaded, other, dead] = [
    idleWorker('old', false, 'a.py'),
    idleWorker('loaded', false, 'a.py'),
    idleWorker('other', false, 'b.py'),
    idleWorker('dead', true, 'a.py', 'c.py'),
  ];
  const group = { idle: [old, loaded, other, dead] as Worker[] };
  expect(takeIdle(group, 'a.py')).toBe(loaded);
  expect(takeIdle(group, 'c.py')).toBe(other);
  expect(takeIdle(group, 'c.py')).toBe(old);
  expect(takeIdle(group, 'c.py')).toBeUndefined();
  expect(group.idle).toEqual([dead]);
});
