// What starts a blueprint that the operator offers by name: a back end, which knows files and components.
import type { Approval, Json, JsonObject } from '@pypes/contract';
import type { StepEvent } from '../../blueprints/run/engine/events.ts';
import type { CallAround } from '../../calls/around.ts';
import type { CallEvent } from '../../calls/events.ts';

/** Blueprints by name. */
export interface BlueprintRunner {
  /** What would run, as digests by name. @throws PypesError `not_found`, with the names that there are */
  find(name: string): Promise<{ readonly [name: string]: string }>;
  /** Runs it to its end. @throws PypesError */
  start(name: string, start: BlueprintStart): Promise<Json>;
}

/** What `runBlueprint` is given by a durable run. */
export type BlueprintStart = {
  /** The id of the run. */
  readonly run: string;
  readonly tenant: string;
  readonly userGuid?: string;
  readonly input: JsonObject;
  readonly signal: AbortSignal;
  readonly around: CallAround;
  readonly onStep: (event: StepEvent) => void;
  readonly onEvent: (event: CallEvent) => void;
  /** A person is waited for; a policy of the blueprint asks them. To be said as `approval.requested`. */
  readonly onApproval: (request: Approval) => void;
};
