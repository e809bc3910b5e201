// The capabilities of context as LisPy functions: positional arguments in, the parameters of the operation out.
import { type CapabilityOperation, isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import { LispyError } from '@pypes/lispy';

/** One function: `(objects-put "note" "text")`. */
export type CapabilityFunction = {
  readonly name: string;
  readonly operation: CapabilityOperation;
  readonly toParameters: (args: readonly Json[]) => JsonObject;
  /** What the program gets; the operation's own result where absent. */
  readonly toResult?: (result: Json, args: readonly Json[]) => Json;
};

/** Takes its arguments one by one under these names; more than them are refused. */
function positional(name: string, operation: CapabilityOperation, ...names: readonly string[]): CapabilityFunction {
  return {
    name,
    operation,
    toParameters: (args) => {
      if (args.length > names.length) throw arity(name, names, args.length);
      return Object.fromEntries(args.map((value, index) => [names[index], value]));
    },
  };
}

export const CAPABILITIES: readonly CapabilityFunction[] = [
  {
    name: 'fetch',
    operation: 'fetch',
    toParameters: ([url = null, options = {}]) => ({ ...toOptions('fetch', options), url }),
  },
  positional('objects-put', 'objects.put', 'name', 'text', 'content_type'),
  positional('objects-get', 'objects.get', 'name', 'start', 'end'),
  positional('objects-list', 'objects.list', 'prefix'),
  positional('objects-delete', 'objects.delete', 'name'),
  positional('vault-get', 'vault.get', 'name'),
  {
    name: 'ai-complete',
    operation: 'ai.complete',
    toParameters: ([request = null]) =>
      typeof request === 'string'
        ? { messages: [{ role: 'user', content: request }] }
        : toOptions('ai-complete', request),
    // Asked with a text, it answers with one.
    toResult: (result, [request]) => (typeof request === 'string' && isJsonObject(result) ? textIn(result) : result),
  },
  {
    ...positional('session-read', 'session.read', 'path'),
    toResult: (result) => (isJsonObject(result) ? textIn(result) : result),
  },
  positional('session-write', 'session.write', 'path', 'text'),
  positional('session-list', 'session.list', 'path'),
  positional('session-delete', 'session.delete', 'path'),
  positional('session-goto', 'session.goto', 'url'),
  positional('session-click', 'session.click', 'selector'),
  positional('session-fill', 'session.fill', 'selector', 'value'),
  positional('session-text', 'session.text', 'selector'),
  positional('session-screenshot', 'session.screenshot', 'name', 'selector'),
];

/** The text of a result that has one; what is no text stays base64. */
function textIn(result: JsonObject): Json {
  return result.text ?? result.base64 ?? null;
}

function toOptions(name: string, value: Json): JsonObject {
  if (isJsonObject(value)) return value;
  throw new LispyError('type', `(${name} …) takes its options as a map, got ${JSON.stringify(value).slice(0, 80)}`);
}

function arity(name: string, names: readonly string[], got: number): LispyError {
  return new LispyError('arity', `(${name} ${names.join(' ')}) takes at most ${names.length} arguments, got ${got}`);
}
