// The loop: check, repair one thing, check again; bounded, and nothing is let through that a person did not allow.
import type { Finding } from '../../blueprints/guard-check.ts';
import { type Checked, type CheckText, isProven } from '../check-draft.ts';
import { type Draft, offersOf } from '../draft/draft.ts';
import { separateInputs } from '../draft/open-inputs.ts';
import { writeBlueprint } from '../write/write-blueprint.ts';
import { applyEdit } from './apply-edit.ts';
import { proposeRepairs } from './propose.ts';
import type { Repair, RepairNote } from './repair.ts';

/** A draft after its repairs. */
export type Mended = {
  readonly draft: Draft;
  readonly text: string;
  readonly checked: Checked;
  readonly repairs: readonly RepairNote[];
  /** Releases that would mend it, and that nobody said yes to. */
  readonly refused: readonly { readonly place: string; readonly question: string }[];
};

/** Whether a person lets something out. `place` is how it is called on the command line. */
export type AskRelease = (question: string, place: string) => Promise<boolean>;

const MOST_ROUNDS = 24;

/** Repairs a draft. A repair that leaves as many errors as there were is taken back, and the next one is tried. */
export async function mend(first: Draft, check: CheckText, askRelease: AskRelease): Promise<Mended> {
  let state = await render(first, check);
  const repairs: RepairNote[] = [];
  const refused = new Map<string, string>();
  const said = new Map<string, boolean>();
  for (let round = 0; round < MOST_ROUNDS && !isProven(state.checked); round++) {
    const better = await findBetter(state, check, async (question, place) => {
      const answer = said.get(place) ?? (await askRelease(question, place));
      said.set(place, answer);
      if (!answer) refused.set(place, question);
      return answer;
    });
    if (better === undefined) break;
    state = better.state;
    repairs.push(better.note);
  }
  const notes = repairs.filter((note, index) => repairs.findIndex(({ what }) => what === note.what) === index);
  return { ...state, repairs: notes, refused: [...refused].map(([place, question]) => ({ place, question })) };
}

type State = Pick<Mended, 'draft' | 'text' | 'checked'>;

async function render(draft: Draft, check: CheckText): Promise<State> {
  const separate = { ...draft, plan: separateInputs(draft.plan) };
  return toState(separate, writeBlueprint(separate), check);
}

async function toState(draft: Draft, text: string, check: CheckText): Promise<State> {
  return { draft, text, checked: await check(text, offersOf(draft)) };
}

async function findBetter(
  state: State,
  check: CheckText,
  askRelease: AskRelease,
): Promise<{ readonly state: State; readonly note: RepairNote } | undefined> {
  const all = errorsOf(state.checked).flatMap((finding) =>
    proposeRepairs(finding, state.draft, state.checked).map((repair) => ({ finding, repair })),
  );
  // A draft that changes is written anew, so that edits of its text come after; a person is asked last.
  for (const kind of ['draft', 'edit', 'release'] as const) {
    for (const { finding, repair } of all) {
      if (repair.kind !== kind) continue;
      const next = await apply(repair, state, check);
      if (!isBetter(next.checked, state.checked, finding)) continue;
      // Nobody is asked for what would not help.
      if (repair.kind === 'release' && !(await askRelease(repair.question, repair.place))) continue;
      return { state: next, note: repair.note };
    }
  }
  return undefined;
}

function apply(repair: Repair, state: State, check: CheckText): Promise<State> {
  return repair.kind === 'edit'
    ? toState(state.draft, applyEdit(state.text, repair.edit), check)
    : render(repair.draft, check);
}

/** Fewer errors, or the same error at fewer places; larger budgets may need several rounds. */
function isBetter(next: Checked, before: Checked, mended: Finding): boolean {
  if (next.problems.length > before.problems.length) return false;
  const [now, then] = [errorsOf(next), errorsOf(before)];
  if (now.length < then.length) return true;
  const of = (findings: readonly Finding[]) => findings.filter(({ code }) => code === mended.code);
  return now.length === then.length && (of(now).length < of(then).length || mended.code.startsWith('PB60'));
}

function errorsOf({ findings }: Checked): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'error');
}
