// What holds for one call of a composition (a blueprint's run) beside what holds for all calls: it narrows, never widens
// the way of a call, and lies on the same chain.
import type { JsonObject, Permissions, Policy } from '@pypes/contract';
import type { FieldLabels, Labels } from '@pypes/guard';
import type { Pack } from '../packs/pack.ts';

/** One call within a composition. */
export interface Within {
  /** The run that all calls of the composition are part of. */
  readonly root: string;
  /** What the arguments of a call from outside carry. */
  readonly labels?: Labels;
  readonly fields?: FieldLabels;
  /** Stands behind the policies of host and operator, before the agent. */
  readonly call: Policy;
  /** The same for what the agent uses of `context`. */
  readonly use: Policy;
  /** What the agent may do, of what its pack may. */
  permissions(own: Permissions): Permissions;
  /**
   * Where a call goes that the agent makes.
   *
   * @throws PypesError `policy_denied` where nothing is there for it
   */
  route(name: string, args: JsonObject): Route;
  /** Whether something is there for a call of that name. */
  provides(name: string): boolean;
}

/** A call that goes to another component. Its pack is held open by whoever made the composition. */
export type Route = {
  readonly pack: Pack;
  readonly agent: string;
  readonly args: JsonObject;
  readonly within: Within;
};
