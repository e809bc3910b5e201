// What `run` gets as its context: names as in spec 1, each member made when it is first used.
import type { GuestCall } from '../../threads/guest/call.ts';
import type { Invocation } from '../../threads/guest/language.ts';
import type { Requests } from '../../threads/guest/requests.ts';
import { type Capabilities, createCapabilities } from './capabilities.ts';

/** The context of one call; every member can be taken out of it: `const { log, memory } = context`. */
class Context {
  readonly user_guid: string | null;
  readonly pack_guid: string;
  readonly agent: string;
  readonly run_id: string;
  readonly #call: GuestCall;
  readonly #requests: Requests;
  #capabilities: Capabilities | undefined;

  constructor({ call, userGuid, packGuid, runId, agent }: Invocation, requests: Requests) {
    this.user_guid = userGuid;
    this.pack_guid = packGuid;
    this.run_id = runId;
    this.agent = agent;
    this.#call = call;
    this.#requests = requests;
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
      this.#call.progress(fraction, message);
    };
  }

  get memory() {
    return this.#granted.memory;
  }

  get objects() {
    return this.#granted.objects;
  }

  get vault() {
    return this.#granted.vault;
  }

  get ai() {
    return this.#granted.ai;
  }

  get session() {
    return this.#granted.session;
  }

  get fetch() {
    return this.#granted.fetch;
  }

  get #granted(): Capabilities {
    this.#capabilities ??= createCapabilities((operation, ...parameters) =>
      this.#requests.ask(this.#call, operation, parameters),
    );
    return this.#capabilities;
  }

  get call() {
    return (agent: string, args?: unknown) => this.#requests.ask(this.#call, 'call', [agent, args]);
  }
}

export function createContext(invocation: Invocation, requests: Requests): object {
  return new Context(invocation, requests);
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Error ? String(value) : (JSON.stringify(value) ?? String(value));
}
