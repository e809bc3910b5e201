// Puts a program and the semantics that it needs together, under names that the target can spell.
import { neededFunctions } from '../core/library.ts';
import type { Expr, Func, Program, Stmt } from '../ir/types.ts';
import { uniqueNames } from '../ir/unique.ts';
import { eachExpr, mapParts, visit } from '../ir/walk.ts';

/** A program whose functions and globals have their final names. */
export type Linked = {
  readonly program: Program;
  /** The semantics first, the program's own functions after them. */
  readonly functions: readonly Func[];
  readonly globals: readonly { readonly name: string; readonly value: Expr }[];
  /** What the semantics look up: case mappings, classes of characters. */
  readonly data: readonly string[];
  /** The body of `run`; its parameters are the program's, in their order, and the one for the rest. */
  readonly main: Func;
  /** The functions between JSON and the source's values, where there are any. */
  readonly toSource: string | undefined;
  readonly fromSource: string | undefined;
};

export function link(program: Program, spell: (name: string) => string): Linked {
  const [toSource, fromSource] = [`${program.prefix}_in`, `${program.prefix}_out`];
  const fallbacks = program.parameters.flatMap(({ fallback }) =>
    fallback === undefined ? [] : valueBody({ value: fallback }),
  );
  const bodies = [
    program.body,
    fallbacks,
    ...program.functions.map((func) => func.body),
    ...program.globals.map(valueBody),
  ];
  const core = neededFunctions(bodies, [toSource, fromSource]);
  const names = new Map(core.map((func): [string, string] => [func.name, `_${func.name}`]));
  const taken = new Set<string>(names.values());
  const own = (name: string): string => {
    const base = spell(name);
    let spelled = base;
    for (let count = 2; taken.has(spelled); count++) spelled = `${base}_${count}`;
    taken.add(spelled);
    return spelled;
  };
  const functionNames = new Map(program.functions.map((func): [string, string] => [func.name, own(func.name)]));
  const globalNames = new Map(program.globals.map(({ name }): [string, string] => [name, own(name)]));
  const rename = (func: Func): Func => {
    const unique = uniqueNames(func, taken, spell, (name) => globalNames.get(name));
    return { ...unique, body: renameCalls(unique.body, (name) => functionNames.get(name) ?? names.get(name) ?? name) };
  };
  const functions = [
    ...core.map((func) => ({ ...rename(func), name: names.get(func.name) ?? func.name })),
    ...program.functions.map((func) => ({ ...rename(func), name: functionNames.get(func.name) ?? func.name })),
  ];
  const globals = program.globals.map((global) => {
    const [stmt] = rename({ name: '', params: [], body: valueBody(global) }).body;
    return { name: globalNames.get(global.name) ?? global.name, value: (stmt as { value: Expr }).value };
  });
  const params = [...program.parameters.map(({ name }) => name), ...(program.rest === undefined ? [] : [program.rest])];
  const main = rename({ name: '_run', params, body: program.body });
  const data = new Set<string>();
  const see = (expr: Expr): void => {
    if (expr.kind === 'prim' && expr.name.startsWith('data_')) data.add(expr.name);
  };
  for (const func of [...functions, main]) eachExpr(func.body, see);
  for (const { value } of globals) visit(value, see);
  const known = new Set(core.map((func) => func.name));
  const parameters = program.parameters.map((parameter) => {
    if (parameter.fallback === undefined) return parameter;
    const [stmt] = rename({ name: '', params: [], body: valueBody({ value: parameter.fallback }) }).body;
    return { ...parameter, fallback: (stmt as { value: Expr }).value };
  });
  return {
    program: { ...program, parameters },
    functions,
    globals,
    data: [...data],
    main,
    toSource: known.has(toSource) ? `_${toSource}` : undefined,
    fromSource: known.has(fromSource) ? `_${fromSource}` : undefined,
  };
}

const valueBody = ({ value }: { readonly value: Expr }): Stmt[] => [{ kind: 'return', value }];

function renameCalls(body: readonly Stmt[], to: (name: string) => string): Stmt[] {
  const expr = (value: Expr): Expr => {
    const renamed = value.kind === 'call' || value.kind === 'function' ? { ...value, name: to(value.name) } : value;
    return mapParts(renamed, expr, (params, stmts) => ({ kind: 'lambda', params, body: renameCalls(stmts, to) }));
  };
  return body.map((stmt): Stmt => {
    switch (stmt.kind) {
      case 'if':
        return { ...stmt, test: expr(stmt.test), yes: renameCalls(stmt.yes, to), no: renameCalls(stmt.no, to) };
      case 'while':
        return { ...stmt, test: expr(stmt.test), body: renameCalls(stmt.body, to), step: renameCalls(stmt.step, to) };
      case 'break':
      case 'continue':
        return stmt;
      default:
        return { ...stmt, value: expr(stmt.value) };
    }
  });
}
