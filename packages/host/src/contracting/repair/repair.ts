// What a repair is: a closed list of changes, none of which lets more through without a person's yes.
import type { Edit, Finding } from '../../blueprints/guard-check.ts';
import type { Draft } from '../draft/draft.ts';

/** What was changed because of a finding. */
export type RepairNote = {
  readonly code: Finding['code'];
  readonly what: string;
  /** What the blueprint can no longer do, or what it now lets through: said to the person. */
  readonly cost?: string;
};

/** One change that may mend a finding. */
export type Repair = { readonly note: RepairNote } & (
  | { readonly kind: 'draft'; readonly draft: Draft }
  | { readonly kind: 'edit'; readonly edit: Edit }
  /** Only with a person's yes. */
  | { readonly kind: 'release'; readonly question: string; readonly place: string; readonly draft: Draft }
);
