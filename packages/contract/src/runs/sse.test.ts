// Server-sent events read in any pieces are the same messages.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSse, type SseMessage } from './sse.ts';

function bodyOf(pieces: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

async function read(pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<readonly SseMessage[]> {
  const messages: SseMessage[] = [];
  for await (const message of readSse(bodyOf(pieces))) messages.push(message);
  return messages;
}

const toBytes = (text: string) => new TextEncoder().encode(text);

describe('readSse', () => {
  test.each<[string, string, readonly SseMessage[]]>([
    ['an event', 'id: 1\ndata: {"a":1}\n\n', [{ id: '1', data: '{"a":1}' }]],
    ['data in lines', 'data: a\ndata:b\ndata:\ndata\n\n', [{ data: 'a\nb\n\n' }]],
    ['a comment', ': keep-alive\n\n', [{}]],
    ['a retry, and one that is none', 'retry: 20\n\nretry: soon\n\n', [{ retryMs: 20 }, {}]],
    [
      'carriage returns',
      'id: 1\r\ndata: a\r\n\r\nid: 2\rdata: b\r\r',
      [
        { id: '1', data: 'a' },
        { id: '2', data: 'b' },
      ],
    ],
    ['a space of the value itself', 'data:  a\n\n', [{ data: ' a' }]],
    ['half a message', 'id: 1\ndata: a\n\nid: 2\ndata: b\n', [{ id: '1', data: 'a' }]],
    ['other fields', 'event: x\nwhat: y\n\n', [{}]],
  ])('reads %s', async (_, text, messages) => {
    expect(await read([toBytes(text)])).toEqual(messages);
  });

  test('gives the same messages for any pieces', async () => {
    const text = 'retry: 5\r\n\r\nid: 1\ndata: é\u2028€\n\n: x\n\nid: 2\r\ndata: 𝒳\r\n\r\nid: 3\rdata: z\r\r';
    const bytes = toBytes(text);
    const whole = await read([toBytes(text)]);
    expect(whole).toHaveLength(5);
    const cuts = fc.array(fc.nat({ max: bytes.length }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const ends = [0, ...places.toSorted((a, b) => a - b), bytes.length];
        const pieces = ends.slice(1).map((end, index) => bytes.slice(ends[index], end));
        expect(await read(pieces)).toEqual(whole);
      }),
    );
  });

  test('lets go of the body when its reader stops', async () => {
    let isCanceled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(toBytes('data: a\n\n')),
      cancel: () => {
        isCanceled = true;
      },
    });
    for await (const message of readSse(body)) {
      expect(message.data).toBe('a');
      break;
    }
    expect(isCanceled).toBe(true);
  });
});
