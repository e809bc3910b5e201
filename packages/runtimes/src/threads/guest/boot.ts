// The first module of a thread: serves this package's own modules as the host stripped them, then starts the guest.
import { registerHooks } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { ThreadData } from '../wire/messages.ts';

const { main, modules } = workerData as ThreadData;

registerHooks({
  load(url, context, nextLoad) {
    const source = modules.get(url);
    return source === undefined ? nextLoad(url, context) : { format: 'module', source, shortCircuit: true };
  },
});

await import(main);
