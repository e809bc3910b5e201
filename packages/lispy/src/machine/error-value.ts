/** Errors on their way into a program and out of it: what `catch` binds, and what a host's exception becomes. */
import { LispyError } from '../errors.ts';
import { LispyMap } from '../values/map.ts';
import type { Value } from '../values/value.ts';

/** A raised value travels inside its error; wrapped so that nil can be raised too. */
export class Raised {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

/** What `catch` binds: the raised value itself, or a map with `message`, `code`, and the place. */
export const errorValue = (error: LispyError): Value => {
  const { payload } = error.details;
  if (payload instanceof Raised) return payload.value;
  const map = new Map<string, Value>([
    ['message', error.text],
    ['code', error.code],
  ]);
  if (error.place) {
    map.set('line', error.place.line);
    map.set('column', error.place.column);
  }
  const value = new LispyMap(map);
  caught.set(value, error);
  return value;
};

/** Which error a caught map stands for, so that raising it again keeps code and place. */
const caught = new WeakMap<LispyMap, LispyError>();

export const errorOf = (value: Value): LispyError | undefined =>
  value instanceof LispyMap ? caught.get(value) : undefined;

/** Any exception as a typed error; the native stack is never the program's fault alone, so it is a depth limit. */
export const toLispyError = (thrown: unknown): LispyError => {
  if (thrown instanceof LispyError) return thrown;
  if (thrown instanceof RangeError && /call stack/i.test(thrown.message)) {
    return new LispyError('limit', 'Limit "depth" reached: native stack is full', { limit: 'depth', cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new LispyError('internal', `Interpreter failed: ${message}`, { cause: thrown });
};
