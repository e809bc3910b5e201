// Prints named types as WIT text, so that a derived type can be read, kept and parsed again.
import type { Docs, ResolvedWit, Type, TypeDefinition } from '../resolved.ts';
import { WitUnsupportedError } from './errors.ts';
import { escapeName } from './wit-names.ts';

/** The text of every named type of an arena, in its order. */
export function printTypes(resolved: ResolvedWit): string {
  return resolved.types
    .filter(({ name }) => name !== null)
    .map((definition) => `${printDocs(definition.docs, '')}${printDefinition(resolved, definition)}\n`)
    .join('\n');
}

function printDefinition(resolved: ResolvedWit, { name, kind }: TypeDefinition): string {
  const own = escapeName(name ?? '');
  if (kind === 'resource') return `resource ${own};`;
  if ('record' in kind) {
    return block(
      `record ${own}`,
      kind.record.fields.map((field) => ({ ...field, text: `: ${printType(resolved, field.type)}` })),
    );
  }
  if ('variant' in kind) {
    return block(
      `variant ${own}`,
      kind.variant.cases.map(({ type, ...rest }) => ({
        ...rest,
        text: type === null ? '' : `(${printType(resolved, type)})`,
      })),
    );
  }
  if ('enum' in kind)
    return block(
      `enum ${own}`,
      kind.enum.cases.map((item) => ({ ...item, text: '' })),
    );
  if ('flags' in kind)
    return block(
      `flags ${own}`,
      kind.flags.flags.map((item) => ({ ...item, text: '' })),
    );
  return `type ${own} = ${printKind(resolved, kind)};`;
}

type Line = { readonly name: string; readonly text: string; readonly docs?: Docs };

function block(head: string, lines: readonly Line[]): string {
  const body = lines.map(({ name, text, docs }) => `${printDocs(docs, '  ')}  ${escapeName(name)}${text},\n`);
  return `${head} {\n${body.join('')}}`;
}

function printDocs(docs: Docs | undefined, indent: string): string {
  if (!docs?.contents) return '';
  return docs.contents
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `${indent}/// ${line}`.trimEnd())
    .concat('')
    .join('\n');
}

function printType(resolved: ResolvedWit, type: Type): string {
  if (typeof type === 'string') return type;
  const definition = resolved.types[type];
  if (definition === undefined) throw new WitUnsupportedError('index', '', `The type ${type} is not defined`);
  return definition.name === null ? printKind(resolved, definition.kind) : escapeName(definition.name);
}

function printKind(resolved: ResolvedWit, kind: TypeDefinition['kind']): string {
  const print = (type: Type): string => printType(resolved, type);
  if (typeof kind === 'object') {
    if ('type' in kind) return print(kind.type);
    if ('option' in kind) return `option<${print(kind.option)}>`;
    if ('list' in kind) return `list<${print(kind.list)}>`;
    if ('tuple' in kind) return `tuple<${kind.tuple.types.map(print).join(', ')}>`;
    if ('map' in kind) return `map<${kind.map.map(print).join(', ')}>`;
    if ('fixed-length-list' in kind)
      return `list<${print(kind['fixed-length-list'][0])}, ${kind['fixed-length-list'][1]}>`;
    if ('result' in kind) {
      const { ok, err } = kind.result;
      if (ok === null && err === null) return 'result';
      return err === null ? `result<${print(ok as Type)}>` : `result<${ok === null ? '_' : print(ok)}, ${print(err)}>`;
    }
  }
  throw new WitUnsupportedError('name', '', 'A record, variant, enum, flags or resource needs a name');
}
