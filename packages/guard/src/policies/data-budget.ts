// data-budget: how many bytes one call may carry down and bring back.
import {
  type ErrorCode,
  fitsJsonSize,
  isTooDeep,
  type Json,
  jsonSize,
  MOST_JSON_DEPTH,
  type Policy,
  PypesError,
} from '@pypes/contract';

/** Bytes of JSON text; a bound that is left out is not checked, nesting always is. */
export type DataBudgetOptions = { readonly maxArgumentBytes?: number; readonly maxOutputBytes?: number };

/**
 * Denies a call whose arguments are too large (`too_large`) and a reply whose output is (`output_too_large`).
 *
 * @example
 * dataBudget({ maxArgumentBytes: 1_048_576, maxOutputBytes: 8_388_608 });
 */
export function dataBudget(options: DataBudgetOptions): Policy {
  const { maxArgumentBytes = Number.POSITIVE_INFINITY, maxOutputBytes = Number.POSITIVE_INFINITY } = options;
  return async (call, next) => {
    if (!fitsJsonSize(call.args, maxArgumentBytes)) {
      throw refusal('too_large', `The arguments of "${call.to}"`, call.args, 'argument_bytes', maxArgumentBytes);
    }
    const reply = await next(call);
    if (fitsJsonSize(reply.output, maxOutputBytes)) return reply;
    throw refusal('output_too_large', `The output of "${call.to}"`, reply.output, 'output_bytes', maxOutputBytes);
  };
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
