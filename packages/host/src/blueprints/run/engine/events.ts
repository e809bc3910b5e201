// What happens in a run, as events: each step's beginning and end, with digests instead of values.
import { canonicalJson, type ErrorCode, type Json } from '@pypes/contract';
import { bytesToHex } from '../../../packs/encoding.ts';
import { digestOfBytes } from '../../../runs/sha256.ts';

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

/** Web Crypto is faster with more, and goes to another thread and back with every one. */
const MOST_AT_ONCE = 16 * 1024;

const encoder = new TextEncoder();

/** The digest of a value; a promise only where it is large. */
export function digestOfValue(value: Json): string | Promise<string> {
  const bytes = encoder.encode(canonicalJson(value));
  return bytes.length > MOST_AT_ONCE ? digestElsewhere(bytes) : digestOfBytes(bytes);
}

async function digestElsewhere(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return `sha256:${bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))}`;
}
