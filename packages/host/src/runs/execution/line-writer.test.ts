// Events that wait for others go when a call is recorded: a store may take both in one step.
import type { RunLines, RunStream } from '@pypes/contract/runs';
import { expect, test } from 'vitest';
import { LineWriter } from './line-writer.ts';

test('what waits goes along with what does not, in the same turn', async () => {
  const sent: (readonly [RunStream, RunLines])[] = [];
  let turn = 0;
  const turns: number[] = [];
  const store = {
    append: async (_: unknown, stream: RunStream, lines: RunLines) => {
      if (sent.push([stream, lines]) === 1) setImmediate(() => turn++);
      turns.push(turn);
      return true;
    },
    last: async () => 0,
    read: async () => [],
  };
  const writerOf = (stream: RunStream, lingerMs: number, along?: LineWriter) =>
    new LineWriter({
      store,
      ref: { tenant: '', run_id: 'run' },
      attempt: 1,
      stream,
      first: 1,
      lingerMs,
      ...(along === undefined ? {} : { along }),
      persist: (work) => work(),
      onLost: () => undefined,
    });
  const events = writerOf('events', 3_600_000);
  const calls = writerOf('calls', 0, events);
  events.add({ write: (seq) => `${seq}` });
  events.add({ write: (seq) => `${seq}` });
  await new Promise<void>((stored) => calls.add({ write: () => 'call', stored: () => stored() }));
  expect(sent).toEqual([
    ['events', { first: 1, lines: ['1', '2'] }],
    ['calls', { first: 1, lines: ['call'] }],
  ]);
  expect(turns).toEqual([0, 0]);
  expect((await events.drain()).first).toBe(3);
});
