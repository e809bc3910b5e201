// A LisPy agent as the intermediate form.

import { isJsonObject, PypesError } from '@pypes/contract';
import { type AgentFile, LispyError, LispyMap, parseProgram, readAgentFile } from '@pypes/lispy';
import { declare, nil, name as variable } from '../../ir/build.ts';
import type { Expr, Func, Program, RunParameter, Stmt } from '../../ir/types.ts';
import type { Refusals } from '../../verdict.ts';
import { createNames } from '../code.ts';
import { createCompiler, type TopLevel } from './compile.ts';
import { bracketsOf, type Form, itemsOf, nameOf } from './forms.ts';

const DESCRIBING = new Set([
  'AGENT',
  'agent-name',
  'agent-description',
  'agent-parameters',
  'agent-returns',
  'agent-examples',
]);

type Definition = {
  readonly form: Form;
  readonly name: string;
  readonly params: readonly Form[] | undefined;
  readonly body: readonly Form[];
};

/** @throws PypesError `agent_broken` where the file is no agent; what does not translate is added to `refusals`. */
export function readLispy(text: string, filename: string, refusals: Refusals): Program {
  const agent = readFile(text, filename);
  const forms = parseProgram(text, { file: filename }).map(
    ({ value, place }): Form => ({ value, line: place.line, column: place.column }),
  );
  if (agent.kind === 'computed')
    refusals.add({ line: 1, column: 1 }, 'AGENT', 'The metadata is computed; write it out');
  if (/^[^\n]*;\s*profile:/.test(text))
    refusals.add({ line: 1, column: 1 }, 'profile', 'Profiles belong to LisPy hosts alone');
  const definitions = forms.flatMap((form) => definitionOf(form, refusals));
  const top: TopLevel = new Map();
  for (const { name, params } of definitions) {
    if (top.has(name))
      refusals.add(
        definitions.find((other) => other.name === name)?.form ?? { line: 1, column: 1 },
        name,
        'It is defined twice',
      );
    top.set(name, params === undefined ? { kind: 'global' } : { kind: 'function', arity: params.length });
  }
  const compiler = createCompiler(top, refusals, createNames());
  const functions: Func[] = [];
  const globals: { name: string; value: Expr }[] = [];
  let run: Definition | undefined;
  for (const definition of definitions) {
    const { name, params, body } = definition;
    if (DESCRIBING.has(name)) continue;
    if (name === agent.runName) run = definition;
    if (params !== undefined) functions.push(compiler.define(name, params, body));
    else {
      const { pre, value } = compiler.global(body[0]);
      if (pre.length > 0) refusals.add(definition.form, `define ${name}`, 'A constant has to be one expression');
      globals.push({ name, value });
    }
  }
  const inner = functions.find(({ name }) => name === agent.runName);
  if (inner === undefined || run === undefined) {
    refusals.add({ line: 1, column: 1 }, agent.runName, 'The run function has to be written with its parameters');
    return {
      metadata: agent.metadata,
      prefix: 'lispy',
      parameters: [],
      rest: undefined,
      strict: false,
      globals,
      functions,
      body: [],
      heading: '',
    };
  }
  const [context, ...params] = inner.params;
  return {
    metadata: agent.metadata,
    prefix: 'lispy',
    strict: false,
    globals,
    functions: functions.filter((func) => func !== inner || isCalled(functions, inner.name)),
    ...(agent.takesMap
      ? { parameters: [], rest: params[0] ?? 'kwargs', body: withContext(context, [...nilIsOk(inner.body)]) }
      : {
          parameters: params.map((param) => toParameter(param, agent, refusals)),
          rest: undefined,
          body: withContext(context, inner.body),
        }),
    heading: '',
  };
}

function readFile(text: string, filename: string): AgentFile {
  try {
    return readAgentFile(text, { file: filename });
  } catch (error) {
    if (!(error instanceof LispyError)) throw error;
    throw new PypesError('agent_broken', error.message, { cause: error, details: { file: filename } });
  }
}

function definitionOf(form: Form, refusals: Refusals): Definition[] {
  const items = itemsOf(form) ?? [];
  const [head, target] = items;
  const word = nameOf(head);
  if ((word === 'begin' || word === 'do') && items.length > 1)
    return items.slice(1).flatMap((item) => definitionOf(item, refusals));
  if ((word === 'define' || word === 'def') && target !== undefined) {
    const name = nameOf(target);
    if (name !== undefined) {
      const value = items.at(-1) as Form;
      const lambda = itemsOf(value) ?? [];
      const isLambda =
        ['lambda', 'fn'].includes(nameOf(lambda[0]) ?? '') &&
        lambda[1] !== undefined &&
        itemsOf(lambda[1]) !== undefined;
      if (isLambda) return [{ form, name, params: itemsOf(lambda[1] as Form), body: lambda.slice(2) }];
      return [{ form, name, params: undefined, body: items.length > 2 ? [value] : [] }];
    }
    const signature = itemsOf(target) ?? [];
    const named = nameOf(signature[0]);
    if (named !== undefined)
      return [{ form, name: named, params: signature.slice(1), body: withoutDoc(items.slice(2)) }];
  }
  if (word === 'defn' && target !== undefined && nameOf(target) !== undefined) {
    const rest = typeof items[2]?.value === 'string' ? items.slice(3) : items.slice(2);
    const params = rest[0] === undefined ? undefined : itemsOf(rest[0]);
    if (params !== undefined && bracketsOf(rest[0] as Form) !== 'map')
      return [{ form, name: nameOf(target) as string, params, body: withoutDoc(rest.slice(1)) }];
  }
  if (typeof form.value === 'string' || form.value instanceof LispyMap) return [];
  refusals.add(form, word ?? 'expression', 'Only definitions may stand at the top of a file that is translated');
  return [];
}

function withoutDoc(body: readonly Form[]): readonly Form[] {
  return body.length > 1 && typeof body[0]?.value === 'string' ? body.slice(1) : body;
}

/** A parameter with dashes takes the argument with dashes or underscores: the schema says which one callers give. */
function toParameter(param: string, agent: AgentFile, refusals: Refusals): RunParameter {
  const underscored = param.replaceAll('-', '_');
  const { parameters } = agent.metadata as { readonly parameters?: { readonly properties?: object } };
  const properties = isJsonObject(parameters) && isJsonObject(parameters.properties) ? parameters.properties : {};
  const key = Object.hasOwn(properties, param)
    ? param
    : Object.hasOwn(properties, underscored)
      ? underscored
      : undefined;
  if (key === undefined && underscored !== param)
    refusals.add(
      { line: 1, column: 1 },
      `parameter ${param}`,
      'The schema does not say whether callers write it with dashes or underscores',
    );
  return { key: key ?? param, name: param, fallback: nil, shown: true };
}

/** What the context is stands empty: a program that reads it is refused before. */
function withContext(context: string | undefined, body: readonly Stmt[]): Stmt[] {
  const isUsed =
    context !== undefined &&
    JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).includes(
      `"name":${JSON.stringify(context)}`,
    );
  return isUsed ? [declare(context, { kind: 'dict', entries: [] }), ...body] : [...body];
}

/** In the Scheme shape nil means that all went well. */
function nilIsOk(body: readonly Stmt[]): Stmt[] {
  const given: Expr = { kind: 'apply', fn: { kind: 'lambda', params: [], body }, args: [] };
  const ok: Expr = {
    kind: 'dict',
    entries: [
      [
        { kind: 'text', value: 'status' },
        { kind: 'text', value: 'ok' },
      ],
    ],
  };
  return [
    declare('result', given),
    {
      kind: 'return',
      value: {
        kind: 'choose',
        test: { kind: 'prim', name: 'isNull', args: [variable('result')] },
        yes: ok,
        no: variable('result'),
      },
    },
  ];
}

function isCalled(functions: readonly Func[], name: string): boolean {
  return JSON.stringify(functions, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).includes(
    `"kind":"call","name":${JSON.stringify(name)}`,
  );
}
