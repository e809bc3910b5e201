// A call of one function: JSON in, JSON out, and every value checked against its WIT type both ways.
import { compileFunction, type FunctionCodec, toCamelCase, WitValueError } from '@pypes/wit/values';
import type { Outcome } from './messages.ts';
import type { SkillTypes } from './types.ts';

/** What the glue of a component gives. */
export type Exports = { readonly [name: string]: unknown };

/** Binds the functions of an instance; the result calls one of them by its path. */
export function bindFunctions(exports: Exports, { resolved, functions }: SkillTypes) {
  const bound = new Map(
    functions.map(({ path, interface: home, called }) => {
      const scope = home === null ? exports : (exports[home] as Exports);
      const target = scope[toCamelCase(called.name)] as (...args: unknown[]) => unknown;
      return [path, { codec: compileFunction(resolved, called), target }] as const;
    }),
  );
  return (path: string, args: unknown): Outcome => {
    const found = bound.get(path);
    if (found === undefined) return { code: 'invalid_input', message: `There is no function ${path}` };
    const given = readArguments(found.codec, args);
    return 'code' in given ? given : run(found.codec, () => found.target(...given.args));
  };
}

/** Arguments as a function takes them, or what is wrong with them. */
export function readArguments(codec: FunctionCodec, args: unknown): { readonly args: unknown[] } | Refusal {
  try {
    return { args: codec.argumentsFromJson(args) };
  } catch (error) {
    return { code: 'invalid_input', message: (error as WitValueError).message };
  }
}

type Refusal = Extract<Outcome, { readonly code: string }>;

function run(codec: FunctionCodec, call: () => unknown): Outcome {
  try {
    const value = call();
    if (codec.outcome !== 'tagged') return { value: codec.ok?.toJson(value) ?? null };
    const { tag, val } = value as { readonly tag: string; readonly val: unknown };
    return tag === 'ok' ? { value: codec.ok?.toJson(val) ?? null } : failed(codec, val);
  } catch (error) {
    if (error instanceof WitValueError) return { code: 'invalid_output', message: error.message };
    if (codec.outcome === 'thrown' && error instanceof Error && 'payload' in error) return failed(codec, error.payload);
    return { code: 'handler_failed', message: `The component trapped: ${String(error)}` };
  }
}

/** The function's own error, as its WIT says that it may give. */
function failed({ err }: FunctionCodec, given: unknown): Outcome {
  const payload = err?.toJson(given) ?? null;
  return { code: 'handler_failed', message: `The function gave an error: ${JSON.stringify(payload)}`, payload };
}
