// The closed list of what can be wrong with a skill or a registry: each reason is one attack or fault, with one code.
import { type ErrorCode, type Json, PypesError } from '@pypes/contract';

/** Reason → error code. Closed: a new kind of fault is a new row here, nowhere else. */
export const REGISTRY_FAULTS = {
  /** Bytes differ from what was signed. */
  tampered: 'digest_mismatch',
  /** Older metadata than this client has already accepted. */
  rolled_back: 'forbidden',
  /** The timestamp has expired: somebody may be holding back news. */
  frozen: 'forbidden',
  /** Metadata files that were never published together. */
  mixed: 'forbidden',
  expired_root: 'forbidden',
  expired_snapshot: 'forbidden',
  expired_targets: 'forbidden',
  /** Signed, but by no key that the role trusts. */
  wrong_key: 'forbidden',
  /** Signed by too few of the keys that the role trusts. */
  threshold_not_met: 'forbidden',
  /** A namespace speaks about a name outside it. */
  not_delegated: 'forbidden',
  /** The bytes are signed, but are another skill or version than was asked for. */
  wrong_software: 'forbidden',
  /** No trusted signature at all. */
  unsigned: 'forbidden',
  revoked: 'forbidden',
  yanked: 'forbidden',
  /** Other bytes than the lockfile pins. */
  not_as_locked: 'digest_mismatch',
  /** Says that it is larger than allowed. */
  too_large: 'too_large',
  /** Goes on beyond its signed length or the limit. */
  endless: 'too_large',
  too_slow: 'timeout',
  missing: 'not_found',
  /** No version satisfies the range. */
  no_match: 'not_found',
  unreachable: 'unavailable',
  /** Not what its format says: bad JSON, a bad archive, a bad manifest. */
  malformed: 'invalid_request',
  /** A version that is published has other bytes. */
  immutable: 'conflict',
} as const satisfies { readonly [reason: string]: ErrorCode };

/** One of the reasons of {@link REGISTRY_FAULTS}; stands in `details.reason`. */
export type RegistryFault = keyof typeof REGISTRY_FAULTS;

/**
 * Makes the error of a fault.
 *
 * @example
 * throw fault('revoked', 'finance@1.0.0 was revoked: "steals keys"; remove it', { skill: 'finance' });
 */
export function fault(
  reason: RegistryFault,
  message: string,
  details: { readonly [key: string]: Json } = {},
  cause?: unknown,
): PypesError {
  return new PypesError(REGISTRY_FAULTS[reason], message, {
    details: { reason, ...details },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The reason that an error carries; undefined where it is no registry fault. */
export function toFaultReason(error: unknown): RegistryFault | undefined {
  if (!(error instanceof Error) || !('details' in error)) return undefined;
  const reason = (error.details as { readonly reason?: unknown } | undefined)?.reason;
  return typeof reason === 'string' && Object.hasOwn(REGISTRY_FAULTS, reason) ? (reason as RegistryFault) : undefined;
}
