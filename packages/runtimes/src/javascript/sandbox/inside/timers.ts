// Runs inside QuickJS: timers, which the thread keeps and which end with their call.
import type { Host } from './prelude.ts';

export function createTimers(host: Host) {
  const timers = new Map<number, { readonly act: () => void; readonly every: number | undefined }>();
  let last = 0;

  function start(act: unknown, ms: unknown, args: readonly unknown[], repeats: boolean): number {
    if (typeof act !== 'function') throw new TypeError('A timer takes a function');
    const delay = Math.max(0, Number(ms) || 0);
    const id = ++last;
    timers.set(id, { act: () => act(...args), every: repeats ? delay : undefined });
    host('timer', id, String(delay));
    return id;
  }

  function stop(id: unknown): void {
    if (timers.delete(Number(id))) host('untimer', Number(id), '');
  }

  Object.assign(globalThis, {
    setTimeout: (act: unknown, ms?: unknown, ...args: readonly unknown[]) => start(act, ms, args, false),
    setInterval: (act: unknown, ms?: unknown, ...args: readonly unknown[]) => start(act, ms, args, true),
    setImmediate: (act: unknown, ...args: readonly unknown[]) => start(act, 0, args, false),
    clearTimeout: stop,
    clearInterval: stop,
    clearImmediate: stop,
  });

  return {
    /** The number of the timer, as a text. */
    fire(text: string): string {
      const id = Number(text);
      const timer = timers.get(id);
      if (timer === undefined) return '';
      if (timer.every === undefined) timers.delete(id);
      else host('timer', id, String(timer.every));
      timer.act();
      return '';
    },
  };
}
