// One imported function as the glue calls it: a request to the host, with its values checked both ways.
import type { WitFunction } from '@pypes/wit/resolved';
import type { FunctionCodec } from '@pypes/wit/values';
import { HostError } from '../../threads/guest/failure.ts';
import type { GuestTools, Invocation } from '../../threads/guest/language.ts';

/** The call that an instance is in; imports outside of one are refused. */
export type CurrentCall = {
  call: { readonly invocation: Invocation; readonly tools: GuestTools } | undefined;
  /** What was read out of the memory has arrived: what is read next counts for itself (transpile/strict.ts). */
  readonly lifted: () => void;
  /** Pays for what is made for the component, where that is counted (guest/meter.ts). */
  readonly spend?: ((cost: number) => void) | undefined;
};

/** A function of the glue's imports. */
export type ImportFunction = (...args: unknown[]) => unknown;

/** Asks for one imported function: its arguments by name, its result as JSON. */
export type Ask = (called: string, args: { readonly [name: string]: unknown }) => Promise<unknown>;

export function inCall({ call, lifted }: CurrentCall): {
  readonly invocation: Invocation;
  readonly tools: GuestTools;
} {
  lifted();
  if (call !== undefined) return call;
  throw new HostError({ code: 'canceled', message: 'The component asked for an import outside of a call' });
}

/** One function that the component may call: its arguments are checked on their way out, its result on its way in. */
export function importFunction(
  codec: FunctionCodec,
  { name }: WitFunction,
  ask: Ask,
  remote: { settled(): Promise<void> },
): ImportFunction {
  return async (...given) => {
    await remote.settled();
    const args = codec.argumentsToJson(given);
    let answer: unknown;
    try {
      answer = await ask(name, args);
    } catch (error) {
      return failed(codec, error);
    }
    const value = codec.ok?.fromJson(answer);
    return codec.outcome === 'tagged' ? { tag: 'ok', val: value } : value;
  };
}

/** An error that the function's WIT knows is the component's to handle; any other ends the call. */
function failed({ err, outcome }: FunctionCodec, error: unknown): unknown {
  const details =
    error instanceof HostError ? (error.details as { readonly payload?: unknown } | undefined) : undefined;
  if (outcome === 'plain' || details === undefined || !('payload' in details)) throw error;
  const payload = err?.fromJson(details.payload);
  if (outcome === 'tagged') return { tag: 'err', val: payload };
  throw Object.assign(new Error('The import gave an error'), { payload });
}
