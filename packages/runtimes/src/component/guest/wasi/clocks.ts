// wasi:clocks: the time of day, and a clock that only goes on.
import { HostError } from '../../../threads/guest/failure.ts';
import { type CurrentCall, inCall } from '../import-function.ts';
import { Pollable } from './io.ts';

const NANOSECONDS_PER_MS = 1_000_000;
const RESOLUTION = 1_000n;
/** No call lasts longer than this. */
const LONGEST_MS = 2 ** 31 - 1;

export function createClocks(current: CurrentCall): { readonly [name: string]: object } {
  const now = () => BigInt(Math.round(performance.now() * NANOSECONDS_PER_MS));
  const after = (nanoseconds: bigint) => {
    if (nanoseconds <= 0n) return new Pollable();
    const milliseconds = Math.min(Number(nanoseconds / BigInt(NANOSECONDS_PER_MS)) + 1, LONGEST_MS);
    const until = performance.now() + milliseconds;
    return new Pollable(() => sleep(current, until));
  };
  return {
    'clocks/monotonic-clock': {
      now,
      resolution: () => RESOLUTION,
      subscribeInstant: (when: bigint) => after(when - now()),
      subscribeDuration: after,
    },
    'clocks/wall-clock': {
      now: () => {
        const milliseconds = Date.now();
        return { seconds: BigInt(Math.floor(milliseconds / 1_000)), nanoseconds: (milliseconds % 1_000) * 1_000_000 };
      },
      resolution: () => ({ seconds: 0n, nanoseconds: 1_000_000 }),
    },
  };
}

/** Until the clock says so, or the call is stopped. */
function sleep(current: CurrentCall, until: number): Promise<void> {
  const { call } = inCall(current).invocation;
  call.controller ??= new AbortController();
  const { signal } = call.controller;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(resolve), Math.max(0, until - performance.now()));
    const stop = () => end(() => reject(new HostError({ code: 'canceled', message: 'The call was stopped' })));
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();

    function end(settle: () => void): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      settle();
    }
  });
}
