// From chosen functions to a plan: outputs to inputs by type and name, texts put together, and questions for the rest.
import { isJsonObject, type JsonSchema } from '@pypes/contract';
import { typesOf } from '../../blueprints/guard-check.ts';
import type { Candidate } from '../offer.ts';
import { stem, wordsOf } from '../words/stem.ts';
import { type Argument, argumentsOf, factsOf, isEnding } from './function-type.ts';
import type { Plan, PlanStep, Source, StepValue } from './plan.ts';
import { fitOf, type Part, partsOfValue, similarityOf } from './similar.ts';
import { createIds } from './step-ids.ts';

/** Arguments that take a text in which everything may be told. */
const BODY: ReadonlySet<string> = new Set(
  ['body', 'text', 'content', 'message', 'summary', 'report', 'markdown', 'html'].map(stem),
);
const SUBJECT: ReadonlySet<string> = new Set(['subject', 'title', 'heading'].map(stem));
const SIMILAR = 0.5;

/** Connects functions that run in this order. Arguments that nothing gives come from `input`, under their own names. */
export function connect(candidates: readonly Candidate[], goal: string): Plan {
  const newId = createIds();
  const steps: PlanStep[] = [];
  for (const candidate of candidates) {
    const before = steps.filter((step) => !isEnding(step.candidate));
    const id = newId(candidate.function.name, candidate.offer.name);
    const every = findList(candidate, before);
    const input: { [argument: string]: Source } = {};
    for (const argument of argumentsOf(candidate)) {
      const source = every?.argument === argument.name ? every.source : sourceOf(argument, before, goal);
      if (source !== undefined) input[argument.name] = source;
    }
    steps.push({ id, candidate, input, ...(every === undefined ? {} : { foreach: every.list }) });
  }
  return { steps };
}

function sourceOf(argument: Argument, before: readonly PlanStep[], goal: string): Source | undefined {
  const { name, schema, required, destination } = argument;
  const asked: Source | undefined = required ? { from: 'input', name } : undefined;
  // What decides where something goes is said by a person.
  if (destination) return asked;
  if (takesText(schema) && isCalled(name, BODY)) return textOf(before, schema) ?? asked;
  if (takesText(schema) && isCalled(name, SUBJECT)) return { from: 'constant', value: cut(goal, schema) };
  return required ? (findValue(argument, before) ?? asked) : undefined;
}

/** The newest value that has the type and about the name. */
function findValue({ name, schema }: Argument, before: readonly PlanStep[]): StepValue | undefined {
  const found = before
    .flatMap((step, place) => valuesOf(step).map((part) => ({ step, place, part })))
    .map((each) => ({ ...each, similar: similarityOf(name, each.part.name), fit: fitOf(each.part.schema, schema) }))
    .filter(({ similar, fit }) => fit !== 'breaks' && similar >= (fit === 'fits' ? SIMILAR : 1))
    .sort((a, b) => b.similar - a.similar || b.place - a.place)[0];
  return found === undefined ? undefined : { from: 'step', step: found.step.id, path: found.part.path };
}

function valuesOf({ candidate, foreach }: PlanStep): readonly Part[] {
  const { returns } = factsOf(candidate);
  // A step that runs for each item gives a list of what its function gives.
  return foreach === undefined ? partsOfValue(returns, candidate.function.name) : [];
}

type Every = { readonly argument: string; readonly list: StepValue; readonly source: Source };

/** A list before whose items an argument takes: the step runs once for each. */
function findList(candidate: Candidate, before: readonly PlanStep[]): Every | undefined {
  for (const { name, schema, required, destination } of argumentsOf(candidate)) {
    if (!required || destination || isCalled(name, BODY)) continue;
    for (const step of before.toReversed()) {
      for (const part of valuesOf(step)) {
        const items = part.schema?.items;
        if (!isJsonObject(items) || fitOf(part.schema, schema) === 'fits') continue;
        const list: StepValue = { from: 'step', step: step.id, path: part.path };
        if (fitOf(items, schema) === 'fits' && similarityOf(name, part.name) >= SIMILAR)
          return { argument: name, list, source: { from: 'item', path: [] } };
        const member = partsOfValue(items, '').find(
          (each) =>
            each.path.length > 0 && similarityOf(name, each.name) === 1 && fitOf(each.schema, schema) === 'fits',
        );
        if (member !== undefined) return { argument: name, list, source: { from: 'item', path: member.path } };
      }
    }
  }
  return undefined;
}

/** All that was found out, each with what it is: "get stock price: 12". */
function textOf(before: readonly PlanStep[], schema: JsonSchema | undefined): Source | undefined {
  if (before.length === 0) return undefined;
  const words = before.map(({ candidate }, place) => `${place === 0 ? '' : '\n'}${titleOf(candidate)}: `);
  const limit = schema?.maxLength;
  const left = typeof limit === 'number' ? limit - words.reduce((sum, text) => sum + text.length, 0) : undefined;
  const most = left === undefined ? undefined : Math.floor(left / before.length);
  if (most !== undefined && most < 1) return undefined;
  const parts = before.flatMap(({ id }, place) => [
    words[place] as string,
    { from: 'step', step: id, path: [], ...(most === undefined ? {} : { most }) } as const,
  ]);
  return { from: 'text', parts };
}

/** A function's name as words: names are identifiers, so that nothing of a stranger's text gets in. */
function titleOf({ function: called }: Candidate): string {
  const words = wordsOf(called.name).filter((word) => !['get', 'fetch', 'read', 'list'].includes(word));
  const title = (words.length === 0 ? wordsOf(called.name) : words).join(' ');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

function takesText(schema: JsonSchema | undefined): boolean {
  return schema === undefined || schema.enum !== undefined ? false : typesOf(schema)?.includes('string') === true;
}

function isCalled(name: string, words: ReadonlySet<string>): boolean {
  return wordsOf(name).some((word) => words.has(stem(word)));
}

function cut(text: string, schema: JsonSchema | undefined): string {
  const most = schema?.maxLength;
  return typeof most === 'number' ? [...text].slice(0, most).join('') : text;
}
