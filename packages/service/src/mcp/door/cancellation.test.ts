// A call's signal tells of a cancel, whichever of the two came first.
import { expect, test } from 'vitest';
import { createCancellation } from './cancellation.ts';

test('a signal that was asked for is aborted, with the reason', () => {
  const call = createCancellation();
  const signal = call.signal();
  expect([signal.aborted, call.canceled]).toEqual([false, false]);
  const why = new Error('gone');
  call.cancel(why);
  expect([signal.aborted, signal.reason, call.canceled]).toEqual([true, why, true]);
});

test('a signal that is asked for later was aborted, with the first reason', () => {
  const call = createCancellation();
  const why = new Error('gone');
  call.cancel(why);
  call.cancel(new Error('again'));
  expect(call.canceled).toBe(true);
  expect([call.signal().aborted, call.signal().reason]).toEqual([true, why]);
});

test('a call has one signal', () => {
  const call = createCancellation();
  expect(call.signal()).toBe(call.signal());
});
