// What the page and its two workers say to each other.
import type { Json } from '@pypes/wit/schema';
import type { Bytes } from '../registry/bytes.ts';
import type { SkillTypes } from './types.ts';

/** What becomes of a component: the text of a module, and its core modules by name. */
export type Transpiled = { readonly glue: string; readonly modules: { readonly [name: string]: Bytes } };

export type TranspileAnswer = { readonly done: Transpiled } | { readonly refused: string };

/** The first message to a guest, then its calls. */
export type GuestStart = { readonly transpiled: Transpiled; readonly types: SkillTypes };
export type GuestCall = { readonly path: string; readonly args: unknown };

/** How a call ended; the codes are those of every call in Pypes. */
export type Outcome =
  | { readonly value: Json }
  | {
      readonly code: 'invalid_input' | 'invalid_output' | 'handler_failed' | 'timeout';
      readonly message: string;
      /** What the function's own error carries. */
      readonly payload?: Json;
    };

export type GuestAnswer = { readonly ready: true } | { readonly outcome: Outcome } | { readonly refused: string };
