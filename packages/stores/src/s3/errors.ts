// What S3 refuses, said so that a person can act on it; nothing here names a key or a secret.
import { type ErrorCode, PypesError } from '@pypes/contract';

/** Where the bucket is, for the advice. */
export type Place = { readonly bucket: string; readonly region: string; readonly endpoint: string | undefined };

type Refusal = { readonly name: string; readonly status: number | undefined; readonly code: string | undefined };

export function isMissing(error: unknown): boolean {
  const { name, status } = toRefusal(error);
  return name === 'NoSuchKey' || (name === 'NotFound' && status === 404);
}

/** Whether a part was asked for that begins behind the end. */
export function isBehindEnd(error: unknown): boolean {
  const { name, status } = toRefusal(error);
  return name === 'InvalidRange' || status === 416;
}

/** Whether a condition did not hold, or another write of the same object was under way. */
export function isRefusedCondition(error: unknown): boolean {
  const { name, status } = toRefusal(error);
  return name === 'PreconditionFailed' || name === 'ConditionalRequestConflict' || status === 412 || status === 409;
}

/** An error of the SDK as one that may cross boundaries. */
export function s3Error(action: string, error: unknown, place: Place): PypesError {
  if (error instanceof PypesError) return error;
  const [code, reason] = explain(toRefusal(error), place);
  return new PypesError(code, `Cannot ${action}: ${reason}`);
}

function explain({ name, status, code }: Refusal, { bucket, region, endpoint }: Place): readonly [ErrorCode, string] {
  const at = endpoint === undefined ? '' : ` --endpoint-url ${endpoint}`;
  const where = endpoint === undefined ? `S3 in ${region}` : endpoint;
  switch (name) {
    case 'NoSuchBucket':
      return [
        'unavailable',
        `the bucket "${bucket}" does not exist; create it with: aws s3 mb s3://${bucket} --region ${region}${at}`,
      ];
    case 'CredentialsProviderError':
      return ['unavailable', 'there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give them'];
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'ExpiredToken':
    case 'InvalidToken':
      return ['unavailable', `${where} refuses the credentials (${name}); check them, and the clock of this machine`];
    case 'RequestTimeTooSkewed':
      return ['unavailable', `${where} says that the clock of this machine is wrong; set it`];
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
      return ['unavailable', `the bucket "${bucket}" is not in the region ${region}; name the one that it is in`];
    case 'BadDigest':
    case 'XAmzContentChecksumMismatch':
      return ['unavailable', 'the bytes were damaged on their way; try again'];
    case 'KeyTooLongError':
      return ['invalid_request', 'the path is too long for S3'];
    case 'EntityTooLarge':
      return ['too_large', 'the file is too large for one upload'];
  }
  if (status === 403) {
    const needed = 's3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket';
    return ['unavailable', `the credentials may not do that in the bucket "${bucket}"; grant ${needed}`];
  }
  if (status !== undefined && status < 500 && status !== 429 && status !== 408) {
    return ['internal', `${where} refuses it with ${name} (${status})`];
  }
  const why = status === undefined ? (code ?? name) : `${name}, ${status}`;
  return ['unavailable', `${where} does not answer, or not now (${why}); try again in a moment`];
}

function toRefusal(error: unknown): Refusal {
  const { name, code, $metadata } = (error ?? {}) as { name?: unknown; code?: unknown; $metadata?: unknown };
  const status = ($metadata as { httpStatusCode?: unknown } | undefined)?.httpStatusCode;
  return {
    name: typeof name === 'string' ? name : 'Error',
    status: typeof status === 'number' ? status : undefined,
    code: typeof code === 'string' ? code : undefined,
  };
}
