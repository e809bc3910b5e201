// The start of something that makes calls of its own: decided on by the guard, and recorded, like a call.
import { type DecisionNote, type JsonObject, type Label, toTenant } from '@pypes/contract';
import { Trail } from '@pypes/guard';
import type { CapabilityCall } from './call.ts';
import type { Caller } from './caller.ts';

/** What is to start. */
export type Admission = {
  /** What it is called: `blueprint.stock-briefing`. */
  readonly name: string;
  /** Who starts it: the name of the door. */
  readonly from: string;
  readonly packGuid: string;
  readonly userGuid?: string;
  readonly tenant?: string;
  readonly args: JsonObject;
  /** The run that all its calls will be part of. */
  readonly run: string;
  /** What was decided before, for the record. */
  readonly notes?: readonly DecisionNote[];
};

const NO_LABELS: ReadonlySet<Label> = new Set();

/** @throws PypesError what a policy says against it */
export async function admit(
  { guard, recorded }: Pick<Caller, 'guard' | 'recorded'>,
  { name, from, packGuid, userGuid, tenant: named, args, run, notes = [] }: Admission,
): Promise<void> {
  const tenant = toTenant(named);
  const trail = new Trail();
  for (const note of notes) trail.note(note);
  const call: CapabilityCall = {
    kind: 'capability',
    from,
    to: name,
    packGuid,
    ...(userGuid === undefined ? {} : { userGuid }),
    ...(tenant === undefined ? {} : { tenant }),
    args,
    labels: NO_LABELS,
    run,
    root: run,
    scope: run,
    trail,
    perform: async () => null,
  };
  await recorded(() => guard(call));
}
