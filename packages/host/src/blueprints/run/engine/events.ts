// What happens in a run, as events: each step's beginning and end, with digests instead of values.
import { canonicalJson, type ErrorCode, type Json } from '@pypes/contract';
import { bytesToHex } from '../../../packs/encoding.ts';

/** One attempt of a step; `item` is the place in the list where the step has foreach. */
type Attempt = {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly step: string;
  readonly item?: number;
  /** From 1. */
  readonly attempt: number;
};

/** One event. Digests are `sha256:` over canonical JSON. */
export type StepEvent =
  | (Attempt & { readonly type: 'step.started'; readonly input: string })
  | (Attempt & {
      readonly type: 'step.ended';
      readonly status: 'done' | 'failed';
      readonly duration_ms: number;
      readonly output?: string;
      readonly error?: { readonly code: ErrorCode; readonly message: string };
      /** Present where it is tried again, after so long. */
      readonly retry_ms?: number;
    })
  | {
      readonly type: 'step.settled';
      readonly time: number;
      readonly step: string;
      readonly item?: number;
      readonly status: 'done' | 'skipped' | 'failed';
      readonly error?: { readonly code: ErrorCode; readonly message: string };
      /** What the whole of it was made from; for the step as a whole, where it has an output. */
      readonly labels?: readonly string[];
      /** How many items a foreach had. */
      readonly items?: number;
    };

/** The digest of a value. */
export async function digestOfValue(value: Json): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(value));
  return `sha256:${bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))}`;
}
