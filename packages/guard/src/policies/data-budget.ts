// data-budget: how many bytes one call may carry down and bring back.
import {
  type Call,
  type ErrorCode,
  fitsJsonSize,
  isTooDeep,
  type Json,
  jsonSize,
  MOST_JSON_DEPTH,
  type Policy,
  PypesError,
} from '@pypes/contract';

/** Bytes of JSON text, for every call or as the call has it. */
export type Bound = number | ((call: Call) => number);
/** A bound that is left out is not checked, nesting always is. */
export type DataBudgetOptions = { readonly maxArgumentBytes?: Bound; readonly maxOutputBytes?: Bound };

/**
 * Denies a call whose arguments are too large (`too_large`) and a reply whose output is (`output_too_large`).
 *
 * @example
 * dataBudget({ maxArgumentBytes: 1_048_576, maxOutputBytes: 8_388_608 });
 */
export function dataBudget(options: DataBudgetOptions): Policy {
  const { maxArgumentBytes = Number.POSITIVE_INFINITY, maxOutputBytes = Number.POSITIVE_INFINITY } = options;
  return (call, next) => {
    const mostArguments = boundOf(maxArgumentBytes, call);
    if (!fitsJsonSize(call.args, mostArguments)) {
      const what = `The arguments of "${call.to}"`;
      return Promise.reject(refusal('too_large', what, call.args, 'argument_bytes', mostArguments));
    }
    return next(call).then((reply) => {
      const mostOutput = boundOf(maxOutputBytes, call);
      if (fitsJsonSize(reply.output, mostOutput)) return reply;
      throw refusal('output_too_large', `The output of "${call.to}"`, reply.output, 'output_bytes', mostOutput);
    });
  };
}

function boundOf(bound: Bound, call: Call): number {
  return typeof bound === 'number' ? bound : bound(call);
}

function refusal(code: ErrorCode, what: string, value: Json, limit: string, maximum: number): PypesError {
  if (isTooDeep(value)) {
    return new PypesError(code, `${what} is nested deeper than ${MOST_JSON_DEPTH} levels`, {
      details: { limit: 'json_depth', maximum: MOST_JSON_DEPTH },
    });
  }
  return new PypesError(code, `${what} has ${jsonSize(value)} bytes, at most ${maximum} are let through`, {
    details: { limit, maximum },
  });
}
