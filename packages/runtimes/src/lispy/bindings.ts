// The members of context as LisPy functions: `context.memory.get` is `(memory-get "key")`.
import type { AgentContext, Json as ContractJson } from '@pypes/contract';
import { type HostFunction, LispyError, LispyFloat, toJson, type Value } from '@pypes/lispy';
import { createBridge } from '../bridge.ts';
import { CAPABILITIES } from './capabilities.ts';

type Bindings = Readonly<Record<string, HostFunction>>;

const OPERATIONS: readonly (readonly [name: string, operation: string])[] = [
  ['progress', 'progress'],
  ['memory-get', 'memory.get'],
  ['memory-set', 'memory.set'],
  ['memory-delete', 'memory.delete'],
  ['memory-list', 'memory.list'],
  ['call', 'call'],
];

/** Every name that {@link bindingsOf} gives a meaning. */
export const HOST_FUNCTIONS: readonly string[] = [
  ...OPERATIONS.map(([name]) => name),
  ...CAPABILITIES.map(({ name }) => name),
  'log',
  'context-log',
];

/**
 * The functions that a call is granted. `log` writes a log line where its first argument is a text, and is the
 * logarithm otherwise; a profile that gives `log` another meaning keeps it, and `context-log` always writes a line.
 */
export function bindingsOf(context: AgentContext, hasProfile: boolean): Bindings {
  const bridge = createBridge(context);
  const bindings: Record<string, HostFunction> = {};
  for (const [name, operation] of OPERATIONS) bindings[name] = (...args) => bridge(operation, args as ContractJson[]);
  for (const { name, operation, toParameters, toResult } of CAPABILITIES) {
    bindings[name] = async (...args) => {
      const result = await bridge(operation, [toParameters(args as ContractJson[])]);
      return toResult === undefined ? result : toResult(result, args as ContractJson[]);
    };
  }
  const writeLine = (args: readonly Value[]): null => {
    const [level = 'info', message = '', data = null] = args.map((arg) => toJson(arg)) as ContractJson[];
    const isLevel = level === 'debug' || level === 'info' || level === 'warn' || level === 'error';
    if (!isLevel)
      throw new LispyError(
        'type',
        `(log level message [data]) takes "debug", "info", "warn" or "error", got ${JSON.stringify(level)}`,
      );
    context.log(level, typeof message === 'string' ? message : JSON.stringify(message), data ?? undefined);
    return null;
  };
  bindings['context-log'] = { signature: '(context-log level message [data])', raw: writeLine };
  if (!hasProfile) {
    bindings.log = {
      signature: '(log number [base]) or (log level message [data])',
      raw: (args) => (typeof args[0] === 'string' ? writeLine(args) : logarithm(args)),
    };
  }
  return bindings;
}

function logarithm(args: readonly Value[]): Value {
  const [number, base] = args.map(toNumber);
  if (number === undefined) throw new LispyError('arity', '(log number [base]) takes 1 or 2 arguments, got 0');
  const value = base === undefined ? Math.log(number) : Math.log(number) / Math.log(base);
  if (!Number.isFinite(value)) throw new LispyError('arithmetic', `Result of log is not a finite number (${value})`);
  return Number.isInteger(value) ? new LispyFloat(value) : value;
}

function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof LispyFloat) return value.value;
  throw new LispyError('type', 'log takes a number, or a level and a message');
}
