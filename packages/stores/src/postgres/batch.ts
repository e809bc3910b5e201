// Changes of many runs in one statement: what waits for the database while others are on their way goes together.
import { PypesError } from '@pypes/contract';

export type BatchParts<Item, Result> = {
  /** Does them all, or none; a result for each, in order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** No two items of one key are under way at once, unless they are a pair; they go in the order in which they came. */
  readonly keyOf: (item: Item) => string;
  /** Whether two that follow each other in one key may go in one batch. Default: they may not. */
  readonly isPair?: (first: Item, second: Item) => boolean;
  /** Characters. */
  readonly sizeOf: (item: Item) => number;
  /** How many batches may be under way. */
  readonly lanes: number;
};

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

const MOST_ITEMS = 256;
const MOST_CHARACTERS = 4_000_000;

export function createBatches<Item, Result>(parts: BatchParts<Item, Result>): (item: Item) => Promise<Result> {
  type Queue = Waiting<Item, Result>[];
  const ready = new Map<string, Queue>();
  const underWay = new Map<string, Queue>();
  let lanes = 0;
  let isAwake = false;

  function start(): void {
    isAwake = false;
    while (lanes < parts.lanes && ready.size > 0) void send(take());
  }

  /** The first item, or pair, of as many keys as fit. */
  function take(): Map<string, Queue> {
    const batch = new Map<string, Queue>();
    let size = 0;
    for (const [key, queue] of ready) {
      const firsts = queue.slice(0, isPair(queue) ? 2 : 1);
      for (const { item } of firsts) size += parts.sizeOf(item);
      if (batch.size === MOST_ITEMS || (batch.size > 0 && size > MOST_CHARACTERS)) break;
      batch.set(key, firsts);
      ready.delete(key);
      underWay.set(key, queue.slice(firsts.length));
    }
    return batch;
  }

  function isPair([first, second]: Queue): boolean {
    return first !== undefined && second !== undefined && parts.isPair?.(first.item, second.item) === true;
  }

  async function send(batch: ReadonlyMap<string, Queue>): Promise<void> {
    lanes++;
    await finish([...batch.values()].flat());
    lanes--;
    for (const key of batch.keys()) {
      const behind = underWay.get(key) ?? [];
      underWay.delete(key);
      if (behind.length > 0) ready.set(key, behind);
    }
    start();
  }

  async function finish(waiting: Queue): Promise<void> {
    try {
      const results = await parts.run(waiting.map(({ item }) => item));
      for (const [index, { resolve }] of waiting.entries()) resolve(results[index]!);
    } catch (error) {
      const isTheirs = error instanceof PypesError && error.code !== 'unavailable';
      // One that the database refuses must not take the others with it.
      if (isTheirs && waiting.length > 1) await Promise.all(waiting.map((one) => finish([one])));
      else for (const { reject } of waiting) reject(error);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      const key = parts.keyOf(item);
      const queue = underWay.get(key) ?? ready.get(key) ?? [];
      queue.push({ item, resolve, reject });
      if (!underWay.has(key)) ready.set(key, queue);
      // Whoever comes in this turn goes along.
      if (!isAwake) queueMicrotask(start);
      isAwake = true;
    });
}
