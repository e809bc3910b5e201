// A JavaScript or TypeScript agent as the intermediate form.
import { isJsonObject, type Json, PypesError } from '@pypes/contract';
import type * as acorn from 'acorn';
import { missing } from '../../ir/build.ts';
import type { Expr, Func, Program, RunParameter, Stmt } from '../../ir/types.ts';
import type { Refusals } from '../../verdict.ts';
import { createNames } from '../code.ts';
import type { Scope } from './expressions.ts';
import { parseModule, stripTypes } from './parse.ts';
import { createReader } from './statements.ts';

const NO_SCOPE: Scope = { names: new Set(), later: new Set() };

/** @throws PypesError `agent_broken` */
export function readJavascript(text: string, filename: string, refusals: Refusals): Program {
  const code = filename.endsWith('.ts') ? stripTypes(text, filename) : text;
  const { body } = parseModule(code, filename);
  const place = (node: acorn.Node) => ({ line: node.loc?.start.line ?? 1, column: (node.loc?.start.column ?? 0) + 1 });
  const functions = new Map<string, acorn.Function | acorn.ArrowFunctionExpression>();
  const constants = new Map<string, acorn.Expression>();
  let metadata: Json | undefined;
  for (const outer of body) {
    const node = outer.type === 'ExportNamedDeclaration' && outer.declaration ? outer.declaration : outer;
    if (node.type === 'FunctionDeclaration' && node.id) functions.set(node.id.name, node as acorn.Function);
    else if (node.type === 'VariableDeclaration') {
      for (const { id, init } of node.declarations) {
        if (id.type !== 'Identifier' || !init)
          refusals.add(place(node), node.kind, 'At the top a constant has to have one name and a value');
        else if (init.type === 'ArrowFunctionExpression' || init.type === 'FunctionExpression')
          functions.set(id.name, init);
        else if (id.name === 'AGENT') metadata = evaluate(init);
        else if (node.kind !== 'const')
          refusals.add(place(node), `${node.kind} ${id.name}`, 'A variable of the module outlives the call');
        else constants.set(id.name, init);
      }
    } else if (node.type === 'ImportDeclaration')
      refusals.add(place(node), `import "${String(node.source.value)}"`, 'Nothing that is imported translates');
    else if (!(node.type === 'IfStatement' && isMainGuard(node.test)) && node.type !== 'EmptyStatement') {
      refusals.add(place(node), node.type, 'At the top of a module only constants and functions translate');
    }
  }
  const run = functions.get('run');
  if (run === undefined || (metadata === undefined && !/\bAGENT\b/.test(code))) {
    throw new PypesError('agent_broken', `"${filename}" does not export AGENT and run`, {
      details: { file: filename },
    });
  }
  if (!isJsonObject(metadata)) refusals.add({ line: 1, column: 1 }, 'AGENT', 'The metadata is computed; write it out');
  functions.delete('run');

  const top = new Map<string, { kind: 'function'; arity: number } | { kind: 'global' }>();
  for (const [name, node] of functions) top.set(name, { kind: 'function', arity: node.params.length });
  for (const name of constants.keys()) top.set(name, { kind: 'global' });
  const fresh = createNames();
  const reader = createReader(top, refusals, fresh);
  const known = new Set<string>();
  const globals = [...constants].map(([name, init]) => {
    for (const other of constants.keys())
      if (!known.has(other) && other !== name && mentions(init, other))
        reader.refuse(init, name, `It uses "${other}" before that is defined`);
    known.add(name);
    const made = reader.expression(init, NO_SCOPE);
    if (made.pre.length > 0) reader.refuse(init, name, 'A constant of the module has to be one simple expression');
    return { name, value: made.value };
  });
  const compiled = [...functions].map(([name, node]): Func => ({ name, ...reader.functionBody(node, NO_SCOPE) }));
  const entry = readEntry(run, reader);
  return {
    metadata: isJsonObject(metadata) ? metadata : {},
    prefix: 'js',
    strict: false,
    globals,
    functions: compiled,
    heading: '',
    ...entry,
  };
}

type Reader = ReturnType<typeof createReader>;

function readEntry(run: acorn.Function | acorn.ArrowFunctionExpression, reader: Reader) {
  const [context, given] = run.params;
  if (run.async) reader.refuse(run, 'async', 'A call that pauses does not translate');
  if (context !== undefined && context.type === 'Identifier' && mentions(run.body, context.name))
    reader.refuse(run, context.name, 'What needs the host does not translate');
  if (context !== undefined && context.type !== 'Identifier')
    reader.refuse(context, 'context', 'What needs the host does not translate');
  const pattern = given?.type === 'AssignmentPattern' ? given.left : given;
  const parameters: RunParameter[] = [];
  let rest: string | undefined;
  if (pattern?.type === 'Identifier') rest = pattern.name;
  else if (pattern?.type === 'ObjectPattern') {
    for (const property of pattern.properties) {
      if (property.type === 'RestElement') {
        if (property.argument.type === 'Identifier') rest = property.argument.name;
        continue;
      }
      const value = property.value;
      const target = value.type === 'AssignmentPattern' ? value.left : value;
      const key =
        property.key.type === 'Identifier' ? property.key.name : String((property.key as acorn.Literal).value);
      if (target.type !== 'Identifier' || property.computed) {
        reader.refuse(property, 'parameters', 'A parameter of run has to be one name');
        continue;
      }
      const fallback = value.type === 'AssignmentPattern' ? fallbackOf(value.right, reader) : missing;
      parameters.push({ key, name: target.name, fallback, shown: true });
    }
  } else if (given !== undefined) reader.refuse(given, 'parameters', 'Write run(context, { city })');
  const names = [...parameters.map(({ name }) => name), ...(rest === undefined ? [] : [rest])];
  const scope: Scope = { names: new Set(names), later: new Set() };
  const body: Stmt[] = reader.functionBody(
    { ...run, async: false, params: [] } as acorn.ArrowFunctionExpression,
    scope,
  ).body;
  return { parameters, rest, body };
}

function fallbackOf(node: acorn.Expression, reader: Reader): Expr {
  if (node.type === 'ArrayExpression' && node.elements.length === 0) return { kind: 'list', items: [] };
  if (node.type === 'ObjectExpression' && node.properties.length === 0) return { kind: 'dict', entries: [] };
  const value = evaluate(node);
  if (value === undefined || (typeof value === 'object' && value !== null)) {
    reader.refuse(node, 'default', 'A default has to be a text, a number, a boolean, null, [] or {}');
    return missing;
  }
  if (value === null) return { kind: 'null' };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { kind: 'int', value: BigInt(value) } : { kind: 'float', value };
  return typeof value === 'string' ? { kind: 'text', value } : { kind: 'bool', value: value as boolean };
}

/** The value of an expression that is written out; undefined where it is computed. */
function evaluate(node: acorn.Expression | acorn.SpreadElement | null): Json | undefined {
  switch (node?.type) {
    case 'Literal':
      return node.regex || typeof node.value === 'bigint' ? undefined : (node.value as Json);
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? '') : undefined;
    case 'UnaryExpression': {
      const value = evaluate(node.argument);
      return node.operator === '-' && typeof value === 'number' ? -value : undefined;
    }
    case 'BinaryExpression': {
      if (node.left.type === 'PrivateIdentifier') return undefined;
      const [left, right] = [evaluate(node.left), evaluate(node.right)];
      return node.operator === '+' && typeof left === 'string' && typeof right === 'string' ? left + right : undefined;
    }
    case 'ArrayExpression': {
      const items = node.elements.map(evaluate);
      return items.includes(undefined) ? undefined : (items as Json[]);
    }
    case 'ObjectExpression': {
      const entries = node.properties.map((property): [string, Json | undefined] => {
        if (property.type !== 'Property' || property.computed || property.kind !== 'init') return ['', undefined];
        return [
          property.key.type === 'Identifier' ? property.key.name : String((property.key as acorn.Literal).value),
          evaluate(property.value),
        ];
      });
      return entries.some(([key, value]) => value === undefined || key === '__proto__')
        ? undefined
        : (Object.fromEntries(entries) as Json);
    }
    default:
      return undefined;
  }
}

function isMainGuard(node: acorn.Expression): boolean {
  return node.type === 'MemberExpression' && node.object.type === 'MetaProperty';
}

function mentions(node: acorn.Node, name: string): boolean {
  return new RegExp(`"type":"Identifier",[^{}]*"name":${JSON.stringify(name)}`).test(
    JSON.stringify(node, (key, value: unknown) => (key === 'loc' || typeof value === 'bigint' ? undefined : value)),
  );
}
