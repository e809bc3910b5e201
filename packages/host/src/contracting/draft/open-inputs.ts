// What a plan leaves open: arguments that whoever runs it has to give, unless a person gives them now.
import { type Json, type JsonSchema, PypesError } from '@pypes/contract';
import { inWords, typesOf } from '../../blueprints/guard-check.ts';
import { nameOf } from '../offer.ts';
import { type Argument, argumentsOf } from './function-type.ts';
import type { Plan, PlanStep, Source } from './plan.ts';
import { fitOf } from './similar.ts';

/** One value that is not known yet. */
export type OpenInput = {
  readonly name: string;
  readonly schema: JsonSchema | undefined;
  readonly required: boolean;
  readonly destination: boolean;
  /** The arguments that it is for: `email-sender.send to`. */
  readonly uses: readonly string[];
};

/** A plan in which two open values of one name are one value only where they are of one type. */
export function separateInputs(plan: Plan): Plan {
  const types = new Map<string, string>();
  const steps = plan.steps.map((step) => {
    const input = Object.entries(step.input).map(([argument, source]): [string, Source] => {
      if (source.from !== 'input') return [argument, source];
      const type = JSON.stringify(argumentOf(step, argument)?.schema ?? null);
      const name = (types.get(source.name) ?? type) === type ? source.name : `${step.id}-${source.name}`;
      types.set(name, type);
      return [argument, { from: 'input', name }];
    });
    return { ...step, input: Object.fromEntries(input) };
  });
  return { steps };
}

/** Every open value, in the order of the steps. */
export function openInputs(plan: Plan): readonly OpenInput[] {
  const open = new Map<string, OpenInput>();
  for (const step of plan.steps) {
    for (const [argument, source] of Object.entries(step.input)) {
      if (source.from !== 'input') continue;
      const about = argumentOf(step, argument);
      const before = open.get(source.name);
      open.set(source.name, {
        name: source.name,
        schema: before?.schema ?? about?.schema,
        required: before?.required === true || about?.required === true,
        destination: before?.destination === true || about?.destination === true,
        uses: [...(before?.uses ?? []), `${nameOf(step.candidate)} ${argument}`],
      });
    }
  }
  return [...open.values()];
}

/**
 * Puts values that a person gave into a plan: `NAME`, `STEP.ARGUMENT` or `COMPONENT.ARGUMENT`.
 *
 * @throws PypesError `invalid_request` for a name that nothing has, and for a value that is not taken
 */
export function withAnswers(plan: Plan, answers: ReadonlyMap<string, string>): Plan {
  const used = new Set<string>();
  const steps = plan.steps.map((step) => {
    const input: { [argument: string]: Source } = { ...step.input };
    for (const argument of argumentsOf(step.candidate)) {
      const source = input[argument.name];
      const own = [`${step.id}.${argument.name}`, `${step.candidate.offer.name}.${argument.name}`];
      const shared = source?.from === 'input' ? [source.name, argument.name] : [];
      const key = [...own, ...shared].find((name) => answers.has(name));
      if (key === undefined) continue;
      used.add(key);
      input[argument.name] = { from: 'constant', value: toValue(answers.get(key) as string, argument, key) };
    }
    return { ...step, input };
  });
  const unused = [...answers.keys()].find((name) => !used.has(name));
  if (unused === undefined) return { steps };
  const names = openInputs(plan).map(({ name }) => name);
  throw new PypesError(
    'invalid_request',
    `Nothing here takes "${unused}"${names.length === 0 ? '' : `; what is open is ${names.join(', ')}`}`,
    { details: { available: names } },
  );
}

function argumentOf({ candidate }: PlanStep, name: string): Argument | undefined {
  return argumentsOf(candidate).find((argument) => argument.name === name);
}

function toValue(text: string, { schema }: Argument, name: string): Json {
  const types = schema === undefined ? undefined : typesOf(schema);
  const value = types === undefined || types.includes('string') ? text : (readJson(text) ?? text);
  if (fitOf({ const: value }, schema) !== 'breaks') return value;
  throw new PypesError('invalid_request', `"${name}" takes ${inWords(schema ?? {})}, got "${text.slice(0, 80)}"`);
}

function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
