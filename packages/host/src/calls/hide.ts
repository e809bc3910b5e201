// Errors that leave a chain of calls without the secrets that it opened.
import { type Json, PypesError, toPypesError } from '@pypes/contract';
import type { Chain } from '../capabilities/chain.ts';

/** The same error, or one like it in which every secret is cut out. */
export function hideSecrets(error: unknown, chain: Chain): unknown {
  if (!chain.hidesSecrets) return error;
  const { code, message, details } = toPypesError(error);
  return new PypesError(code, chain.text(message), {
    ...(details === undefined ? {} : { details: chain.json(details as { readonly [key: string]: Json }) }),
  });
}
