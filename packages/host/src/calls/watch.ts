// What ends a call from outside: its time limit, and a caller who goes.
import { PypesError } from '@pypes/contract';
import type { Frame } from './call.ts';
import type { CallContext } from './call-context.ts';
import { type Deadlines, GRAIN_MS } from './deadlines.ts';

/** Stops a call that lasts too long or is given up, until the returned function is called. */
export function watch(
  { signal, timeoutMs }: Frame,
  context: CallContext,
  deadlines: Deadlines,
  expired: () => PypesError,
) {
  const expire = () => context.stop(expired());
  let unlisten = typeof signal === 'object' ? listen(signal, context) : undefined;
  let clear: () => void;
  if (typeof signal === 'function' && timeoutMs > FEW_MS) {
    // Most calls end before a signal that has to be asked for is worth asking for: they get one place among the limits.
    const began = performance.now();
    clear = deadlines.add(GRAIN_MS, () => {
      unlisten = listen(signal(), context);
      clear = deadlines.add(timeoutMs - (performance.now() - began), expire);
    });
  } else {
    if (typeof signal === 'function') unlisten = listen(signal(), context);
    clear = deadlines.add(timeoutMs, expire);
  }
  return () => {
    clear();
    unlisten?.();
  };
}

/** Calls that may not last longer are watched from their beginning. */
const FEW_MS = 3 * GRAIN_MS;

function listen(signal: AbortSignal, context: CallContext): () => void {
  const stop = () =>
    context.stop(
      signal.reason instanceof PypesError ? signal.reason : new PypesError('canceled', 'The call was canceled'),
    );
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => signal.removeEventListener('abort', stop);
}
