// A Python agent as the intermediate form: AGENT with run, or a class with perform.
import { isJsonObject, type Json, PypesError } from '@pypes/contract';
import { nil } from '../../ir/build.ts';
import type { Expr, Func, Program, RunParameter } from '../../ir/types.ts';
import type { Refusals } from '../../verdict.ts';
import { createNames } from '../code.ts';
import { type PyNode, parsePython } from './ast.ts';
import { createExpressions } from './expressions.ts';
import { NOT_LITERAL, readPythonLiteral } from './literal.ts';
import type { Module } from './module.ts';
import { isNode, nodes, type Scope, type Signature } from './scope.ts';
import { createStatements } from './statements.ts';

const NO_SCOPE: Scope = { locals: new Set(), bound: new Set() };

/** @throws PypesError `agent_broken`, `unavailable` */
export function readPython(text: string, filename: string, refusals: Refusals): Program {
  const { body, minor } = parsePython(text, filename);
  const place = (node: PyNode) => ({ line: node.lineno ?? 1, column: (node.col_offset ?? 0) + 1 });
  const functions = new Map<string, Signature>();
  const globals = new Map<string, 'scalar' | 'mutable'>();
  const imports = new Map<string, string>();
  const constants: { name: string; node: PyNode }[] = [];
  const definitions: PyNode[] = [];
  let metadata: Json | undefined;
  let entry: PyNode | undefined;
  let isClass = false;

  for (const node of body) {
    if (node.type === 'FunctionDef' || node.type === 'AsyncFunctionDef') {
      if (node.type === 'AsyncFunctionDef')
        refusals.add(place(node), 'async def', 'A call that pauses does not translate');
      if (functions.has(String(node.name))) refusals.add(place(node), String(node.name), 'It is defined twice');
      if (nodes(node.decorator_list).length > 0) refusals.add(place(node), '@', 'Decorators do not translate');
      functions.set(String(node.name), signatureOf(node));
      if (node.name === 'run') entry = node;
      else definitions.push(node);
    } else if (node.type === 'Assign' && nodes(node.targets).length === 1 && nodes(node.targets)[0]?.type === 'Name') {
      const name = String(nodes(node.targets)[0]?.id);
      const value = node.value as PyNode;
      if (name === 'AGENT') {
        const literal = readPythonLiteral(value);
        if (literal === NOT_LITERAL) refusals.add(place(node), 'AGENT', 'The metadata is computed; write it out');
        else metadata = literal;
      } else {
        if (globals.has(name)) refusals.add(place(node), name, 'A constant of the module is assigned twice');
        constants.push({ name, node: value });
        globals.set(name, isScalar(value) ? 'scalar' : 'mutable');
      }
    } else if (node.type === 'Import' || node.type === 'ImportFrom') {
      readImport(node, imports, refusals);
    } else if (node.type === 'ClassDef' && metadata === undefined && entry === undefined) {
      const made = readClass(node);
      if (made === undefined)
        refusals.add(
          place(node),
          'class',
          'Classes do not translate, but for one agent whose metadata are written out',
        );
      else [entry, metadata, isClass] = [made.perform, made.metadata, true];
    } else if (node.type === 'ClassDef') refusals.add(place(node), 'class', 'Classes do not translate');
    else if (!isMainGuard(node) && !isDocOrPass(node) && !isBasicAgentImport(node)) {
      const word = { Try: 'try', If: 'if', For: 'for', While: 'while', With: 'with' }[node.type] ?? node.type;
      refusals.add(place(node), word, 'At the top of a module only constants, functions and imports translate');
    }
  }
  if (entry === undefined || !isJsonObject(metadata)) {
    if (refusals.list.length > 0) return emptyProgram();
    throw new PypesError('agent_broken', `"${filename}" has no AGENT with a function run, and no class with perform`, {
      details: { file: filename },
    });
  }

  const module: Module = { functions, globals, imports, minor };
  const fresh = createNames();
  const reader = createExpressions(module, refusals, fresh);
  const statements = createStatements(module, reader, fresh);
  const compile = (node: PyNode): Func => {
    const { params } = checkSignature(node, reader.refuse);
    return { name: String(node.name), params, body: statements.body(params, nodes(node.body), NO_SCOPE) };
  };
  const run = parametersOfRun(entry, isClass, reader.refuse);
  const inner = statements.body(
    [...run.names, ...(run.rest === undefined ? [] : [run.rest])],
    nodes(entry.body),
    NO_SCOPE,
  );
  if (isClass === false && run.usesContext(entry))
    reader.refuse(entry, 'context', 'What needs the host does not translate');
  return {
    metadata,
    prefix: 'py',
    parameters: run.parameters,
    rest: run.rest,
    strict: true,
    globals: constants.map(({ name, node }) => {
      const { pre, value } = reader.expression(node, NO_SCOPE);
      if (pre.length > 0) reader.refuse(node, name, 'A constant of the module has to be one simple expression');
      return { name, value };
    }),
    functions: definitions.map(compile),
    body: inner,
    heading: '',
  };
}

function emptyProgram(): Program {
  return {
    metadata: {},
    prefix: 'py',
    parameters: [],
    rest: undefined,
    strict: true,
    globals: [],
    functions: [],
    body: [],
    heading: '',
  };
}

function signatureOf(node: PyNode): Signature {
  const args = node.args as PyNode;
  const params = [...nodes(args.posonlyargs), ...nodes(args.args)].map(({ arg }) => String(arg));
  const defaults = nodes(args.defaults);
  return { params, defaults: params.map((_, index) => defaults[index - params.length + defaults.length]) };
}

type Refuse = (node: PyNode, construct: string, why: string) => unknown;

function checkSignature(node: PyNode, refuse: Refuse): Signature {
  const args = node.args as PyNode;
  if (args.vararg !== null || args.kwarg !== null || nodes(args.kwonlyargs).length > 0)
    refuse(node, 'parameters', 'Starred and keyword-only parameters do not translate');
  const signature = signatureOf(node);
  for (const value of signature.defaults)
    if (value !== undefined && !isScalar(value))
      refuse(value, 'default', 'A default that can change in place is shared between calls; use None');
  return signature;
}

function parametersOfRun(node: PyNode, isClass: boolean, refuse: Refuse) {
  const args = node.args as PyNode;
  const [first, ...positional] = [...nodes(args.posonlyargs), ...nodes(args.args)];
  const keyword = nodes(args.kwonlyargs);
  if (args.vararg !== null) refuse(node, '*args', 'Positional arguments do not reach an agent');
  const defaults = nodes(args.defaults);
  const all = positional.map((param, index) => ({
    param,
    value: defaults[index - positional.length + defaults.length],
  }));
  const kwDefaults = (args.kw_defaults as readonly (PyNode | null)[]) ?? [];
  const more = keyword.map((param, index) => ({ param, value: kwDefaults[index] ?? undefined }));
  const context = String(first?.arg ?? '');
  const parameters = [...all, ...more].map(
    ({ param, value }): RunParameter => ({
      key: String(param.arg),
      name: String(param.arg),
      fallback: value === undefined ? undefined : fallbackOf(value, refuse),
      shown: true,
    }),
  );
  const names = parameters.map(({ name }) => name);
  return {
    parameters,
    names,
    rest: isNode(args.kwarg) ? String(args.kwarg.arg) : undefined,
    usesContext: (entry: PyNode): boolean =>
      !isClass && JSON.stringify(entry.body).includes(`"id":${JSON.stringify(context)}`),
  };
}

function fallbackOf(node: PyNode, refuse: Refuse): Expr {
  const literal = readPythonLiteral(node);
  if (node.type === 'Tuple' && nodes(node.elts).length === 0)
    return { kind: 'call', name: 'py_tuple', args: [{ kind: 'list', items: [] }] };
  if (literal === NOT_LITERAL || typeof literal === 'object') {
    if (literal === null) return nil;
    refuse(node, 'default', 'A default that can change in place is shared between calls; use None or ()');
    return nil;
  }
  if (typeof literal === 'string') return { kind: 'text', value: literal };
  if (typeof literal === 'boolean') return { kind: 'bool', value: literal };
  const isFloat = node.kind === 'float' || (node.operand as PyNode | undefined)?.kind === 'float';
  if (isFloat && Number.isInteger(literal))
    refuse(node, 'default', 'A whole float as a default is an integer for a host; write it without the point');
  return Number.isSafeInteger(literal)
    ? { kind: 'int', value: BigInt(literal as number) }
    : { kind: 'float', value: literal as number };
}

function isScalar(node: PyNode): boolean {
  return (
    node.type === 'Constant' ||
    (node.type === 'UnaryOp' && (node.operand as PyNode).type === 'Constant') ||
    node.type === 'BinOp'
  );
}

function readImport(node: PyNode, imports: Map<string, string>, refusals: Refusals): void {
  const module = node.type === 'ImportFrom' ? String(node.module) : '';
  if (module === '__future__' || module === 'typing' || /(^|\.)basic_agent$/.test(module)) return;
  for (const alias of nodes(node.names)) {
    const name = String(alias.name);
    const local = String(alias.asname ?? name);
    if (module === '' && (name === 'math' || name === 'json')) imports.set(local, name);
    else if (module === 'math' || module === 'json') imports.set(local, `${module}.${name}`);
    else
      refusals.add(
        { line: node.lineno ?? 1, column: (node.col_offset ?? 0) + 1 },
        `import ${module === '' ? name : module}`,
        'Only math and json have the same meaning everywhere',
      );
  }
}

function readClass(node: PyNode): { readonly perform: PyNode; readonly metadata: Json } | undefined {
  const methods = nodes(node.body).filter(({ type }) => type === 'FunctionDef');
  const perform = methods.find(({ name }) => name === 'perform');
  const init = methods.find(({ name }) => name === '__init__');
  if (perform === undefined || methods.length > 2 || JSON.stringify(perform.body).includes('"id":"self"'))
    return undefined;
  const found: { [name: string]: Json } = {};
  for (const stmt of [...nodes(node.body), ...nodes(init?.body)]) {
    const target = stmt.type === 'Assign' ? nodes(stmt.targets)[0] : undefined;
    const name =
      target?.type === 'Attribute' ? String(target.attr) : target?.type === 'Name' ? String(target.id) : undefined;
    const value = name === undefined ? NOT_LITERAL : readPythonLiteral(stmt.value as PyNode, found.name);
    if (name !== undefined && value !== NOT_LITERAL) found[name] = value;
  }
  if (!isJsonObject(found.metadata)) return undefined;
  return { perform, metadata: { ...found.metadata, name: found.name ?? found.metadata.name ?? String(node.name) } };
}

function isMainGuard(node: PyNode): boolean {
  const test = node.type === 'If' ? (node.test as PyNode) : undefined;
  return test?.type === 'Compare' && (test.left as PyNode).id === '__name__';
}

function isDocOrPass(node: PyNode): boolean {
  return node.type === 'Pass' || (node.type === 'Expr' && (node.value as PyNode).type === 'Constant');
}

/** `try: from agents.basic_agent import BasicAgent; except ImportError: class BasicAgent …` */
function isBasicAgentImport(node: PyNode): boolean {
  if (node.type !== 'Try') return false;
  return nodes(node.body).every((stmt) => stmt.type === 'ImportFrom' && /(^|\.)basic_agent$/.test(String(stmt.module)));
}
