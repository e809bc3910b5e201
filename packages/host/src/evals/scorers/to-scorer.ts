// A case's scorers, made ready before anything runs: what cannot work is said while nothing has been paid for.
import {
  canonicalJson,
  isPypesError,
  type Json,
  type JsonSchema,
  PypesError,
  type SchemaCheck,
  type SchemaCompiler,
} from '@pypes/contract';
import { valueAt } from '../pointer.ts';
import type { ScorerSpec, SuiteCase } from '../suite/suite.ts';
import { scoreExact, scoreSubset } from './compare.ts';
import { parseVerdict, toJudgePrompt } from './judge.ts';
import { scoreNumber } from './number.ts';
import { cut, type Observed, RIGHT, type Score, type Scorer, type ScorerServices, toScore, wrong } from './scorer.ts';

/** The longest text that a pattern is looked for in. */
const LONGEST_TEXT = 200_000;
const MOST_VIOLATIONS = 3;

/**
 * One scorer for a whole case.
 *
 * @throws PypesError `invalid_request` for a schema or a pattern that cannot be used, `unsupported` where a model or
 *   agents are needed and there are none
 */
export function toScorer({ id, scorer, combine }: SuiteCase, services: ScorerServices): Scorer {
  const all = scorer.map((spec) => ({ spec, score: withPart(spec, prepare(spec, services, id)) }));
  return async (observed, signal) => {
    const scores: Score[] = [];
    for (const { score } of all) scores.push(await score(observed, signal));
    if (scores.length === 1) return scores[0] as Score;
    const values = scores.map(({ score }) => score);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const reasons = scores.flatMap(({ reason }, index) =>
      reason === undefined ? [] : [`${all[index]?.spec.use}: ${reason}`],
    );
    return {
      score: combine === 'all' ? Math.min(...values) : Math.min(1, Math.max(0, mean)),
      ...(reasons.length === 0 ? {} : { reason: reasons.join('; ') }),
    };
  };
}

/** With `at`, a part of the output is scored as if it were all of it, against the same part of what is expected. */
function withPart({ at }: ScorerSpec, score: Scorer): Scorer {
  if (at === undefined) return score;
  return async ({ input, output, expect }, signal) => {
    const part = valueAt(output, at);
    if (part === undefined) return wrong(`The output has nothing at ${cut(at)}`);
    const expected = expect === undefined ? undefined : valueAt(expect, at);
    const scored = await score(
      { input, output: part, ...(expected === undefined ? {} : { expect: expected }) },
      signal,
    );
    return scored.reason === undefined ? scored : { ...scored, reason: `${at}: ${scored.reason}` };
  };
}

function prepare(spec: ScorerSpec, services: ScorerServices, id: string): Scorer {
  switch (spec.use) {
    case 'exact':
    case 'subset': {
      const compare = spec.use === 'exact' ? scoreExact : scoreSubset;
      return async ({ output, expect }) => compare(output, wanted(spec.value, expect));
    }
    case 'number_within':
      return async ({ output, expect }) => scoreNumber(output, wanted(spec.value, expect) as number, spec);
    case 'json_schema':
      return prepareSchema(services.schemas, spec.schema, id);
    case 'regex':
      return preparePattern(services.schemas, spec.pattern, id);
    case 'llm_judge':
      return prepareJudge(spec, services, id);
    case 'agent':
      return prepareAgent(spec, services, id);
  }
}

/** Reading the suite made sure that one of them is there. */
function wanted(value: Json | undefined, expect: Json | undefined): Json {
  const found = value === undefined ? expect : value;
  if (found === undefined) throw new PypesError('invalid_request', 'The scorer has neither "value" nor "expect"');
  return found;
}

function prepareSchema(schemas: SchemaCompiler, schema: JsonSchema, id: string): Scorer {
  const check = compile(schemas, schema, `The schema of the case "${id}"`);
  return async ({ output }) => {
    const violations = check(output);
    if (violations.length === 0) return RIGHT;
    const words = violations.slice(0, MOST_VIOLATIONS).map(({ path, message }) => `${path || 'The output'} ${message}`);
    const more = violations.length > MOST_VIOLATIONS ? `; and ${violations.length - MOST_VIOLATIONS} more` : '';
    return wrong(cut(words.join('; '), 500) + more);
  };
}

function preparePattern(schemas: SchemaCompiler, pattern: string, id: string): Scorer {
  const check = compile(schemas, { type: 'string', pattern }, `The pattern of the case "${id}"`);
  return async ({ output }) => {
    if (typeof output !== 'string') {
      return wrong(`The output is ${cut(canonicalJson(output))}, which is no text; "at" names a part that is`);
    }
    if (output.length > LONGEST_TEXT) return wrong(`The output has more than ${LONGEST_TEXT} characters`);
    return check(output).length === 0
      ? RIGHT
      : wrong(`The output ${cut(JSON.stringify(output))} does not match ${cut(pattern)}`);
  };
}

function compile(schemas: SchemaCompiler, schema: JsonSchema, what: string): SchemaCheck {
  try {
    return schemas.compile(schema);
  } catch (error) {
    if (!isPypesError(error)) throw error;
    throw new PypesError('invalid_request', `${what} cannot be used: ${error.message}`, { cause: error });
  }
}

function prepareJudge(spec: ScorerSpec & { readonly use: 'llm_judge' }, { ask }: ScorerServices, id: string): Scorer {
  if (ask === undefined) {
    throw new PypesError(
      'unsupported',
      `The case "${id}" asks a model (llm_judge), and none is configured here; configure one (ai.json), or use another scorer`,
    );
  }
  const model = spec.model === undefined ? {} : { model: spec.model };
  return async (observed: Observed, signal) =>
    parseVerdict(await ask(toJudgePrompt(spec.criteria, observed), { ...model, signal }));
}

function prepareAgent(spec: ScorerSpec & { readonly use: 'agent' }, { callAgent }: ScorerServices, id: string): Scorer {
  if (callAgent === undefined) {
    throw new PypesError(
      'unsupported',
      `The case "${id}" is scored by the agent "${spec.agent}", and no agent can be called here`,
    );
  }
  const target = { agent: spec.agent, ...(spec.pack === undefined ? {} : { pack: spec.pack }) };
  return async ({ input, output, expect }, signal) =>
    toScore(
      await callAgent(target, { input, output, ...(expect === undefined ? {} : { expect }) }, signal),
      `The agent "${spec.agent}"`,
    );
}
