// The bridge: what a guest in another process or thread asks of its context, as a name and JSON parameters.
import {
  type AgentContext,
  CAPABILITY_OPERATIONS,
  type CapabilityOperation,
  isJsonObject,
  type Json,
  type JsonObject,
  type LogLevel,
  type MemoryCheckout,
  PypesError,
} from '@pypes/contract';

/** Answers one request of a guest. Rejects with PypesError; the runtime sends its code and message back. */
export type Bridge = (operation: string, parameters: readonly Json[]) => Promise<Json>;

type Operation = (context: AgentContext, parameters: readonly Json[], call: CallState) => Json | Promise<Json>;
type CallState = { checkout?: MemoryCheckout };

/**
 * The bridge of one call. The operations are the members of `context` by their wire names (spec 1, context); an
 * unknown one is refused. Those of CAPABILITY_OPERATIONS take one parameter, an object, but for memory's, which take
 * their parameters one by one.
 *
 * @example
 * await createBridge(context)('memory.set', ['city', 'Oslo']); // null
 */
export function createBridge(context: AgentContext): Bridge {
  const state: CallState = {};
  return async (operation, parameters) => {
    const handler = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
    if (handler !== undefined) return handler(context, parameters, state);
    if (isCapability(operation)) return context.use(operation, toArguments(parameters[0]));
    throw new PypesError('unsupported', `The host has no operation "${operation}"`);
  };
}

const OPERATIONS: { readonly [name: string]: Operation } = {
  log: (context, [level, message, data]) => {
    context.log(toLevel(level), toText(message), data ?? undefined);
    return null;
  },
  progress: (context, [fraction, message]) => {
    if (typeof fraction !== 'number') throw invalid('context.progress takes a number from 0 to 1', fraction);
    context.progress(fraction, typeof message === 'string' ? message : undefined);
    return null;
  },
  'memory.get': async (context, [key]) => (await context.memory.get(toKey(key))) ?? null,
  'memory.set': async (context, [key, value]) => {
    await context.memory.set(toKey(key), value ?? null);
    return null;
  },
  'memory.delete': (context, [key]) => context.memory.delete(toKey(key)),
  'memory.list': (context, [prefix]) => context.memory.list(typeof prefix === 'string' ? prefix : undefined),
  'memory.checkout': async (context, _parameters, state) => {
    state.checkout ??= await context.memory.checkout();
    return state.checkout.document;
  },
  'memory.commit': async (_context, [document], state) => {
    if (state.checkout === undefined) throw new PypesError('invalid_request', 'This call has not taken its memory out');
    if (!isJsonObject(document)) throw invalid('A memory document is a JSON object', document);
    await state.checkout.commit(document);
    return null;
  },
  call: (context, [agent, args]) => {
    if (typeof agent !== 'string') throw invalid('context.call takes the name of an agent', agent);
    return context.call(agent, toArguments(args));
  },
};

function isCapability(operation: string): operation is CapabilityOperation {
  return (CAPABILITY_OPERATIONS as readonly string[]).includes(operation);
}

function toLevel(value: Json | undefined): LogLevel {
  return value === 'debug' || value === 'warn' || value === 'error' ? value : 'info';
}

function toText(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function toKey(value: Json | undefined): string {
  if (typeof value !== 'string') throw invalid('A memory key is a text', value);
  return value;
}

function toArguments(value: Json | undefined): JsonObject {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw invalid('The arguments are an object', value);
  return value;
}

function invalid(rule: string, value: Json | undefined): PypesError {
  return new PypesError('invalid_input', `${rule}, got ${JSON.stringify(value ?? null).slice(0, 80)}`);
}
