// What steps run on: a caller, the clock, and what is known of the blueprint.
import type { Json, JsonObject, PypesError } from '@pypes/contract';
import type { Blueprint, Step } from '../../blueprint.ts';
import type { Carries } from '../carries.ts';
import type { FieldLabels, Labels } from '../guard-flow.ts';
import type { Releases } from '../within/releases.ts';
import type { StepEvent } from './events.ts';
import type { Limiter } from './limiter.ts';

/** One call of a step's function. */
export type StepCall = {
  readonly step: Step;
  readonly item?: number;
  readonly attempt: number;
  readonly args: JsonObject;
  /** What decided that it is made. */
  readonly labels: Labels;
  /** What the arguments carry. */
  readonly fields: FieldLabels;
  readonly signal: AbortSignal;
};

/** What came of it, and what was read for it, also where it failed. */
export type StepReply = { readonly labels: Labels; readonly fields?: FieldLabels } & (
  | { readonly output: Json }
  | { readonly error: PypesError }
);

/** What steps run on. */
export type StepParts = {
  readonly blueprint: Pick<Blueprint, 'maxPayload'>;
  readonly call: (call: StepCall) => Promise<StepReply>;
  readonly onEvent: (event: StepEvent) => void;
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Marks that the blueprint lets go at a step. @throws PypesError `policy_denied` */
  readonly releases: Pick<Releases, 'input' | 'decision' | 'failure'>;
  /** Where values tell something. */
  readonly carries: Carries;
  readonly limiter: Limiter;
  readonly parallel: number;
  readonly signal: AbortSignal;
};
