// What Azure Blob Storage refuses, said so that a person can act on it; nothing here names a key or a signature.
import { type ErrorCode, PypesError } from '@pypes/contract';

type Refusal = { readonly status: number | undefined; readonly code: string };

export function isMissing(error: unknown): boolean {
  const { status, code } = toRefusal(error);
  return status === 404 && code !== 'ContainerNotFound';
}

/** Whether a condition did not hold. */
export function isRefusedCondition(error: unknown): boolean {
  const { status, code } = toRefusal(error);
  return status === 412 || code === 'BlobAlreadyExists';
}

/** An error of the SDK as one that may cross boundaries. */
export function azureError(action: string, error: unknown, container: string): PypesError {
  if (error instanceof PypesError) return error;
  const [code, reason] = explain(toRefusal(error), container);
  return new PypesError(code, `Cannot ${action}: ${reason}`);
}

function explain({ status, code }: Refusal, container: string): readonly [ErrorCode, string] {
  if (code === 'ContainerNotFound') {
    const command = `az storage container create --name ${container}`;
    return ['unavailable', `the container "${container}" does not exist; create it with: ${command}`];
  }
  if (status === 401 || status === 403) {
    const advice = 'grant the role Storage Blob Data Contributor, or give a connection string that may read and write';
    return ['unavailable', `the credentials may not do that in the container "${container}" (${code}); ${advice}`];
  }
  if (status === 413) return ['too_large', 'the blob is too large for one upload'];
  if (status !== undefined && status < 500 && status !== 429 && status !== 408)
    return ['internal', `Azure Blob Storage refuses it with ${code} (${status})`];
  const why = status === undefined ? code : `${code}, ${status}`;
  return ['unavailable', `Azure Blob Storage does not answer, or not now (${why}); try again in a moment`];
}

function toRefusal(error: unknown): Refusal {
  const { name, code, statusCode, details } = (error ?? {}) as { readonly [key: string]: unknown };
  const { errorCode } = (details ?? {}) as { readonly errorCode?: unknown };
  const text = [errorCode, code, name].find((each) => typeof each === 'string' && each !== '');
  return { status: typeof statusCode === 'number' ? statusCode : undefined, code: String(text ?? 'Error') };
}
