// What a provider's failure means: whether another model may be asked, and what the caller is told, without any key.
import { type ErrorCode, isPypesError, PypesError } from '@pypes/contract';
import { APICallError } from 'ai';

const LONGEST = 300;

/** Whether the next model may do better: rate limits, the provider's own errors, no connection, no time. */
export function canFallBack(error: unknown): boolean {
  if (isPypesError(error)) return error.code === 'timeout' || error.code === 'unavailable';
  if (!APICallError.isInstance(error)) return true;
  const { statusCode } = error;
  return statusCode === undefined || statusCode === 408 || statusCode === 429 || statusCode >= 500;
}

/** `secrets` are cut out of whatever the provider says. */
export function toAiError(error: unknown, model: string, secrets: readonly string[]): PypesError {
  if (isPypesError(error)) return error;
  const status = APICallError.isInstance(error) ? error.statusCode : undefined;
  const said = error instanceof Error ? error.message : String(error);
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, '[key]'), said).slice(0, LONGEST);
  return new PypesError(codeOf(status), `The model ${model} did not answer: ${clean}`, {
    details: { model, ...(status === undefined ? {} : { upstream_status: status }) },
  });
}

function codeOf(status: number | undefined): ErrorCode {
  if (status === 429) return 'rate_limited';
  if (status === 408) return 'timeout';
  if (status === 401 || status === 403) return 'unavailable';
  return status !== undefined && status >= 400 && status < 500 ? 'invalid_input' : 'unavailable';
}
