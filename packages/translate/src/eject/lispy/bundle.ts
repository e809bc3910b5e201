// Puts modules into one text, each in a scope of its own: what they import is read through an object for each module.
import { readFileSync } from 'node:fs';
import type * as acorn from 'acorn';
import { parseModule, stripTypes } from '../../read/javascript/parse.ts';
import { freeReferences } from './references.ts';

type Module = {
  readonly id: string;
  readonly url: string;
  readonly code: string;
  readonly tree: acorn.Program;
  readonly comments: readonly (readonly [number, number])[];
};

/**
 * The modules at `entries` and all that they import by relative paths, as statements that define one object for each:
 * the names of the entries' objects come back in their order. Modules may import each other in circles, as long as
 * they use what they import inside functions.
 */
export function bundle(entries: readonly URL[]): { readonly text: string; readonly names: readonly string[] } {
  const modules = new Map<string, Module>();
  const order: Module[] = [];
  const visit = (url: string): Module => {
    const known = modules.get(url);
    if (known !== undefined) return known;
    const code = stripTypes(readFileSync(new URL(url), 'utf8'), url);
    const comments: (readonly [number, number])[] = [];
    const made: Module = {
      id: `$${modules.size + 1}`,
      url,
      code,
      tree: parseModule(code, url, (start, end) => comments.push([start, end])),
      comments,
    };
    modules.set(url, made);
    for (const source of sourcesOf(made.tree)) visit(new URL(source, url).href);
    order.push(made);
    return made;
  };
  const names = entries.map((entry) => visit(entry.href).id);
  const head = order.map(({ id }) => `const ${id} = {};`).join('\n');
  const parts = order.map((module) => writeModule(module, (source) => visit(new URL(source, module.url).href).id));
  // Once all is there, what is exported never changes: plain properties are faster than getters.
  const settle = `for (const module of [${order.map(({ id }) => id).join(', ')}])\n  for (const name of Object.keys(module)) Object.defineProperty(module, name, { value: module[name] });`;
  return { text: [head, ...parts, settle].join('\n'), names };
}

function sourcesOf({ body }: acorn.Program): string[] {
  return body.flatMap((node) => ('source' in node && node.source ? [String(node.source.value)] : []));
}

type Edit = { readonly start: number; readonly end: number; readonly text: string };

function writeModule(module: Module, idOf: (source: string) => string): string {
  const { tree, code, id } = module;
  const imported = new Map<string, string>();
  const exported: [string, string][] = [];
  const edits: Edit[] = module.comments.map(([start, end]) => ({ start, end, text: '' }));
  for (const node of tree.body) {
    if (node.type === 'ImportDeclaration') {
      edits.push({ start: node.start, end: node.end, text: '' });
      for (const specifier of node.specifiers) {
        if (specifier.type !== 'ImportSpecifier') throw new Error(`This import cannot be bundled: ${module.url}`);
        imported.set(specifier.local.name, `${idOf(String(node.source.value))}.${nameOf(specifier.imported)}`);
      }
    } else if (node.type === 'ExportNamedDeclaration') {
      const { declaration, source } = node;
      edits.push({ start: node.start, end: declaration?.start ?? node.end, text: '' });
      if (declaration) exported.push(...declaredNames(declaration).map((name): [string, string] => [name, name]));
      for (const { local, exported: as } of node.specifiers)
        exported.push([nameOf(as), source ? `${idOf(String(source.value))}.${nameOf(local)}` : nameOf(local)]);
    } else if (node.type === 'ExportAllDeclaration' || node.type === 'ExportDefaultDeclaration')
      throw new Error(`This export cannot be bundled: ${module.url}`);
  }
  for (const { node, shorthand } of freeReferences(tree, new Set(imported.keys()))) {
    const target = imported.get(node.name) ?? node.name;
    edits.push({ start: node.start, end: node.end, text: shorthand ? `${node.name}: ${target}` : target });
  }
  const getters = exported
    .map(([name, target]) => `${name}: { enumerable: true, configurable: true, get: () => ${target} }`)
    .join(', ');
  const body = applyEdits(code, edits)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
  return `(() => {\nObject.defineProperties(${id}, { ${getters} });\n${body}\n})();`;
}

const nameOf = (name: acorn.Identifier | acorn.Literal): string =>
  name.type === 'Identifier' ? name.name : String(name.value);

function declaredNames(declaration: acorn.Declaration): string[] {
  if (declaration.type !== 'VariableDeclaration') return [declaration.id.name];
  return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
}

function applyEdits(code: string, edits: readonly Edit[]): string {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let [text, at] = ['', 0];
  for (const edit of sorted) {
    if (edit.start < at) continue;
    text += code.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + code.slice(at);
}
