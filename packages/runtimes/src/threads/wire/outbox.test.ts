// The outbox: whatever is written comes out once, in order, however small the ring and whenever it is read.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createOutbox, createOutboxReader, createOutboxWriter } from './outbox.ts';

/** Both ends in one thread; `posted` are the messages on their way. */
function connect(bytes: number) {
  const posted: ([number, number, string] | null)[] = [];
  const received: [number, number, string][] = [];
  const memory = createOutbox(bytes);
  const writer = createOutboxWriter(memory, { postMessage: (message) => void posted.push(message) });
  const reader = createOutboxReader(memory, (...record) => void received.push(record));
  return { posted, received, writer, reader };
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }).map((text) => ({ write: text })) },
  fc.constant({ drain: true }),
  fc.constant({ deliver: true }),
);

it('keeps the order of records between ring and messages', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 16, max: 128 }), (steps, words) => {
      const { posted, received, writer, reader } = connect(words * 4);
      const written: [number, number, string][] = [];
      for (const [index, action] of steps.entries()) {
        if ('write' in action) {
          const record: [number, number, string] = [1 + (index % 7), index, action.write];
          written.push(record);
          writer.write(...record);
          writer.ring();
        } else if ('drain' in action) {
          reader.drain();
        } else if (posted.length > 0) {
          reader.receive(posted.shift() ?? null);
        }
      }
      for (const message of posted.splice(0)) reader.receive(message);
      expect(received).toStrictEqual(written);
    }),
    { numRuns: 300 },
  );
});

it('rings once until the host has read', () => {
  const { posted, writer, reader } = connect(1024);
  writer.write(1, 1, 'a');
  writer.ring();
  writer.write(1, 2, 'b');
  writer.ring();
  expect(posted).toStrictEqual([null]);
  reader.receive(null);
  writer.write(1, 3, 'c');
  writer.ring();
  expect(posted).toHaveLength(2);
});

it('posts what is larger than the ring', () => {
  const { posted, received, writer, reader } = connect(256);
  const large = 'x'.repeat(10_000);
  writer.write(1, 1, 'small');
  writer.write(2, 2, large);
  expect(posted).toStrictEqual([[2, 2, large]]);
  reader.receive(posted[0] ?? null);
  expect(received.map(([kind]) => kind)).toStrictEqual([1, 2]);
});
