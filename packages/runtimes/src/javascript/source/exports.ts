// Finds what a module exports, and the expressions that its top-level constants stand for.
import type * as acorn from 'acorn';

export type ModuleExports = {
  /** Exported name → name inside the module; undefined where it comes from elsewhere. */
  readonly names: ReadonlyMap<string, string | undefined>;
  /** There is an `export * from …` or a default export, which may bring more. */
  readonly open: boolean;
  /** Top-level `const name = expression`. */
  readonly constants: ReadonlyMap<string, acorn.Expression>;
};

export function findExports({ body }: acorn.Program): ModuleExports {
  const names = new Map<string, string | undefined>();
  const constants = new Map<string, acorn.Expression>();
  let open = false;
  for (const statement of body) {
    if (statement.type === 'VariableDeclaration') addConstants(statement, constants);
    else if (statement.type === 'ExportAllDeclaration' || statement.type === 'ExportDefaultDeclaration') open = true;
    else if (statement.type === 'ExportNamedDeclaration') {
      const { declaration, source, specifiers } = statement;
      for (const { exported, local } of specifiers) names.set(toName(exported), source ? undefined : toName(local));
      for (const name of declaredNames(declaration)) names.set(name, name);
      if (declaration?.type === 'VariableDeclaration') addConstants(declaration, constants);
    }
  }
  return { names, open, constants };
}

function addConstants(declaration: acorn.VariableDeclaration, constants: Map<string, acorn.Expression>): void {
  if (declaration.kind !== 'const') return;
  for (const { id, init } of declaration.declarations) {
    if (id.type === 'Identifier' && init) constants.set(id.name, init);
  }
}

function declaredNames(declaration: acorn.Declaration | null | undefined): string[] {
  if (!declaration) return [];
  if (declaration.type !== 'VariableDeclaration') return [declaration.id.name];
  return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
}

function toName(name: acorn.Identifier | acorn.Literal): string {
  return name.type === 'Identifier' ? name.name : String(name.value);
}
