// The page's side of its workers: transpile once, run in a thread that is replaced when a call takes too long or traps.
import type { Bytes } from '../registry/bytes.ts';
import type { GuestAnswer, Outcome, TranspileAnswer, Transpiled } from './messages.ts';
import type { SkillTypes } from './types.ts';

const TRANSPILE_MS = 30_000;
const START_MS = 15_000;
const CALL_MS = 2_000;

/** @throws Error where the tool refuses the component, crashes, or takes too long */
export async function transpile(component: Bytes): Promise<Transpiled> {
  const worker = new Worker(new URL('./transpile.worker.ts', import.meta.url), { type: 'module' });
  try {
    const answer = await once<TranspileAnswer>(worker, TRANSPILE_MS, () => worker.postMessage(component));
    if ('done' in answer) return answer.done;
    throw new Error(`The component cannot be transpiled: ${answer.refused}`);
  } finally {
    worker.terminate();
  }
}

/** A component that runs; calls wait for each other. */
export type Guest = { readonly call: (path: string, args: unknown) => Promise<Outcome> };

export function createGuest(transpiled: Transpiled, types: SkillTypes): Guest {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const start = async (): Promise<Worker> => {
    const started = new Worker(new URL('./guest.worker.ts', import.meta.url), { type: 'module' });
    const answer = await once<GuestAnswer>(started, START_MS, () => started.postMessage({ transpiled, types }));
    if ('ready' in answer) return started;
    started.terminate();
    throw new Error(`The component cannot start: ${'refused' in answer ? answer.refused : 'it answered too early'}`);
  };
  const call = async (path: string, args: unknown): Promise<Outcome> => {
    try {
      worker ??= await start();
      const running = worker;
      const answer = await once<GuestAnswer>(running, CALL_MS, () => running.postMessage({ path, args }));
      if (!('outcome' in answer)) throw new Error(`The component cannot be called: ${JSON.stringify(answer)}`);
      // What trapped may be in any state.
      if ('code' in answer.outcome && answer.outcome.code === 'handler_failed' && !('payload' in answer.outcome))
        stop();
      return answer.outcome;
    } catch (error) {
      stop();
      const isLate = error instanceof Late;
      return { code: isLate ? 'timeout' : 'handler_failed', message: (error as Error).message };
    }
  };
  const stop = () => {
    worker?.terminate();
    worker = undefined;
  };
  return {
    call(path, args) {
      const outcome = last.then(() => call(path, args));
      last = outcome;
      return outcome;
    },
  };
}

class Late extends Error {}

function once<T>(worker: Worker, deadlineMs: number, send: () => void): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new Late(`It took longer than ${deadlineMs} ms`)), deadlineMs);
  worker.onmessage = ({ data }: MessageEvent<T>) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(`A worker failed: ${message}`));
  send();
  return promise.finally(() => clearTimeout(timer));
}
