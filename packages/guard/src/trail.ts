// What policies decided about one call, collected for the record.
import type { Call, Decision, DecisionNote, DecisionTrail } from '@pypes/contract';

/** A trail without notes. Most calls never get one, so the list is made with the first. */
export class Trail implements DecisionTrail {
  #notes: DecisionNote[] | undefined;

  get notes(): readonly DecisionNote[] {
    return this.#notes ?? NONE;
  }

  note(decision: DecisionNote): void {
    this.#notes ??= [];
    this.#notes.push(decision);
  }
}

const NONE: readonly DecisionNote[] = [];

/** Writes down a decision where the call has a trail. */
export function note(call: Call, policy: string, decision: Decision, reason?: string): void {
  call.trail?.note({ policy, decision, ...(reason === undefined ? {} : { reason }) });
}
