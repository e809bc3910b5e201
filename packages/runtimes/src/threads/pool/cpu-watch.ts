// The processor time of one call in a thread whose code cannot be asked to look at the clock: read from outside.
import type { Worker } from 'node:worker_threads';

/** Watches the call that a thread has claimed last. */
export function createCpuWatch(worker: Worker) {
  let watched: number | undefined;
  /** Microseconds of the thread when the call was first seen. */
  let base: number | undefined;
  let used = 0;
  let isAsking = false;

  function ask(call: number): void {
    isAsking = true;
    worker.cpuUsage().then(
      ({ user, system }) => {
        isAsking = false;
        if (watched !== call) return;
        base ??= user + system;
        used = user + system - base;
      },
      () => {
        isAsking = false;
      },
    );
  }

  return {
    /** Milliseconds that the call has computed since a tick saw it for the first time; zero for none. */
    tick(call: number | undefined): number {
      if (call !== watched) {
        watched = call;
        base = undefined;
        used = 0;
      }
      if (call !== undefined && !isAsking) ask(call);
      return used / 1_000;
    },
  };
}
