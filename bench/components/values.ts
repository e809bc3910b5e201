// What the calls of the measured component are given.
import type { JsonObject } from '@pypes/contract';

/** A call as both sides write it: arguments as JSON and as component values by position. */
export type Sample = {
  readonly name: string;
  readonly agent: string;
  readonly args: JsonObject;
  readonly given: readonly unknown[];
};

const ORDER = { id: 'order-0001', price: 12.5, tags: ['limit', 'day'], side: 'sell', note: 'by hand' };
const POINTS = Array.from({ length: 100 }, (_, x) => ({ x, y: x / 2 }));

export const textOf = (bytes: number) =>
  'The quick brown fox jumps over a dog. '.repeat(Math.ceil(bytes / 32)).slice(0, bytes);

export const SAMPLES: readonly Sample[] = [
  ...([16, 65_536] as const).map((bytes) => {
    const text = textOf(bytes);
    return {
      name: bytes < 1_024 ? `${bytes} B of text` : `${bytes / 1_024} KiB of text`,
      agent: 'echo',
      args: { text },
      given: [text],
    };
  }),
  { name: 'a record of two numbers', agent: 'move', args: { p: { x: 1, y: 2.5 } }, given: [{ x: 1, y: 2.5 }] },
  {
    name: 'a record of six fields',
    agent: 'book',
    args: { o: { ...ORDER, amount: 100 } },
    // In the declared order, as the codec makes it.
    given: [{ id: ORDER.id, price: ORDER.price, amount: 100n, tags: ORDER.tags, side: ORDER.side, note: ORDER.note }],
  },
  { name: 'a list of 100 records', agent: 'same', args: { points: POINTS }, given: [POINTS] },
];
