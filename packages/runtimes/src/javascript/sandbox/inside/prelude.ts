// Runs inside QuickJS, before the agent's file: makes its context, calls its run, and speaks to the thread in texts.
import { OutputError } from '../../../threads/guest/failure.ts';
import { toOutput } from '../../../threads/guest/output.ts';
import { createCapabilities } from '../../guest/capabilities.ts';
import { describe, toFailureText } from './failure.ts';
import { createTimers } from './timers.ts';
import { installWeb } from './web.ts';

/** The one function of the thread that can be called: texts and numbers in, a text or nothing out. */
export type Host = (kind: string, id: number, text: string) => string | undefined;

type Exports = { readonly AGENT?: unknown; readonly run?: unknown; readonly default?: Exports };
type Run = (context: object, args: unknown) => unknown;
type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void };

/** There was no memory left to say what happened. */
const NO_ROOM = 'F{"message":"InternalError: out of memory","stack":""}';

/** What the thread calls. */
export function connect(host: Host) {
  const { parse, stringify } = JSON;
  const waiting = new Map<number, Waiting>();
  let run: Run;
  let user_guid: string | null;
  let pack_guid: string;
  let agent: string;
  let last = 0;
  /** The outcome of the call that runs, from when it is there until the thread takes it. */
  let outcome = '';
  let calls = 0;

  installWeb(host);
  const timers = createTimers(host);

  function ask(operation: string, ...parameters: readonly unknown[]): Promise<unknown> {
    const number = ++last;
    return new Promise((resolve, reject) => {
      const text = toOutput(parameters);
      waiting.set(number, { resolve, reject });
      host('ask', number, `[${stringify(operation)},${text}]`);
    });
  }

  function log(level: string, message: unknown, data?: unknown): void {
    host(
      'log',
      0,
      stringify(data === undefined ? [level, describe(message)] : [level, describe(message), toData(data)]),
    );
  }

  const print =
    (level: string) =>
    (...values: readonly unknown[]): void =>
      log(level, values.map(describe).join(' '));
  const console = { log: print('info'), info: print('info'), debug: print('debug'), trace: print('debug') };
  Object.assign(globalThis, { console: { ...console, warn: print('warn'), error: print('error') } });

  /** What every call of this user finds in its context: made once, for making it costs more than a small call. */
  const shared = {
    ...createCapabilities(ask),
    log,
    progress(fraction: number, message?: string): void {
      if (typeof fraction !== 'number' || Number.isNaN(fraction)) {
        throw new TypeError(`context.progress takes a number from 0 to 1, got ${String(fraction)}`);
      }
      host('progress', 0, stringify([fraction, message ?? null]));
    },
    call: (agent: string, args?: unknown) => ask('call', agent, args ?? {}),
    signal: { aborted: false, addEventListener: () => {}, removeEventListener: () => {}, throwIfAborted: () => {} },
  };

  function createContext(run_id: string): object {
    return { __proto__: shared, user_guid, pack_guid, run_id, agent };
  }

  /** A result, or a failure, as the thread is told it: R or F, and JSON text. */
  function succeeded(value: unknown): string {
    try {
      // Writing a number as JSON takes a tenth of a small call.
      return `R${typeof value === 'number' && Number.isFinite(value) ? value : toOutput(value)}`;
    } catch (error) {
      return failed(error);
    }
  }

  function failed(error: unknown): string {
    return `F${toFailureText(error)}`;
  }

  function waitFor(result: unknown): void {
    const number = calls;
    // What an earlier call of this user left behind may end now: that is no outcome of this one.
    Promise.resolve(result).then(
      (value) => {
        if (number === calls) end(succeeded, value);
      },
      (error: unknown) => {
        if (number === calls) end(failed, error);
      },
    );
  }

  function end(say: (what: unknown) => string, what: unknown): void {
    try {
      outcome = say(what);
    } catch {
      outcome = NO_ROOM;
    }
  }

  return {
    /** Takes what the agent's file exports; gives AGENT as JSON text. */
    load(exported: Exports): string {
      const found = exported.run ?? exported.default?.run;
      const described = exported.AGENT ?? exported.default?.AGENT;
      if (typeof found !== 'function') {
        throw new Error(`run is ${found === undefined ? 'not exported' : typeof found}`);
      }
      run = found as Run;
      return described === undefined ? '' : toOutput(described);
    },
    /** Whose the calls are that follow: user, pack, agent. */
    meet(text: string): string {
      const about = parse(text) as readonly [string | null, string, string];
      user_guid = about[0];
      pack_guid = about[1];
      agent = about[2];
      return '';
    },
    /** Arguments and run; gives the outcome, or no text where there is none at once. */
    start(text: string): string {
      outcome = '';
      calls++;
      try {
        const given = parse(text) as readonly [unknown, string];
        const result = run(createContext(given[1]), given[0]);
        if (!isThenable(result)) return succeeded(result);
        waitFor(result);
        return '';
      } catch (error) {
        return failed(error);
      }
    },
    /** The outcome, where it has come meanwhile. */
    outcome: (): string => outcome,
    /** The number of a question, whether it was granted, and what the host says to it. */
    answer(text: string): string {
      const given = parse(text) as readonly [number, boolean, unknown];
      const request = waiting.get(given[0]);
      waiting.delete(given[0]);
      if (given[1]) request?.resolve(given[2]);
      else request?.reject(toRefusal(given[2] as RefusalText));
      return '';
    },
    fire: timers.fire,
  };
}

class Refusal extends Error {
  override readonly name = 'PypesError';
  readonly code: string;
  readonly details: unknown;
  constructor(code: string, message: string, details: unknown) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

type RefusalText = { readonly code: string; readonly message: string; readonly details?: unknown };

function toRefusal({ code, message, details }: RefusalText): Refusal {
  return new Refusal(code, message, details);
}

function toData(data: unknown): unknown {
  try {
    return JSON.parse(toOutput(data));
  } catch (error) {
    return error instanceof OutputError ? `No JSON: ${error.message}` : 'No JSON';
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
