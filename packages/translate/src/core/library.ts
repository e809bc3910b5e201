// The semantics of the source languages: the functions of semantics/*.core, and which of them a program needs.
import { readFileSync } from 'node:fs';
import type { Func, Stmt } from '../ir/types.ts';
import { eachExpr } from '../ir/walk.ts';
import { parseCore } from './parse.ts';

const FILES = [
  'shared',
  'numbers',
  'python',
  'python-collections',
  'python-text',
  'javascript',
  'javascript-text',
  'lispy',
  'lispy-text',
  'lispy-lists',
  'lua',
];

let library: ReadonlyMap<string, Func> | undefined;

/** Every function of the semantics, by name. */
export function coreLibrary(): ReadonlyMap<string, Func> {
  if (library !== undefined) return library;
  const sources = FILES.map((file) => ({
    file: `${file}.core`,
    text: readFileSync(new URL(`../semantics/${file}.core`, import.meta.url), 'utf8'),
  }));
  const heads = sources.flatMap(({ text }) => [...text.matchAll(/^function (\w+)\(([^)]*)\)/gm)]);
  const arities = new Map(
    heads.map(([, name = '', params = '']): [string, number] => [name, params === '' ? 0 : params.split(',').length]),
  );
  library = new Map(
    sources
      .flatMap(({ file, text }) => parseCore(text, file, arities))
      .map((func): [string, Func] => [func.name, func]),
  );
  return library;
}

/** The functions that these bodies need, with those they need in turn, in the library's order. */
export function neededFunctions(bodies: readonly (readonly Stmt[])[], names: readonly string[]): readonly Func[] {
  const known = coreLibrary();
  const needed = new Set<string>();
  const open: string[] = [...names];
  const see = (body: readonly Stmt[]): void =>
    eachExpr(body, (expr) => {
      if (expr.kind === 'call' || expr.kind === 'function') open.push(expr.name);
    });
  bodies.forEach(see);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const func = known.get(name);
    if (func === undefined || needed.has(name)) continue;
    needed.add(name);
    see(func.body);
  }
  return [...known.values()].filter((func) => needed.has(func.name));
}
