// The dialogue with a model: it chooses, asks back, drafts, and gets a second chance where its draft is refused.
import type { JsonObject, SchemaCompiler } from '@pypes/contract';
import type { Plan } from '../draft/plan.ts';
import { type Candidate, nameOf } from '../offer.ts';
import { plain } from '../words/plain.ts';
import type { Model } from './model.ts';
import { type PersonsWords, toDraftRequest, toRankRequest } from './prompts.ts';
import { readAnswer } from './read-answer.ts';
import { ModelRefusal } from './refusal.ts';
import { draftSchema, rankSchema } from './schemas.ts';
import { toPlan } from './to-plan.ts';

/** What a model chose. */
export type Ranking = { readonly candidates: readonly Candidate[]; readonly questions: readonly string[] };

/** A plan in a model's words; nothing of it has been checked but its form. */
export type Proposal = { readonly plan: Plan; readonly words: string; readonly refused: readonly string[] };

export type Dialogue = {
  readonly model: Model;
  readonly schemas: SchemaCompiler;
  readonly candidates: readonly Candidate[];
};

/** Asks which functions are needed. @throws ModelRefusal, PypesError */
export async function rank({ model, schemas, candidates }: Dialogue, words: PersonsWords): Promise<Ranking> {
  const names = candidates.map(nameOf);
  const answer = readAnswer(
    await model.ask(toRankRequest(words, candidates)),
    // Names are looked up below, so that a refusal can say which one is not there.
    withoutNames(rankSchema(names)),
    schemas,
  );
  const chosen = [...new Set(answer.choices as readonly string[])];
  const strange = chosen.filter((name) => !names.includes(name));
  if (strange.length > 0) throw new ModelRefusal(strange.map((name) => `"${plain(name, 80)}" was not found`));
  return {
    candidates: chosen.flatMap((name) => candidates.find((candidate) => nameOf(candidate) === name) ?? []),
    questions: (answer.questions as readonly string[]).map((question) => plain(question, 200)),
  };
}

/** Asks for the workflow; an answer that is refused is given back once, with what is wrong. @throws ModelRefusal, PypesError */
export async function propose(
  { model, schemas, candidates }: Dialogue,
  words: PersonsWords,
  problems: readonly string[] = [],
): Promise<Proposal> {
  const schema = withoutNames(draftSchema(candidates.map(nameOf)));
  const said = [words.wish, ...words.answers.map(({ answer }) => answer)];
  const read = (text: string) => {
    const answer = readAnswer(text, schema, schemas);
    return { plan: toPlan(answer, candidates, said), words: plain(String(answer.explanation), 800) };
  };
  const first = await model.ask(toDraftRequest(words, candidates, problems));
  try {
    return { ...read(first), refused: [] };
  } catch (error) {
    if (!(error instanceof ModelRefusal) || problems.length > 0) throw error;
    const { problems: refused } = error;
    const second = await model.ask(toDraftRequest(words, candidates, refused));
    return { ...after(refused, () => read(second)), refused };
  }
}

/** What was refused before is told too: it says more about a model than its second try. */
function after<T>(refused: readonly string[], read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ModelRefusal ? new ModelRefusal([...refused, ...error.problems]) : error;
  }
}

/** The shape alone; a name that was not found is refused by name. */
function withoutNames(schema: JsonObject): JsonObject {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    (key === 'use' || key === 'items') && typeof value === 'object' && value !== null && 'enum' in value
      ? { type: 'string', maxLength: 200 }
      : value,
  );
  return JSON.parse(text) as JsonObject;
}
