// One warm worker that belongs to no pack yet, so that a pack's first call need not wait for a start.
import type { Worker, WorkerOwner } from '../process/worker.ts';

export type Spare = {
  /** Starts one, a little later: not while calls want the processor. */
  refill(): void;
  isReady(): boolean;
  /** The spare worker, ready or still starting. */
  take(): Worker | undefined;
  /** Ends it: nobody calls for now. `refill` starts another one. */
  rest(): void;
  /** Ends it, and starts no other. */
  close(): void;
};

const REFILL_MS = 150;

export function createSpare(start: () => Worker): Spare {
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const owner: WorkerOwner = {
    onReady: () => {},
    onIdle: () => {},
    onGone: (gone) => {
      if (gone === worker) worker = undefined;
    },
  };
  function rest(): void {
    clearTimeout(timer);
    timer = undefined;
    worker?.kill();
    worker = undefined;
  }

  return {
    rest,
    refill() {
      // A call that ends while the pool closes asks too; its home is about to go.
      if (isClosed || worker !== undefined) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        worker = start();
        worker.owner = owner;
      }, REFILL_MS).unref();
    },
    isReady: () => worker?.isReady === true,
    take() {
      const taken = worker;
      worker = undefined;
      return taken;
    },
    close() {
      isClosed = true;
      rest();
    },
  };
}
