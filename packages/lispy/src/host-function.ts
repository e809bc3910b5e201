/** Bridge functions: what a host grants, and how values cross on the way in and out. */
import { LispyError } from './errors.ts';
import { fromJson, type Json, toJson } from './json/convert.ts';
import type { Meter } from './limits.ts';
import { HostProcedure } from './values/procedure.ts';
import type { Value } from './values/value.ts';

/** A granted function on JSON values; it may answer later. */
export type JsonHostFunction = (...args: Json[]) => unknown;

/** A granted function on LisPy values themselves, for hosts that need procedures, symbols or exact integers. */
export type RawHostFunction = {
  /** `(name a [b])`, shown in messages. */
  readonly signature?: string;
  readonly raw: (args: readonly Value[], meter: Meter) => Value | Promise<Value>;
};

export type HostFunction = JsonHostFunction | RawHostFunction;

/** The procedure that a program sees under `name`. */
export const hostProcedure = (name: string, fn: HostFunction): HostProcedure => {
  if (typeof fn !== 'function') {
    const { raw } = fn;
    return new HostProcedure(name, fn.signature ?? `(${name} . argument)`, (args, machine) =>
      guarded(
        name,
        () => raw(args, machine),
        (value) => value,
      ),
    );
  }
  return new HostProcedure(name, `(${name} . argument)`, (args, machine) => {
    const json = args.map((arg) => toJson(arg, machine));
    return guarded(
      name,
      () => fn(...json),
      (value) => fromJson(value as Json, machine),
    );
  });
};

/** Runs a host function; what it throws becomes a `host` error that the program can catch. */
const guarded = <T>(name: string, run: () => T | Promise<T>, convert: (value: T) => Value): Value | Promise<Value> => {
  try {
    const result = run();
    if (isPromise(result))
      return Promise.resolve(result)
        .then(convert)
        .catch((error: unknown) => Promise.reject(hostError(name, error)));
    return convert(result);
  } catch (error) {
    throw hostError(name, error);
  }
};

const isPromise = <T>(value: T | Promise<T>): value is Promise<T> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

const hostError = (name: string, error: unknown): LispyError => {
  if (error instanceof LispyError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new LispyError('host', `Host function "${name}" failed: ${message}`, { cause: error });
};
