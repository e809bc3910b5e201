// A model's workflow → a plan, where everything in it is among what was found and a person said what decides.
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import { argumentsOf } from '../draft/function-type.ts';
import type { ItemValue, Plan, PlanStep, Source, StepValue, When } from '../draft/plan.ts';
import { type Candidate, nameOf } from '../offer.ts';
import { plain } from '../words/plain.ts';
import { ModelRefusal } from './refusal.ts';
import { isAddress, isSaid } from './said.ts';

const RESERVED: readonly string[] = ['input', 'item', 'index', 'and', 'or', 'not', 'in', 'true', 'false', 'null'];

/**
 * Reads an answer that has the shape of `draftSchema`.
 *
 * @param said everything that the person said
 * @throws ModelRefusal with every problem
 */
export function toPlan(answer: JsonObject, candidates: readonly Candidate[], said: readonly string[]): Plan {
  const problems: string[] = [];
  const byName = new Map(candidates.map((candidate) => [nameOf(candidate), candidate]));
  const before: string[] = [];
  const steps = (answer.steps as readonly JsonObject[]).flatMap((step): readonly PlanStep[] => {
    const candidate = byName.get(String(step.use));
    const id = String(step.id);
    if (candidate === undefined) {
      problems.push(`"${plain(String(step.use), 80)}" was not found; there are ${[...byName.keys()].join(', ')}`);
      return [];
    }
    if (RESERVED.includes(id) || before.includes(id)) problems.push(`the id "${id}" is taken`);
    const made = toStep(step, id, candidate, { before: [...before], said, problems });
    before.push(id);
    return [made];
  });
  if (problems.length > 0) throw new ModelRefusal(problems);
  return { steps };
}

type Scope = { readonly before: readonly string[]; readonly said: readonly string[]; readonly problems: string[] };

function toStep(step: JsonObject, id: string, candidate: Candidate, scope: Scope): PlanStep {
  const known = new Map(argumentsOf(candidate).map((argument) => [argument.name, argument]));
  const foreach = isJsonObject(step.foreach) ? toStepValue(step.foreach, scope) : undefined;
  const input: { [name: string]: Source } = {};
  for (const { name, source } of step.arguments as readonly { readonly name: string; readonly source: JsonObject }[]) {
    const argument = known.get(name);
    if (argument === undefined) scope.problems.push(`${nameOf(candidate)} takes no "${plain(name, 64)}"`);
    else if (Object.hasOwn(input, name)) scope.problems.push(`"${name}" is given twice`);
    else
      input[name] = toSource(source, {
        ...scope,
        name,
        destination: argument.destination,
        items: foreach !== undefined,
      });
  }
  // What it forgot is asked for.
  for (const { name, required } of known.values()) {
    if (required && !Object.hasOwn(input, name)) input[name] = { from: 'input', name };
  }
  const when = isJsonObject(step.when) ? toWhen(step.when, scope) : undefined;
  return {
    id,
    candidate,
    input,
    ...(foreach === undefined ? {} : { foreach }),
    ...(when === undefined ? {} : { when }),
  };
}

type Place = Scope & { readonly name: string; readonly destination: boolean; readonly items: boolean };

function toSource(source: JsonObject, place: Place): Source {
  switch (source.from) {
    case 'ask':
      return { from: 'input', name: place.name };
    case 'constant':
      checkConstant(source.value as Json, place);
      return { from: 'constant', value: source.value as Json };
    case 'text':
      return { from: 'text', parts: (source.parts as readonly JsonObject[]).map((part) => toPart(part, place)) };
    default:
      return toValue(source, place);
  }
}

function toPart(part: JsonObject, place: Place): string | StepValue | ItemValue {
  if (part.from !== undefined) return toValue(part, place);
  checkConstant(part.words as Json, place);
  return String(part.words);
}

function toValue(source: JsonObject, place: Place): StepValue | ItemValue {
  if (place.destination) {
    place.problems.push(`"${place.name}" decides where something goes; it is "ask", or what the person said`);
  }
  if (source.from === 'step') return toStepValue(source, place);
  if (!place.items) place.problems.push(`"${place.name}" takes an item, and its step has no foreach`);
  return { from: 'item', path: source.path as readonly string[] };
}

/** Where data goes is the person's to say, and so is every address, wherever it stands. */
function checkConstant(value: Json, { name, destination, said, problems }: Place): void {
  const text = String(value);
  if (isSaid(text, said)) return;
  if (destination)
    problems.push(`"${name}" decides where something goes, and the person did not say "${plain(text, 60)}"`);
  else if (isAddress(text)) problems.push(`"${plain(text, 60)}" names an address that the person did not say`);
}

function toStepValue(value: JsonObject, { before, problems }: Scope): StepValue {
  const step = String(value.step);
  if (!before.includes(step)) problems.push(`there is no step "${plain(step, 48)}" before this one`);
  return { from: 'step', step, path: value.path as readonly string[] };
}

function toWhen({ value, operator, than }: JsonObject, scope: Scope): When {
  return {
    value: toStepValue(value as JsonObject, scope),
    operator: operator as When['operator'],
    than: than as When['than'],
  };
}
