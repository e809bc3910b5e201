// data-budget: how many bytes one call may carry down and bring back.
import { fitsJsonSize, jsonSize, type Policy, PypesError } from '@pypes/contract';

/** Bytes of JSON text; a bound that is left out is not checked. */
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
      throw new PypesError(
        'too_large',
        `The arguments of "${call.to}" have ${jsonSize(call.args)} bytes, at most ${maxArgumentBytes} are let through`,
        { details: { limit: 'argument_bytes', maximum: maxArgumentBytes } },
      );
    }
    const reply = await next(call);
    if (fitsJsonSize(reply.output, maxOutputBytes)) return reply;
    throw new PypesError(
      'output_too_large',
      `The output of "${call.to}" has ${jsonSize(reply.output)} bytes, at most ${maxOutputBytes} are let through`,
      { details: { limit: 'output_bytes', maximum: maxOutputBytes } },
    );
  };
}
