// What `run` gets as its context: names as in spec 1, each member made when it is first used.
import { TO_HOST } from '../wire/messages.ts';
import type { GuestCall, Tell } from './calls.ts';
import type { Requests } from './requests.ts';

/** The context of one call; every member can be taken out of it: `const { log, memory } = context`. */
class Context {
  readonly user_guid: string | null;
  readonly pack_guid: string;
  readonly agent: string;
  readonly run_id: string;
  readonly #call: GuestCall;
  readonly #requests: Requests;
  readonly #tell: Tell;

  constructor(call: GuestCall, batch: readonly unknown[], at: number, requests: Requests, tell: Tell) {
    this.user_guid = batch[at + 1] as string | null;
    this.pack_guid = batch[at + 2] as string;
    this.run_id = batch[at + 3] as string;
    this.agent = batch[at + 4] as string;
    this.#call = call;
    this.#requests = requests;
    this.#tell = tell;
  }

  get signal(): AbortSignal {
    this.#call.controller ??= new AbortController();
    return this.#call.controller.signal;
  }

  get log() {
    return (level: string, message: unknown, data?: unknown): void => {
      this.#call.log.write(level, toText(message), data);
    };
  }

  get progress() {
    return (fraction: number, message?: string): void => {
      if (typeof fraction !== 'number' || Number.isNaN(fraction)) {
        throw new TypeError(`context.progress takes a number from 0 to 1, got ${String(fraction)}`);
      }
      if (this.#call.ended) return;
      this.#tell(TO_HOST.request, this.#call.id, JSON.stringify([0, 'progress', [fraction, message ?? null]]));
    };
  }

  get memory() {
    const ask = (operation: string, ...parameters: unknown[]) =>
      this.#requests.ask(this.#call, `memory.${operation}`, parameters);
    return {
      get: (key: string) => ask('get', key),
      set: (key: string, value: unknown) => ask('set', key, value),
      delete: (key: string) => ask('delete', key),
      list: (prefix?: string) => ask('list', prefix),
    };
  }

  get call() {
    return (agent: string, args?: unknown) => this.#requests.ask(this.#call, 'call', [agent, args]);
  }
}

/** `at` is where the fields of the call begin: number, user, pack, run, agent. */
export function createContext(
  call: GuestCall,
  batch: readonly unknown[],
  at: number,
  requests: Requests,
  tell: Tell,
): object {
  return new Context(call, batch, at, requests, tell);
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Error ? String(value) : (JSON.stringify(value) ?? String(value));
}
