// What scorers see, give, and stand on.
import { type Json, type JsonObject, PypesError, type SchemaCompiler } from '@pypes/contract';

/** What came of a case. */
export type Observed = { readonly input: JsonObject; readonly output: Json; readonly expect?: Json };

/** From 0 (wrong) to 1 (right), with what a person needs to know about it. */
export type Score = { readonly score: number; readonly reason?: string };

/** Scores one output. A rejection means that nobody knows how good it is. */
export type Scorer = (observed: Observed, signal: AbortSignal) => Promise<Score>;

/** What scorers stand on. Those whose part is left out are refused before anything runs. */
export type ScorerServices = {
  /** Its patterns are matched in linear time: outputs come from strangers. */
  readonly schemas: SchemaCompiler;
  /** Asks a model, for `llm_judge`. */
  readonly ask?: (
    prompt: string,
    options: { readonly model?: string; readonly signal: AbortSignal },
  ) => Promise<string>;
  /** Calls an agent, for `agent`. */
  readonly callAgent?: (
    target: { readonly agent: string; readonly pack?: string },
    args: JsonObject,
    signal: AbortSignal,
  ) => Promise<Json>;
};

/** The right answer. */
export const RIGHT: Score = { score: 1 };

/** The wrong answer, and why. */
export const wrong = (reason: string): Score => ({ score: 0, reason });

const LONGEST_REASON = 1000;

/**
 * A score that somebody else gave: a number from 0 to 1, or `{score, reason?}` and nothing else.
 *
 * @param who who gave it, for the message
 * @throws PypesError `invalid_output` for anything else, NaN and infinity too
 */
export function toScore(given: Json, who: string): Score {
  if (isScore(given)) return { score: given };
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    const { score, reason, ...rest } = given as JsonObject;
    const isWhole = Object.keys(rest).length === 0 && (reason === undefined || typeof reason === 'string');
    if (isWhole && isScore(score)) {
      return typeof reason === 'string' ? { score, reason: reason.slice(0, LONGEST_REASON) } : { score };
    }
  }
  throw new PypesError(
    'invalid_output',
    `${who} answered ${cut(JSON.stringify(given))}; it has to be a number from 0 to 1, or {score, reason}`,
  );
}

/** A value in one line of bounded length. */
export function cut(text: string, most = LONGEST_SHOWN): string {
  const letters = text.slice(0, 2 * most + 1).toWellFormed();
  return letters.length <= most ? letters : `${letters.slice(0, most - 1)}…`;
}

const LONGEST_SHOWN = 200;

function isScore(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= 1;
}
