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
type About = {
  readonly user_guid: string | null;
  readonly pack_guid: string;
  readonly run_id: string;
  readonly agent: string;
};
type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void };

/** What the thread calls. */
export function connect(host: Host) {
  const { parse, stringify } = JSON;
  const waiting = new Map<number, Waiting>();
  let run: unknown;
  let last = 0;

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

  function createContext(about: About): object {
    return Object.assign(Object.create(shared) as object, about);
  }

  /** A result, or a failure, as the thread is told it: R or F, and JSON text. */
  function succeeded(value: unknown): string {
    try {
      return `R${toOutput(value)}`;
    } catch (error) {
      return failed(error);
    }
  }

  function failed(error: unknown): string {
    return `F${toFailureText(error)}`;
  }

  function tell(outcome: string): void {
    host('outcome', 0, outcome);
  }

  return {
    /** Takes what the agent's file exports; gives AGENT as JSON text. */
    load(exported: Exports): string {
      run = exported.run ?? exported.default?.run;
      const agent = exported.AGENT ?? exported.default?.AGENT;
      if (typeof run !== 'function') throw new Error(`run is ${run === undefined ? 'not exported' : typeof run}`);
      return agent === undefined ? '' : toOutput(agent);
    },
    /** The outcome, where there is one at once. */
    start(args: string, about: string): string | undefined {
      try {
        const result: unknown = (run as (context: object, args: unknown) => unknown)(
          createContext(parse(about) as About),
          parse(args),
        );
        if (!isThenable(result)) return succeeded(result);
        Promise.resolve(result).then(
          (value) => tell(succeeded(value)),
          (error: unknown) => tell(failed(error)),
        );
        return undefined;
      } catch (error) {
        return failed(error);
      }
    },
    answer(number: number, fulfilled: boolean, text: string): void {
      const request = waiting.get(number);
      waiting.delete(number);
      const value: unknown = parse(text);
      if (fulfilled) request?.resolve(value);
      else
        request?.reject(
          toRefusal(value as { readonly code: string; readonly message: string; readonly details?: unknown }),
        );
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

function toRefusal({
  code,
  message,
  details,
}: {
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
}) {
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
