// A whole function at the boundary: its arguments by name outside and by position inside, and both ends of its result.
import type { ResolvedWit, WitFunction } from '../resolved.ts';
import type { Json } from '../schema/json.ts';
import { outcomesOf } from '../schema/outcomes.ts';
import { createBuilder } from './build.ts';
import { WitValueError } from './errors.ts';
import { record } from './record.ts';
import { type CompileOptions, toValueCodec, type ValueCodec } from './value.ts';

/** The checks and conversions of one function. */
export type FunctionCodec = {
  /**
   * Arguments by name → by position, options that were left out included.
   *
   * @throws WitValueError
   */
  readonly argumentsFromJson: (json: unknown) => unknown[];
  /**
   * Arguments by position, as an import is called by the glue → by name.
   *
   * @throws WitValueError
   */
  readonly argumentsToJson: (given: readonly unknown[]) => { readonly [name: string]: Json };
  /** The bytes of the canonical JSON text of arguments by position. */
  readonly measureArguments: (given: readonly unknown[]) => number;
  /** What a successful call gives; undefined where that is nothing. */
  readonly ok: ValueCodec | undefined;
  /** What a failed call carries; undefined where that is nothing. */
  readonly err: ValueCodec | undefined;
  /**
   * How the glue gives the result: `plain` as it is; `thrown`: the ok value is returned and the error thrown as a
   * `ComponentError` with `payload`; `tagged`: `{ tag, val }`. jco-transpile 0.15 throws only where the return type is
   * a `result` itself or its declared name; through an alias or `use` it returns the object (seen in its glue).
   */
  readonly outcome: 'plain' | 'thrown' | 'tagged';
};

/**
 * Compiles a function, once for many calls.
 *
 * @throws WitUnsupportedError that names the function
 */
export function compileFunction(
  resolved: ResolvedWit,
  called: WitFunction,
  options: CompileOptions = {},
): FunctionCodec {
  const build = createBuilder(resolved, options.handles);
  const names = called.params.map(({ name }) => name);
  const fields = called.params.map(({ name, type }) => ({ name, codec: build(type, name, called.name) }));
  const all = toValueCodec(
    record(fields, (name) => name),
    options,
  );
  const { ok, err, fails } = outcomesOf(resolved, called);
  const byName = (given: readonly unknown[]): { [name: string]: unknown } => {
    if (given.length > names.length) {
      const expected = `at most ${names.length} arguments for "${called.name}"`;
      throw new WitValueError({ path: '', expected, got: `${given.length}` });
    }
    return Object.fromEntries(names.map((name, index) => [name, given[index]]));
  };
  return {
    argumentsFromJson(json) {
      const made = all.fromJson(json) as { readonly [name: string]: unknown };
      return names.map((name) => made[name]);
    },
    argumentsToJson: (given) => all.toJson(byName(given)) as { readonly [name: string]: Json },
    measureArguments: (given) => all.measure(byName(given)),
    ok: ok === null ? undefined : toValueCodec(build(ok, 'result', called.name), options),
    err: err === null ? undefined : toValueCodec(build(err, 'result', called.name), options),
    outcome: fails ? (isOwnResult(resolved, called) ? 'thrown' : 'tagged') : 'plain',
  };
}

function isOwnResult(resolved: ResolvedWit, { result }: WitFunction): boolean {
  const kind = typeof result === 'number' ? resolved.types[result]?.kind : undefined;
  return typeof kind === 'object' && 'result' in kind;
}
