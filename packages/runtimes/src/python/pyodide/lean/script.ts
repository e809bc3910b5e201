// Pyodide's JavaScript without what Python in workerd never reaches (drawing, sound, the loader of native libraries'
// symbols, two thirds of it): V8 reads all that is there at every start.
import type * as acorn from 'acorn';

/** What may go on its own. `says` is the text whose names it needs; those of `isRoot` stay. */
type Piece = { readonly name: string; readonly text: string; readonly says: string; readonly isRoot?: boolean };
/** Some pieces that stand together. */
type Part = { readonly pieces: readonly Piece[]; print(kept: readonly string[]): string };

/** Functions whose statements each are about one export of the WebAssembly module. */
const ABOUT_EXPORTS = new Set(['assignWasmExports', 'applySignatureConversions']);
const EXPORT = /^(?:[\w$]+=Module\["([\w$]+)"\]=)?wasmExports\["([\w$]+)"\]=?/;
const ABOUT = /^([\w$]+)\.sig=|^Module\["[\w$]+"\]=([\w$]+);?$/;
/** Addresses of functions that draw, for a table that nobody here looks into. */
const DRAWING = /^emscripten_gl[A-Z]/;
const PURE = /Function|Class|Literal|ObjectExpression|ArrayExpression|Identifier|MemberExpression/;

/** All names in a text, those in its strings as well: too many keep too much, which is no harm. */
export function readNames(text: string): ReadonlySet<string> {
  return new Set(text.match(/[A-Za-z_$][\w$]*/g));
}

/**
 * The module's text, its one function compiled at once instead of looked through first and read again when called.
 *
 * @param imported what the WebAssembly module imports
 * @param others the texts of the modules around it
 * @throws Error where the script has another shape
 */
export async function leanScript(source: string, imported: readonly string[], others: readonly string[]) {
  const { parse } = await import('acorn');
  const [create] = parse(source, { ecmaVersion: 'latest', sourceType: 'module' }).body;
  if (create?.type !== 'FunctionDeclaration') throw new Error('Pyodide begins with something else than its function');
  const parts = create.body.body.map((statement) => toPart(source, statement));
  const kept = findKept(
    parts.flatMap(({ pieces }) => pieces),
    imported,
    others,
  );
  const lines = parts.map(({ pieces, print }) => print(pieces.filter((piece) => kept.has(piece)).map(toText)));
  return `export default (${source.slice(create.start, create.body.start)}{\n${lines.join('\n')}\n});\n`;
}

const toText = ({ text }: Piece) => text;

function toPart(source: string, node: acorn.Statement | acorn.ModuleDeclaration): Part {
  const text = (of: acorn.Node) => source.slice(of.start, of.end);
  if (node.type === 'FunctionDeclaration' && ABOUT_EXPORTS.has(node.id.name)) {
    const head = source.slice(node.start, node.body.start);
    const pieces = node.body.body.map((statement) => toExportPiece(text(statement)));
    return { pieces, print: (kept) => `${head}{${kept.join('\n')}}` };
  }
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration')
    return { pieces: [toPiece(node.id.name, text(node))], print: (kept) => kept.join('') };
  if (node.type === 'VariableDeclaration') {
    const imports = node.declarations.find(({ id }) => id.type === 'Identifier' && id.name === 'wasmImports')?.init;
    if (imports?.type === 'ObjectExpression') {
      const pieces = imports.properties.map((property) => toImportPiece(text(property)));
      return { pieces, print: (kept) => `var wasmImports={${kept.join(',')}};` };
    }
    const pieces = node.declarations.map((declarator) => toVariablePiece(declarator, text(declarator)));
    return { pieces, print: (kept) => (kept.length === 0 ? '' : `${node.kind} ${kept.join(',')};`) };
  }
  const about = ABOUT.exec(text(node));
  const name = about?.[1] ?? about?.[2] ?? '';
  const piece = name === '' ? { ...toPiece(name, text(node)), isRoot: true } : { name, text: text(node), says: '' };
  return { pieces: [piece], print: (kept) => kept.map((line) => `${line};`).join('') };
}

const toPiece = (name: string, text: string): Piece => ({ name, text, says: text });

function toExportPiece(text: string): Piece {
  const [, variable, name] = EXPORT.exec(text) ?? [];
  return name === undefined ? { ...toPiece('', text), isRoot: true } : toPiece(variable ?? `_${name}`, `${text};`);
}

function toImportPiece(text: string): Piece {
  const name = /^[\w$]+/.exec(text)?.[0] ?? '';
  return DRAWING.test(name) ? { name, text: `${name}:{value:0}`, says: '' } : toPiece(name, text);
}

function toVariablePiece({ id, init }: acorn.VariableDeclarator, text: string): Piece {
  const isRoot = id.type !== 'Identifier' || (init != null && !PURE.test(init.type));
  return { ...toPiece(id.type === 'Identifier' ? id.name : '', text), isRoot };
}

/** What can be reached by name from what has to stay. */
function findKept(pieces: readonly Piece[], imported: readonly string[], others: readonly string[]) {
  const byName = Map.groupBy(pieces, ({ name }) => name);
  const kept = new Set<Piece>(pieces.filter(({ isRoot }) => isRoot));
  const seen = new Set<string>();
  const reach = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const piece of byName.get(name) ?? []) kept.add(piece);
  };
  for (const name of imported) reach(name);
  for (const text of others) for (const name of readNames(text)) reach(name);
  // A set is gone through in the order of adding, what is added meanwhile included.
  for (const { says } of kept) {
    for (const name of readNames(says)) {
      reach(name);
      // What WebAssembly calls x, JavaScript calls _x.
      reach(`_${name}`);
    }
  }
  return kept;
}
