// Who may be under way: not more than there is memory for, and never such that a call waits for one that waits for it.
import { expect, it } from 'vitest';
import { createAdmission } from './admission.ts';

it('lets so many in, and the others in their order', async () => {
  const admission = createAdmission(2);
  expect([admission.enter('a'), admission.enter('b')]).toStrictEqual([undefined, undefined]);
  const order: string[] = [];
  const waiting = ['c', 'd'].map((run) => admission.enter(run)?.then(() => order.push(run)));
  admission.leave('a');
  admission.leave('b');
  await Promise.all(waiting);
  expect(order).toStrictEqual(['c', 'd']);
});

it('a newcomer does not pass those who wait', () => {
  const admission = createAdmission(1);
  admission.enter('a');
  expect(admission.enter('b')).toBeInstanceOf(Promise);
  admission.leave('a');
  expect(admission.enter('c')).toBeInstanceOf(Promise);
});

it('a call of a run that is in does not wait, and where there is no room at all it is refused', () => {
  const admission = createAdmission(2);
  for (const run of ['a', 'b', 'a', 'b']) expect(admission.enter(run)).toBeUndefined();
  expect(() => admission.enter('a')).toThrow(expect.objectContaining({ code: 'unavailable' }));
  for (const run of ['a', 'b', 'a', 'b']) admission.leave(run);
  expect(admission.enter('c')).toBeUndefined();
});

it('a run that has left waits like others', () => {
  const admission = createAdmission(1);
  admission.enter('a');
  admission.leave('a');
  admission.enter('b');
  expect(admission.enter('a')).toBeInstanceOf(Promise);
});
