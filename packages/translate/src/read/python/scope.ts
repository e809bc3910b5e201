// Names of a Python function: which are its own, and which certainly have a value where they are read.
import type { PyNode, PyValue } from './ast.ts';

/** A function's parameters as a caller of it in the same file sees them. */
export type Signature = { readonly params: readonly string[]; readonly defaults: readonly (PyNode | undefined)[] };

export type Scope = {
  /** Every name of the function, its own and those around it. */
  readonly locals: ReadonlySet<string>;
  /** The names that have a value here; grows as statements are read. */
  readonly bound: Set<string>;
};

export const isNode = (value: PyValue | undefined): value is PyNode =>
  typeof value === 'object' && value !== null && 'type' in value;
export const nodes = (value: PyValue | undefined): readonly PyNode[] =>
  Array.isArray(value) ? (value as readonly PyNode[]) : [];

/** Calls `see` with every node, those inside functions and lambdas only where `deep`. */
export function walk(value: PyValue | undefined, see: (node: PyNode) => void, deep = true): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly PyValue[]) walk(item, see, deep);
    return;
  }
  if (!isNode(value)) return;
  see(value);
  if (!deep && INNER.has(value.type)) return;
  for (const [field, part] of Object.entries(value))
    if (field !== 'type' && typeof part === 'object') walk(part, see, deep);
}

const INNER = new Set([
  'FunctionDef',
  'Lambda',
  'ListComp',
  'DictComp',
  'SetComp',
  'GeneratorExp',
  'ClassDef',
  'AsyncFunctionDef',
]);

/** Every name that a body assigns, loops over or defines. */
export function assignedNames(body: readonly PyNode[]): Set<string> {
  const names = new Set<string>();
  for (const stmt of body) {
    walk(
      stmt,
      (node) => {
        if (node.type === 'Name' && isNode(node.ctx) && node.ctx.type !== 'Load') names.add(String(node.id));
        if (node.type === 'FunctionDef') names.add(String(node.name));
      },
      false,
    );
    // A walrus in a comprehension binds in the function around it.
    walk(stmt, (node) => {
      if (node.type === 'NamedExpr' && isNode(node.target)) names.add(String(node.target.id));
    });
  }
  return names;
}
