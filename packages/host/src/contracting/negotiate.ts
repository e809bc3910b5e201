// The contract agent: a wish → a blueprint that was checked, explained, and neither installed nor run (spec 4).
import { isPypesError, type SchemaCompiler } from '@pypes/contract';
import { type Checked, type CheckText, isProven } from './check-draft.ts';
import { type Choice, chooseFunctions, searchOffers } from './draft/choose.ts';
import { connect } from './draft/connect.ts';
import type { Draft } from './draft/draft.ts';
import { type OpenInput, openInputs, separateInputs, withAnswers } from './draft/open-inputs.ts';
import type { Plan } from './draft/plan.ts';
import { type Explanation, explain } from './explain.ts';
import { type Model, withBound } from './model/model.ts';
import type { PersonsWords } from './model/prompts.ts';
import { type Dialogue, propose, rank } from './model/propose.ts';
import { ModelRefusal } from './model/refusal.ts';
import { type Candidate, nameOf, type Offer, type OfferCatalog } from './offer.ts';
import { type AskRelease, mend } from './repair/mend.ts';
import type { RepairNote } from './repair/repair.ts';
import { plain } from './words/plain.ts';
import { contentOf } from './words/search.ts';

/** Somebody who can be asked. Undefined is no answer. */
export interface Person {
  /** Which of several functions to take. */
  choose(choice: Choice): Promise<Candidate | undefined>;
  /** A value that nothing gives. */
  value(open: OpenInput): Promise<string | undefined>;
  /** A question in a model's words. */
  answer(question: string): Promise<string | undefined>;
  /** Whether private data may leave at a place. */
  release: AskRelease;
}

export type NegotiateOptions = {
  readonly wish: string;
  readonly catalog: OfferCatalog;
  readonly check: CheckText;
  /** Both or none. */
  readonly model?: { readonly model: Model; readonly schemas: SchemaCompiler };
  /** Absent: nobody is there; what is open stays open. */
  readonly person?: Person;
  /** Values that were given with the wish: `NAME`, `STEP.ARGUMENT` or `COMPONENT.ARGUMENT`. */
  readonly answers?: ReadonlyMap<string, string>;
};

/** A blueprint, and all that is to be said about it. */
export type Drafted = {
  readonly by: 'model' | 'templates';
  readonly text: string;
  readonly draft: Draft;
  readonly checked: Checked;
  /** No error among the findings. */
  readonly isProven: boolean;
  readonly repairs: readonly RepairNote[];
  /** Releases without which it does not hold, and nobody said yes to. */
  readonly refused: readonly { readonly place: string; readonly question: string }[];
  /** What a run has to be given. */
  readonly open: readonly OpenInput[];
  readonly explanation: Explanation;
  /** A model's own words about it; nobody checked them. */
  readonly words?: string;
};

/** What came of it. Without `drafted`, nothing was found. */
export type Outcome = {
  readonly offers: readonly Offer[];
  readonly choices: readonly Choice[];
  /** Parts of the wish that nothing was found for. */
  readonly unmet: readonly string[];
  /** What did not go as it could have: for the person. */
  readonly notes: readonly string[];
  /** Questions that nobody answered. */
  readonly questions: readonly string[];
  readonly drafted?: Drafted;
};

const MOST_CANDIDATES = 16;
const BYTES = 65_536;

/**
 * Finds, drafts, checks, repairs, explains. Nothing is installed and nothing runs.
 *
 * @throws PypesError `invalid_request` for answers that nothing takes
 */
export async function negotiate(given: NegotiateOptions): Promise<Outcome> {
  const { wish, catalog } = given;
  const options = given.person === undefined ? given : { ...given, person: remembering(given.person) };
  const { offers, notes: found } = await catalog.find(wish);
  const notes = [...found];
  const { choices, unmet } = chooseFunctions(wish, offers);
  const questions: string[] = [];
  const whole: Omit<Outcome, 'unmet' | 'drafted'> = { offers, choices, notes, questions };
  const byModel = options.model === undefined ? undefined : await tryModel(options, offers, choices, notes, questions);
  if (byModel?.isProven === true) return { ...whole, unmet: [], drafted: byModel };
  if (choices.length === 0) return { ...whole, unmet, ...(byModel === undefined ? {} : { drafted: byModel }) };
  const candidates = await Promise.all(choices.map((choice) => choose(choice, options)));
  const drafted = await toDrafted(connect(candidates, wish), 'templates', options);
  return { ...whole, unmet, drafted };
}

/** Nobody is asked the same thing twice: not for a second draft either. */
function remembering(person: Person): Person {
  const values = new Map<string, Promise<string | undefined>>();
  return {
    ...person,
    value(open) {
      const key = JSON.stringify([open.name, open.schema ?? null]);
      const known = values.get(key) ?? person.value(open);
      values.set(key, known);
      return known;
    },
  };
}

async function choose(choice: Choice, { person }: NegotiateOptions): Promise<Candidate> {
  return choice.others.length === 0 ? choice.candidate : ((await person?.choose(choice)) ?? choice.candidate);
}

/** What a model makes of it; undefined, with a note, where that is not used. */
async function tryModel(
  options: NegotiateOptions,
  offers: readonly Offer[],
  choices: readonly Choice[],
  notes: string[],
  questions: string[],
): Promise<Drafted | undefined> {
  const { wish, model: given } = options;
  const hits = searchOffers(offers)(wish).map(({ item }) => item);
  const all = new Map(
    [...choices.map(({ candidate }) => candidate), ...hits].map((candidate) => [nameOf(candidate), candidate]),
  );
  const candidates = [...all.values()].slice(0, MOST_CANDIDATES);
  if (candidates.length === 0 || given === undefined) return undefined;
  const dialogue: Dialogue = { ...given, model: withBound(given.model), candidates };
  try {
    const ranking = await rank(dialogue, { wish, answers: [] });
    const words = await askBack(wish, ranking.questions, options, questions);
    const chosen = { ...dialogue, candidates: ranking.candidates };
    const first = await propose(chosen, words);
    if (first.refused.length > 0) notes.push(`A first draft of the model was refused: ${first.refused.join('; ')}`);
    const drafted = await toDrafted(first.plan, 'model', options, first.words);
    if (drafted.isProven) return drafted;
    const second = await propose(chosen, words, problemsOf(drafted));
    const better = await toDrafted(second.plan, 'model', options, second.words);
    if (better.isProven) return better;
    notes.push('The drafts of the model do not pass the check; search and templates were used');
    return better;
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    notes.push(`${why}; search and templates were used`);
    return undefined;
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof ModelRefusal) return `What the model said was refused: ${error.problems.join('; ')}`;
  if (!isPypesError(error)) return undefined;
  return `The model was of no help (${error.code}): ${plain(error.message, 200)}`;
}

async function askBack(
  wish: string,
  asked: readonly string[],
  { person, answers = new Map() }: NegotiateOptions,
  unanswered: string[],
): Promise<PersonsWords> {
  const words: { question: string; answer: string }[] = [...answers].map(([question, answer]) => ({
    question,
    answer,
  }));
  for (const question of asked) {
    const answer = await person?.answer(question);
    if (answer === undefined || answer.trim() === '') unanswered.push(question);
    else words.push({ question, answer });
  }
  return { wish, answers: words };
}

function problemsOf({ checked }: Drafted): readonly string[] {
  return [
    ...checked.problems.map(({ message }) => message),
    ...checked.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ code, message }) => `${code}: ${message}`),
  ];
}

async function toDrafted(
  plan: Plan,
  by: Drafted['by'],
  { wish, person, check, answers = new Map() }: NegotiateOptions,
  words?: string,
): Promise<Drafted> {
  const filled = await fill(withAnswers(separateInputs(plan), answers), person);
  const draft: Draft = {
    name: toName(wish),
    goal: plain(wish, 400),
    plan: filled,
    approvals: [],
    scans: [],
    narrowed: new Map(),
    releases: [],
    maxBytes: BYTES,
  };
  const mended = await mend(draft, check, person?.release ?? (async () => false));
  return {
    by,
    ...mended,
    isProven: isProven(mended.checked),
    open: openInputs(mended.draft.plan),
    explanation: explain(mended.draft, mended.checked),
    ...(words === undefined ? {} : { words }),
  };
}

/** Asks for what is open; without an answer it is asked for in each run. */
async function fill(plan: Plan, person: Person | undefined): Promise<Plan> {
  const given = new Map<string, string>();
  for (const open of person === undefined ? [] : openInputs(plan)) {
    const answer = await person?.value(open);
    if (answer !== undefined && answer.trim() !== '') given.set(open.name, answer.trim());
  }
  return given.size === 0 ? plan : withAnswers(plan, given);
}

const MOST_NAME_WORDS = 4;

/** `track-stocks-email-summaries`. */
function toName(wish: string): string {
  const words = contentOf(wish)
    .map(({ asked }) => asked.normalize('NFKD').replace(/[^a-z0-9]/g, ''))
    .filter((word) => word !== '');
  return words.slice(0, MOST_NAME_WORDS).join('-').slice(0, 64) || 'agent';
}
