// Tasks of a process: their states, whom they belong to, and how many there may be.
import type { CallToolResult } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import { createTasks, type TaskLimits, type TaskWork } from './tasks.ts';

const RESULT: CallToolResult = { content: [{ type: 'text', text: 'done' }] };
const ASK = { a: { method: 'roots/list' as const }, b: { method: 'roots/list' as const } };

function setup(limits: Partial<TaskLimits> = {}) {
  const clock = { now: 1_000 };
  let secrets = 0;
  const tasks = createTasks({ now: () => clock.now, newSecret: () => `t${++secrets}`, limits });
  const start = (work: TaskWork, owner = 'me', ttlMs?: number) =>
    tasks.start(owner, work, new AbortController(), ttlMs);
  const settle = () => new Promise((done) => setTimeout(done, 0));
  return { clock, tasks, start, settle };
}

const never: TaskWork = () => new Promise(() => undefined);

test('a task ends with its result, or its error', async () => {
  const { tasks, start, settle } = setup();
  const good = start(async () => RESULT);
  const bad = start(async () => Promise.reject(Object.assign(new Error('No'), { code: -1 })));
  await settle();
  expect(tasks.get('me', good?.id ?? '')).toMatchObject({ status: 'completed', result: RESULT });
  expect(tasks.get('me', bad?.id ?? '')).toMatchObject({ status: 'failed', error: { code: -1, message: 'No' } });
});

test('a task waits for all of its answers, and takes no others', async () => {
  const { tasks, start, settle } = setup();
  const task = start(async (ask) => ({ content: [{ type: 'text', text: JSON.stringify(await ask(ASK)) }] }));
  const id = task?.id ?? '';
  expect(tasks.get('me', id)).toMatchObject({ status: 'input_required', requests: ASK });
  tasks.answer('me', id, { c: 1, a: 2 });
  expect(tasks.get('me', id)).toMatchObject({ status: 'input_required', requests: { b: ASK.b } });
  tasks.answer('me', id, { a: 3, b: 4 });
  await settle();
  expect(tasks.get('me', id)?.result?.content).toEqual([{ type: 'text', text: '{"a":2,"b":4}' }]);
});

test('who is canceled stays canceled', async () => {
  const { tasks, start, settle } = setup();
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<CallToolResult>();
  const task = tasks.start('me', () => promise, controller);
  expect(tasks.cancel('me', task?.id ?? '')).toBe(true);
  expect(controller.signal.aborted).toBe(true);
  resolve(RESULT);
  await settle();
  expect(tasks.get('me', task?.id ?? '')).toMatchObject({ status: 'cancelled' });
  expect(start(async () => RESULT)).toBeDefined();
});

test('whoever waits for a change is told, or stops waiting', async () => {
  const { tasks } = setup();
  const { promise, resolve } = Promise.withResolvers<CallToolResult>();
  const task = tasks.start('me', () => promise, new AbortController());
  if (task === undefined) expect.unreachable();
  const stop = new AbortController();
  const stopped = tasks.change(task, stop.signal);
  const changed = tasks.change(task, new AbortController().signal);
  stop.abort();
  expect(await stopped).toMatchObject({ status: 'working' });
  resolve(RESULT);
  expect(await changed).toMatchObject({ status: 'completed' });
  expect(await tasks.change(task, new AbortController().signal)).toMatchObject({ status: 'completed' });
});

test('a task is gone after its time, and its call with it', () => {
  const { clock, tasks } = setup({ ttlMs: 100 });
  const controller = new AbortController();
  const task = tasks.start('me', never, controller, 1_000_000);
  clock.now += 99;
  expect(tasks.get('me', task?.id ?? '')).toBeDefined();
  clock.now += 1;
  expect(tasks.get('me', task?.id ?? '')).toBeUndefined();
  expect(controller.signal.aborted).toBe(true);
});

test('one owner has so many tasks, and finished ones make room', async () => {
  const { tasks, start, settle } = setup({ perOwner: 2 });
  const first = start(async () => RESULT);
  await settle();
  expect(start(never)).toBeDefined();
  expect(start(never)).toBeDefined();
  expect(tasks.get('me', first?.id ?? '')).toBeUndefined();
  expect(start(never)).toBeUndefined();
  expect(start(never, 'you')).toBeDefined();
});

test('all owners together have so many, and what runs stays', () => {
  const { start } = setup({ all: 2 });
  expect(start(never, 'a')).toBeDefined();
  expect(start(never, 'b')).toBeDefined();
  expect(start(never, 'c')).toBeUndefined();
});

test('results together are so long; the oldest go', async () => {
  const { tasks, start, settle } = setup({ resultCharacters: 150 });
  const ids = [1, 2, 3].map(() => start(async () => ({ content: [{ type: 'text', text: 'x'.repeat(50) }] }))?.id ?? '');
  await settle();
  expect(ids.map((id) => tasks.get('me', id)?.status)).toEqual([undefined, undefined, 'completed']);
});

test('an owner sees and touches no other’s', () => {
  const { tasks, start } = setup();
  const id = start(never)?.id ?? '';
  expect([tasks.get('you', id), tasks.cancel('you', id), tasks.answer('you', id, {}), tasks.list('you')]).toEqual([
    undefined,
    false,
    false,
    [],
  ]);
  tasks.end('you');
  expect(tasks.list('me')).toHaveLength(1);
  tasks.end();
  expect(tasks.list('me')).toEqual([]);
});
