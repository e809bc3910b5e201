// The closed error table: every failure that crosses a boundary has one of these codes, and each code one meaning.
import type { Json } from './json.ts';

/** Who can do something about an error (spec 6). */
export type ErrorClass = 'caller_fixable' | 'denied' | 'pack_bug' | 'transient' | 'state_changed' | 'internal';

type ErrorRow = {
  /** HTTP status of the `/v1` and `/api/v1` doors. */
  readonly status: number;
  /** HTTP status of the wire contract (spec 2), where its table asks for another one. */
  readonly wireStatus?: number;
  readonly class: ErrorClass;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
};

/** Code → status, class, retryable. Closed: a new kind of failure is a new row here, nowhere else. */
export const ERRORS = {
  invalid_json: { status: 400, class: 'caller_fixable', retryable: false },
  invalid_request: { status: 400, class: 'caller_fixable', retryable: false },
  unsupported_schema: { status: 400, class: 'caller_fixable', retryable: false },
  digest_mismatch: { status: 400, class: 'caller_fixable', retryable: false },
  invalid_input: { status: 400, class: 'caller_fixable', retryable: false },
  unauthorized: { status: 401, class: 'caller_fixable', retryable: false },
  forbidden: { status: 403, class: 'denied', retryable: false },
  approval_required: { status: 403, class: 'denied', retryable: true },
  policy_denied: { status: 403, class: 'denied', retryable: false },
  not_found: { status: 404, class: 'caller_fixable', retryable: false },
  unknown_agent: { status: 404, class: 'caller_fixable', retryable: false },
  method_not_allowed: { status: 405, class: 'caller_fixable', retryable: false },
  conflict: { status: 409, class: 'state_changed', retryable: true },
  too_large: { status: 413, class: 'caller_fixable', retryable: false },
  sealed: { status: 423, class: 'denied', retryable: false },
  rate_limited: { status: 429, class: 'transient', retryable: true },
  canceled: { status: 499, class: 'caller_fixable', retryable: false },
  agent_broken: { status: 502, wireStatus: 500, class: 'pack_bug', retryable: false },
  handler_failed: { status: 502, wireStatus: 500, class: 'pack_bug', retryable: false },
  invalid_output: { status: 502, wireStatus: 500, class: 'pack_bug', retryable: false },
  output_too_large: { status: 502, wireStatus: 500, class: 'pack_bug', retryable: false },
  resource_exhausted: { status: 507, wireStatus: 500, class: 'transient', retryable: true },
  timeout: { status: 504, class: 'transient', retryable: true },
  unsupported: { status: 501, class: 'caller_fixable', retryable: false },
  unavailable: { status: 503, class: 'transient', retryable: true },
  internal: { status: 500, class: 'internal', retryable: false },
} as const satisfies { readonly [code: string]: ErrorRow };

/** One of the codes of {@link ERRORS}. */
export type ErrorCode = keyof typeof ERRORS;

/**
 * The one error that crosses boundaries.
 *
 * @example
 * throw new PypesError('not_found', `No pack has the guid "${guid}"; GET /api/pack/healthz lists those that exist`);
 */
export class PypesError extends Error {
  override readonly name = 'PypesError';
  readonly code: ErrorCode;
  /** What a program needs to act on the error: the list of violations, the agents that exist, a trace. */
  readonly details: { readonly [key: string]: Json } | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly details?: { readonly [key: string]: Json }; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}

/** Tells whether an unknown thrown value is a {@link PypesError}, also one of another copy of this package. */
export function isPypesError(error: unknown): error is PypesError {
  return error instanceof Error && error.name === 'PypesError' && 'code' in error;
}

/** The HTTP status of a code at a door: `wire` is spec 2's table, `service` that of the `/v1` doors. */
export function httpStatus(code: ErrorCode, door: 'wire' | 'service'): number {
  const row: ErrorRow = ERRORS[code];
  return door === 'wire' ? (row.wireStatus ?? row.status) : row.status;
}

/**
 * Wraps whatever was thrown, so that it can cross a boundary: a PypesError stays, anything else becomes `internal`.
 */
export function toPypesError(error: unknown): PypesError {
  if (isPypesError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new PypesError('internal', message, { cause: error });
}
