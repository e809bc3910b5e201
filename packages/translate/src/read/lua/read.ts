// A Lua agent as the intermediate form.
import { isJsonObject, type Json, PypesError } from '@pypes/contract';
import luaparse from 'luaparse';
import { call } from '../../ir/build.ts';
import type { Func, Program, RunParameter, Stmt } from '../../ir/types.ts';
import type { Refusals } from '../../verdict.ts';
import { createNames } from '../code.ts';
import { createCompiler, type Scope } from './compile.ts';
import { placeOf, textOf } from './nodes.ts';

/** @throws PypesError `agent_broken` */
export function readLua(source: string, filename: string, refusals: Refusals): Program {
  const { body } = parse(source, filename);
  const functions = new Map<string, luaparse.FunctionDeclaration>();
  const globals = new Map<string, luaparse.Expression>();
  let metadata: Json | undefined;
  for (const node of body) {
    if (node.type === 'FunctionDeclaration' && node.identifier?.type === 'Identifier') {
      if (functions.has(node.identifier.name)) refusals.add(placeOf(node), node.identifier.name, 'It is defined twice');
      functions.set(node.identifier.name, node);
    } else if (
      (node.type === 'AssignmentStatement' || node.type === 'LocalStatement') &&
      node.variables.length === 1 &&
      node.init.length === 1 &&
      node.variables[0]?.type === 'Identifier'
    ) {
      const [target, value] = [node.variables[0].name, node.init[0] as luaparse.Expression];
      if (target === 'AGENT') metadata = literal(value);
      else if (globals.has(target)) refusals.add(placeOf(node), target, 'A variable of the file outlives the call');
      else globals.set(target, value);
    } else refusals.add(placeOf(node), node.type, 'At the top of a file only constants and functions translate');
  }
  const entry = functions.get('run');
  if (entry === undefined || !isJsonObject(metadata)) {
    if (entry !== undefined)
      refusals.add({ line: 1, column: 1 }, 'AGENT', 'The metadata is missing or computed; write it out');
    else throw new PypesError('agent_broken', `"${filename}" defines no function run`, { details: { file: filename } });
  }
  functions.delete('run');
  const fresh = createNames();
  const compiler = createCompiler(functions, new Set(globals.keys()), refusals, fresh);
  const none: Scope = { names: new Set(), args: undefined };
  const compiled = [...functions].map(([name, node]): Func => ({ name, ...compiler.functionBody(node, none) }));
  const made = [...globals].map(([name, value]) => {
    const code = compiler.expression(value, none);
    if (code.pre.length > 0)
      refusals.add(placeOf(value), name, 'A constant of the file has to be one simple expression');
    return { name, value: code.value };
  });
  return {
    metadata: isJsonObject(metadata) ? metadata : {},
    prefix: 'lua',
    strict: false,
    globals: made,
    functions: compiled,
    heading: '',
    ...readEntry(entry, compiler),
  };
}

/** Where `args` is only asked for its members by name, each of them is a parameter. */
function readEntry(
  entry: luaparse.FunctionDeclaration,
  compiler: ReturnType<typeof createCompiler>,
): { parameters: RunParameter[]; rest: string | undefined; body: Stmt[] } {
  const [context, given] = entry.parameters.map((parameter) =>
    parameter.type === 'Identifier' ? parameter.name : undefined,
  );
  if (entry.parameters.some(({ type }) => type !== 'Identifier'))
    compiler.refuse(entry, '...', 'Variable arguments do not translate');
  if (context !== undefined && new RegExp(`"name":${JSON.stringify(context)}`).test(JSON.stringify(entry.body)))
    compiler.refuse(entry, context, 'What needs the host does not translate');
  const members = given === undefined ? [] : membersOf(entry.body, given);
  if (members === undefined) {
    const { body } = compiler.functionBody(
      { ...entry, parameters: [] },
      { names: new Set([given ?? 'args']), args: undefined },
    );
    return { parameters: [], rest: given, body };
  }
  const parameters = members.map(
    (key): RunParameter => ({ key, name: `args ${key}`, fallback: call('lua_nil'), shown: true }),
  );
  const { body } = compiler.functionBody({ ...entry, parameters: [] }, { names: new Set(), args: given });
  return { parameters, rest: undefined, body };
}

/** The names that a body asks `args` for; undefined where it does more with it. */
function membersOf(body: readonly luaparse.Statement[], args: string): string[] | undefined {
  const members = new Set<string>();
  let isWhole = false;
  const look = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) look(item);
    else if (typeof node === 'object' && node !== null && 'type' in node) {
      const typed = node as luaparse.Node & { name?: string };
      if (
        typed.type === 'MemberExpression' &&
        typed.indexer === '.' &&
        typed.base.type === 'Identifier' &&
        typed.base.name === args
      ) {
        members.add(typed.identifier.name);
        return;
      }
      if (
        typed.type === 'AssignmentStatement' &&
        JSON.stringify(typed.variables).includes(`"name":${JSON.stringify(args)}`)
      )
        isWhole = true;
      if (typed.type === 'Identifier' && typed.name === args) isWhole = true;
      for (const [key, part] of Object.entries(typed)) if (typeof part === 'object' && key !== 'loc') look(part);
    }
  };
  look(body);
  return isWhole ? undefined : [...members];
}

/** A table that is written out, as JSON. */
function literal(node: luaparse.Expression, key = ''): Json | undefined {
  switch (node.type) {
    case 'StringLiteral':
      return textOf(node);
    case 'CallExpression': {
      const isArray =
        node.base.type === 'MemberExpression' &&
        node.base.base.type === 'Identifier' &&
        node.base.base.name === 'json' &&
        node.base.identifier.name === 'array';
      const inner = isArray && node.arguments[0] !== undefined ? literal(node.arguments[0], 'items') : undefined;
      return isArray && node.arguments.length === 0 ? [] : inner;
    }
    case 'NumericLiteral':
      return node.value;
    case 'BooleanLiteral':
      return node.value;
    case 'UnaryExpression': {
      const inner = literal(node.argument);
      return node.operator === '-' && typeof inner === 'number' ? -inner : undefined;
    }
    case 'BinaryExpression': {
      const [left, right] = [literal(node.left), literal(node.right)];
      return node.operator === '..' && typeof left === 'string' && typeof right === 'string' ? left + right : undefined;
    }
    case 'TableConstructorExpression': {
      if (node.fields.length === 0) return ['required', 'enum', 'examples', 'items'].includes(key) ? [] : {};
      if (node.fields.every(({ type }) => type === 'TableValue')) {
        const items = node.fields.map((field) => literal(field.value));
        return items.includes(undefined) ? undefined : (items as Json[]);
      }
      const entries = node.fields.map((field): [string | undefined, Json | undefined] => {
        const name =
          field.type === 'TableKeyString'
            ? field.key.name
            : field.type === 'TableKey' && field.key.type === 'StringLiteral'
              ? textOf(field.key)
              : undefined;
        return [name, literal(field.value, name)];
      });
      return entries.some(([name, value]) => name === undefined || value === undefined)
        ? undefined
        : (Object.fromEntries(entries) as Json);
    }
    default:
      return undefined;
  }
}

function parse(source: string, filename: string): luaparse.Chunk {
  try {
    // The parser takes texts as bytes.
    return luaparse.parse(Buffer.from(source, 'utf8').toString('latin1'), {
      luaVersion: '5.3',
      locations: true,
      comments: false,
      encodingMode: 'pseudo-latin1',
    });
  } catch (error) {
    const { line, column, message } = error as SyntaxError & { readonly line?: number; readonly column?: number };
    if (line === undefined) throw error;
    throw new PypesError('agent_broken', `SyntaxError: ${message} (${filename})`, {
      cause: error,
      details: { file: filename, line, column: (column ?? 0) + 1 },
    });
  }
}
