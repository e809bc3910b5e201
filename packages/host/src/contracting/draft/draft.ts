// A blueprint before it is text: the plan, and what stands around it.
import type { Permissions } from '@pypes/contract';
import type { Offer } from '../offer.ts';
import type { Plan } from './plan.ts';

/** A person's yes in each run, before calls between these two. */
export type Approval = { readonly from: string; readonly to: string; readonly reason: string };

/** A release that a person said yes to. */
export type DraftRelease = {
  readonly mark: 'private' | 'untrusted';
  /** `STEP.input.ARGUMENT`. */
  readonly where: string;
  readonly reason: string;
};

/** What becomes the text of a blueprint. */
export type Draft = {
  readonly name: string;
  readonly goal: string;
  readonly plan: Plan;
  readonly approvals: readonly Approval[];
  /** Further places that DLP looks at, beside every call. */
  readonly scans: readonly { readonly from: string; readonly to: string }[];
  /** By component: what it may do where that is less than it asks for. */
  readonly narrowed: ReadonlyMap<string, Partial<Permissions>>;
  readonly releases: readonly DraftRelease[];
  /** Of one passage in either direction. */
  readonly maxBytes: number;
};

/** The offers that a draft uses, each once. */
export function offersOf({ plan }: Pick<Draft, 'plan'>): readonly Offer[] {
  return [...new Set(plan.steps.map(({ candidate }) => candidate.offer))];
}

/** What a component is to be granted by the blueprint: what it asks for, where the person did not decide about it yet. */
export function newGrantOf({ facts }: Offer): Partial<Permissions> {
  if (facts.granted !== undefined) return {};
  return Object.fromEntries(Object.entries(facts.asked ?? {}).filter(([, value]) => !isNothing(value)));
}

function isNothing(value: Permissions[keyof Permissions] | undefined): boolean {
  return value === undefined || value === false || value === 'none' || (Array.isArray(value) && value.length === 0);
}
