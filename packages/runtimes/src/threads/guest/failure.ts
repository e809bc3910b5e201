// Failures that cross from a thread to the host with a code of their own.
import type { RefusalText } from '../wire/messages.ts';

/** A result that cannot cross. */
export class OutputError extends Error {
  readonly code: 'invalid_output' | 'output_too_large';
  constructor(code: 'invalid_output' | 'output_too_large', message: string) {
    super(message);
    this.code = code;
  }
}

/** A limit that the call crossed. */
export class LimitError extends Error {
  readonly code = 'resource_exhausted';
  readonly limit: string;
  readonly maximum: number;
  constructor(limit: string, maximum: number, message: string) {
    super(message);
    this.limit = limit;
    this.maximum = maximum;
  }
}

/** A refusal of the host, as the agent sees it: `error.code` is one of the codes of the contract. */
export class HostError extends Error {
  override readonly name = 'PypesError';
  readonly code: string;
  readonly details: unknown;
  constructor({ code, message, details }: RefusalText) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
