import type { ExecuteRun } from '@pypes/contract/runs';
import { expect, test } from 'vitest';
import { BusyError, createExecutions } from './executions.ts';

const never = new AbortController().signal;
const going = { canceled: never, lost: never };
const ref = (run_id: string) => ({ tenant: 't', run_id });

/** Executions that last until they are told to end, or to stop. */
function gated() {
  const begun: string[] = [];
  const signals: AbortSignal[] = [];
  const ends = new Map<string, () => void>();
  const execute: ExecuteRun = ({ run_id }, signal) => {
    begun.push(run_id);
    signals.push(signal);
    return new Promise((settle, fail) => {
      ends.set(run_id, settle);
      if (signal.aborted) settle();
      signal.addEventListener('abort', () => fail(signal.reason));
    });
  };
  return { begun, signals, ends, execute };
}

const limits = { concurrency: 1, patienceMs: 60_000, random: () => 0.5 };

test('a run waits for a place, and is sent away where there is none in time', async () => {
  const { begun, ends, execute } = gated();
  const patient = createExecutions(execute, limits);
  const first = patient.perform(ref('a'), going);
  const second = patient.perform(ref('b'), going);
  await expect.poll(() => begun).toEqual(['a']);
  ends.get('a')!();
  await first;
  await expect.poll(() => begun).toEqual(['a', 'b']);
  ends.get('b')!();
  await second;
  expect(patient.isCrowded()).toBe(false);

  const hasty = createExecutions(gated().execute, { ...limits, patienceMs: 10 });
  void hasty.perform(ref('a'), going).catch(() => undefined);
  await expect(hasty.perform(ref('b'), going)).rejects.toMatchObject({ retryAfterMs: 200 });
  const slow = createExecutions(() => new Promise(() => undefined), limits);
  expect(slow.isCrowded()).toBe(false);
});

test('the same run is never executed twice at a time', async () => {
  const { begun, ends, execute } = gated();
  const executions = createExecutions(execute, { ...limits, concurrency: 9 });
  const first = executions.perform(ref('a'), going);
  await expect.poll(() => begun).toEqual(['a']);
  const second = executions.perform(ref('a'), going);
  const other = executions.perform(ref('b'), going);
  await expect.poll(() => begun).toEqual(['a', 'b']);
  ends.get('b')!();
  await other;
  expect(begun).toEqual(['a', 'b']);
  ends.get('a')!();
  await first;
  await expect.poll(() => begun).toEqual(['a', 'b', 'a']);
  ends.get('a')!();
  await second;
});

test('a run that was canceled before it began is executed, so that somebody writes its end down', async () => {
  const { begun, signals, execute } = gated();
  const executions = createExecutions(execute, limits);
  await executions.perform(ref('a'), { canceled: AbortSignal.abort('canceled'), lost: never });
  expect([begun, signals.map((signal) => signal.reason)]).toEqual([['a'], ['canceled']]);
});

test('an attempt that was lost while it waited is not executed', async () => {
  const { begun, execute } = gated();
  const executions = createExecutions(execute, limits);
  void executions.perform(ref('a'), going).catch(() => undefined);
  const lost = new AbortController();
  const waiting = executions.perform(ref('b'), { canceled: never, lost: lost.signal });
  lost.abort();
  await expect(waiting).rejects.toBeInstanceOf(BusyError);
  expect(begun).toEqual(['a']);
});

test('what an execution rejects with is handed on', async () => {
  const executions = createExecutions(() => Promise.reject(new Error('no store')), limits);
  await expect(executions.perform(ref('a'), going)).rejects.toThrow('no store');
  const thrown = createExecutions(() => {
    throw new Error('at once');
  }, limits);
  await expect(thrown.perform(ref('a'), going)).rejects.toThrow('at once');
  await expect(thrown.perform(ref('a'), going), 'its place is free again').rejects.toThrow('at once');
});

test('a worker that ends sends who waits away, and tells who is under way to stop', async () => {
  const { signals, execute } = gated();
  const executions = createExecutions(execute, limits);
  const running = executions.perform(ref('a'), going);
  const waiting = executions.perform(ref('b'), going);
  const both = Promise.allSettled([running, waiting]);
  await expect.poll(() => signals.length).toBe(1);
  await executions.close(0);
  expect((await both).map((each) => each.status === 'rejected' && each.reason instanceof BusyError)).toEqual([
    true,
    true,
  ]);
  expect(signals.map((signal) => signal.reason.code)).toEqual(['unavailable']);
  await expect(executions.perform(ref('c'), going)).rejects.toBeInstanceOf(BusyError);
});
