// Where a module reads names that it imports, and not variables of its own that hide them.
import type * as acorn from 'acorn';
import { patternNames } from '../../read/javascript/statements.ts';

export type Reference = { readonly node: acorn.Identifier; readonly shorthand: boolean };

type Node = acorn.AnyNode;

/** Every reference to one of `names` that no declaration between it and the module's top hides. */
export function freeReferences(tree: acorn.Program, names: ReadonlySet<string>): readonly Reference[] {
  const found: Reference[] = [];
  const look = (value: unknown, hidden: ReadonlySet<string>, key: string, parent: Node | undefined): void => {
    if (Array.isArray(value)) {
      for (const item of value) look(item, hidden, key, parent);
      return;
    }
    if (typeof value !== 'object' || value === null || !('type' in value)) return;
    const node = value as Node;
    if (node.type === 'ImportDeclaration') return;
    if (node.type === 'ExportNamedDeclaration' && !node.declaration) return;
    if (node.type === 'Identifier') {
      if (names.has(node.name) && !hidden.has(node.name) && !isLabel(key, parent))
        found.push({ node, shorthand: isShorthand(parent, key) });
      return;
    }
    const inner = new Set([...hidden, ...declaredBy(node)]);
    for (const [field, part] of Object.entries(node)) {
      if (field === 'loc' || typeof part !== 'object') continue;
      // Of a shorthand `{ a }` key and value are one node.
      if (node.type === 'Property' && node.shorthand && field === 'key') continue;
      look(part, inner, field, node);
    }
  };
  look(tree.body, new Set(), '', undefined);
  return found;
}

/** Whether an identifier is the name of a property or a label, not a variable. */
function isLabel(key: string, parent: Node | undefined): boolean {
  if (parent?.type === 'MemberExpression') return key === 'property' && !parent.computed;
  if (parent?.type === 'Property' || parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition')
    return key === 'key' && !parent.computed;
  return key === 'label';
}

function isShorthand(parent: Node | undefined, key: string): boolean {
  return parent?.type === 'Property' && parent.shorthand && key === 'value';
}

/** The names that a node declares for what is inside it. */
function declaredBy(node: Node): readonly string[] {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return [
        ...node.params.flatMap(patternNames),
        ...(node.type === 'FunctionExpression' && node.id ? [node.id.name] : []),
      ];
    case 'BlockStatement':
    case 'StaticBlock':
      return node.body.flatMap(declaredHere);
    case 'SwitchStatement':
      return node.cases.flatMap(({ consequent }) => consequent.flatMap(declaredHere));
    case 'ForStatement':
      return node.init?.type === 'VariableDeclaration' ? declaredHere(node.init) : [];
    case 'ForOfStatement':
    case 'ForInStatement':
      return node.left.type === 'VariableDeclaration' ? declaredHere(node.left) : [];
    case 'CatchClause':
      return node.param ? patternNames(node.param) : [];
    case 'ClassExpression':
      return node.id ? [node.id.name] : [];
    default:
      return [];
  }
}

function declaredHere(node: Node): readonly string[] {
  if (node.type === 'VariableDeclaration') return node.declarations.flatMap(({ id }) => patternNames(id));
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') return node.id ? [node.id.name] : [];
  return [];
}
