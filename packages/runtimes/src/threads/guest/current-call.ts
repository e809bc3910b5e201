// Which call the code that now runs in a thread belongs to: for what a language prints without saying for whom.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { GuestCall } from './call.ts';

/** Also after awaits and in timers. */
export const currentCall = new AsyncLocalStorage<GuestCall>();
