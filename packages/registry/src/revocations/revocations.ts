// The revocation list, as it stands in the top-level targets metadata: written by publishers, read by every client.
import { isJsonObject, type Json } from '@pypes/contract';
import { type Digest, isDigest } from '../encoding/digest.ts';
import { fault } from '../faults.ts';

/** The signed field that holds the list. */
export const REVOKED_FIELD = 'x-pypes-revoked';

/** One revoked artifact. */
export type Revocation = {
  readonly digest: Digest;
  readonly skill?: string;
  readonly version?: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
};

/**
 * The list in a targets role's signed part.
 *
 * @throws PypesError with the reason `malformed`: a list that cannot be read is never taken for an empty one
 */
export function readRevocations(signed: {
  readonly unrecognizedFields: { readonly [key: string]: unknown };
}): readonly Revocation[] {
  const list = signed.unrecognizedFields[REVOKED_FIELD] ?? [];
  if (!Array.isArray(list) || !list.every(isRevocation)) {
    throw fault('malformed', 'The revocation list of the registry is not readable; nothing loads until it is', {
      role: 'targets',
    });
  }
  return list;
}

/**
 * Refuses what is revoked.
 *
 * @throws PypesError with the reason `revoked`
 */
export function refuseRevoked(revocations: readonly Revocation[], digest: Digest, text: string): void {
  const found = revocations.find((entry) => entry.digest === digest);
  if (found === undefined) return;
  throw fault(
    'revoked',
    `${text} was revoked on ${found.at.slice(0, 10)}: "${found.reason}"; it never loads again, take another version`,
    {
      digest,
      why: found.reason,
    },
  );
}

function isRevocation(value: unknown): value is Revocation {
  if (!isJsonObject(value)) return false;
  const optional = (item: Json | undefined) => item === undefined || typeof item === 'string';
  return (
    isDigest(value.digest) &&
    typeof value.reason === 'string' &&
    typeof value.at === 'string' &&
    optional(value.skill) &&
    optional(value.version)
  );
}
