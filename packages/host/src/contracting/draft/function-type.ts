// What is known of the arguments and labels of a candidate's function.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';
import type { FlowLabels, FunctionFacts } from '../../blueprints/index.ts';
import type { Candidate } from '../offer.ts';

/** One argument of a function. */
export type Argument = {
  readonly name: string;
  /** Undefined: not known. */
  readonly schema: JsonSchema | undefined;
  readonly required: boolean;
  /** It decides where something goes. */
  readonly destination: boolean;
};

export function factsOf({ offer, function: called }: Candidate): FunctionFacts {
  return (Object.hasOwn(offer.facts.functions, called.name) ? offer.facts.functions[called.name] : undefined) ?? {};
}

/** Labels of the function itself, else those that its component has for all. */
export function labelsOfCandidate(candidate: Candidate): FlowLabels {
  return factsOf(candidate).labels ?? candidate.offer.facts.labels ?? {};
}

/** The arguments, those that are required first. */
export function argumentsOf(candidate: Candidate): readonly Argument[] {
  const { parameters } = factsOf(candidate);
  const properties = isJsonObject(parameters?.properties) ? parameters.properties : {};
  const required = Array.isArray(parameters?.required) ? parameters.required : [];
  const { destinations = [] } = labelsOfCandidate(candidate);
  const found = Object.entries(properties).map(([name, schema]): Argument => {
    const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return {
      name,
      schema: isJsonObject(schema) ? withDefinitions(schema, parameters) : undefined,
      required: required.includes(name),
      destination: destinations.some((to) => to === name || to === pointer || to.startsWith(`${pointer}/`)),
    };
  });
  return [...found.filter((each) => each.required), ...found.filter((each) => !each.required)];
}

/** Whether a function does something that cannot be taken back, so that it comes last. */
export function isEnding(candidate: Candidate): boolean {
  const { sends = [] } = labelsOfCandidate(candidate);
  return sends.some((item) => item === 'message' || item === 'write' || item === 'destructive');
}

/** What is taken out of a schema still finds what its references lead to. */
export function withDefinitions(schema: JsonSchema, root: JsonSchema | undefined): JsonSchema {
  const { $defs, definitions } = (root ?? {}) as { readonly $defs?: Json; readonly definitions?: Json };
  return {
    ...schema,
    ...($defs === undefined || schema.$defs !== undefined ? {} : { $defs }),
    ...(definitions === undefined || schema.definitions !== undefined ? {} : { definitions }),
  };
}
