/** Reading an agent's metadata from its source, without running it, in both shapes of spec 1. */
import { LispyError } from '../errors.ts';
import { type Json, toJson } from '../json/convert.ts';
import { defaultLimits, type LispyLimits } from '../limits.ts';
import { type Form, readForms } from '../reader/read.ts';
import { LispyMap } from '../values/map.ts';
import type { Value } from '../values/value.ts';
import { type Definition, topDefinitions } from './definitions.ts';
import { literalValue } from './literal.ts';
import { defaultName, parametersSchema, runNames } from './scheme-shape.ts';

/** Which of the two published shapes a file has. */
export type AgentShape = 'clojure' | 'scheme';

/** An agent whose metadata stand in the source, or one whose program has to run to tell them. */
export type AgentFile = {
  readonly kind: 'literal' | 'computed';
  readonly shape: AgentShape;
  /** `{name, description, parameters, …}`; what could not be read is absent where `kind` is `computed`. */
  readonly metadata: { readonly [key: string]: Json };
  /** The procedure to call with the context and, in the Clojure shape, the parameters. */
  readonly runName: string;
  /** Names of its parameters after `context`; undefined where it takes all as a list or was not found. */
  readonly runParameters: readonly string[] | undefined;
  /** In the Scheme shape the arguments are one map; a nil result means `{"status": "ok"}`. */
  readonly takesMap: boolean;
};

/**
 * Reads the metadata of an agent file (spec 1).
 *
 * @throws LispyError where the text cannot be read, or where it defines neither AGENT nor an agent's run procedure.
 * @example readAgentFile('(def AGENT {:name "hi"}) (defn run [context] "hi")', { file: 'hi.lispy' }).metadata.name // "hi"
 */
export const readAgentFile = (source: string, options: { file: string; limits?: LispyLimits }): AgentFile => {
  const forms = readForms(source, options.file, options.limits ?? defaultLimits);
  const definitions = topDefinitions(forms);
  if (definitions.has('AGENT')) return clojureAgent(definitions, forms[0]);
  const names = runNames(options.file);
  const runName = names.find((name) => definitions.has(name));
  if (definitions.has('agent-name') || runName !== undefined)
    return schemeAgent(definitions, options.file, runName ?? names[0]!, forms[0]);
  throw missing(
    'Agent defines neither AGENT nor a run procedure: write (def AGENT {:name "…"}) and (defn run [context] …)',
    forms[0],
  );
};

const missing = (text: string, form: Form | undefined): LispyError =>
  new LispyError('syntax', text, form && { place: form.source.place(form.offset) });

/** A literal as JSON; `undefined` where it is no literal or no JSON. */
const literalJson = (form: Value | undefined): Json | undefined => {
  const value = form === undefined ? undefined : literalValue(form);
  if (value === undefined) return undefined;
  try {
    return toJson(value);
  } catch (error) {
    if (error instanceof LispyError && error.code === 'not-json') return undefined;
    throw error;
  }
};

const clojureAgent = (definitions: ReadonlyMap<string, Definition>, first: Form | undefined): AgentFile => {
  const agent = definitions.get('AGENT')!;
  const run = definitions.get('run');
  if (!run) throw missing('Agent has no "run" procedure: write (defn run [context …] …)', first);
  const value = agent.value === undefined ? undefined : literalValue(agent.value);
  if (value !== undefined && !(value instanceof LispyMap)) {
    throw new LispyError('syntax', 'AGENT must be a map: {:name "…" :description "…"}', { place: agent.place() });
  }
  const metadata = literalJson(agent.value);
  const runParameters = run.parameters?.slice(1);
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  return {
    kind: isObject ? 'literal' : 'computed',
    shape: 'clojure',
    metadata: isObject ? metadata : {},
    runName: 'run',
    runParameters,
    takesMap: false,
  };
};

const schemeAgent = (
  definitions: ReadonlyMap<string, Definition>,
  file: string,
  runName: string,
  first: Form | undefined,
): AgentFile => {
  const run = definitions.get(runName);
  if (!run) throw missing(`Agent has no run procedure: define one of ${runNames(file).join(', ')}`, first);
  const parts: { [key: string]: Json } = { name: defaultName(file) };
  let isLiteral = true;
  for (const [key, name] of [
    ['name', 'agent-name'],
    ['description', 'agent-description'],
    ['parameters', 'agent-parameters'],
    ['returns', 'agent-returns'],
    ['examples', 'agent-examples'],
  ] as const) {
    const definition = definitions.get(name);
    if (!definition) continue;
    const json = literalJson(definition.value);
    if (json === undefined) {
      isLiteral = false;
      delete parts[key];
    } else parts[key] = key === 'parameters' ? parametersSchema(json) : json;
  }
  return {
    kind: isLiteral ? 'literal' : 'computed',
    shape: 'scheme',
    metadata: parts,
    runName,
    runParameters: run.parameters?.slice(1),
    takesMap: true,
  };
};
