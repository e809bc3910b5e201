// `use`: an operation of `context` by its name, with its parameters as an object, answered with JSON text.
import { HostError } from '../../../threads/guest/failure.ts';
import type { GuestTools, Invocation } from '../../../threads/guest/language.ts';

type Parameters = { readonly [name: string]: unknown };

/** Operations whose parameters cross one by one. */
const POSITIONS: { readonly [operation: string]: readonly string[] } = {
  call: ['agent', 'args'],
  'memory.get': ['key'],
  'memory.set': ['key', 'value'],
  'memory.delete': ['key'],
  'memory.list': ['prefix'],
};

/** JSON text of the answer. @throws HostError where the host refuses */
export async function perform(
  { invocation, tools }: { readonly invocation: Invocation; readonly tools: GuestTools },
  operation: string,
  given: unknown,
): Promise<string> {
  const { call, agent, packGuid, userGuid, runId } = invocation;
  const parameters = toParameters(operation, given);
  if (operation === 'about') return JSON.stringify({ agent, pack_guid: packGuid, user_guid: userGuid, run_id: runId });
  if (operation === 'log') {
    const { level, message, data } = parameters;
    call.log.write(String(level ?? 'info'), toText(message), data);
    return 'null';
  }
  const positions = Object.hasOwn(POSITIONS, operation) ? POSITIONS[operation] : undefined;
  const list = positions?.map((name) => parameters[name] ?? null) ?? [parameters];
  return tools.requests.askText(call, operation, JSON.stringify(list));
}

function toParameters(operation: string, given: unknown): Parameters {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Parameters;
  const message = `The parameters of ${operation} are an object, got ${JSON.stringify(given).slice(0, 80)}`;
  throw new HostError({ code: 'invalid_input', message });
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
