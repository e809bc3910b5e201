// Reads the value of an expression that is written out, without running anything.
import type { Json } from '@pypes/contract';
import type * as acorn from 'acorn';

type Constants = ReadonlyMap<string, acorn.Expression>;
type Node = acorn.Expression | acorn.SpreadElement | acorn.Super | acorn.PrivateIdentifier | null;

/** A value that only running the file can tell. */
export const NOT_LITERAL: unique symbol = Symbol('not literal');

/**
 * The value of a literal: objects, lists, texts, numbers, concatenations, spreads of literals, and names of top-level
 * constants that are such themselves.
 */
export function readLiteral(node: acorn.Expression, constants: Constants): Json | typeof NOT_LITERAL {
  try {
    return read(node, constants, new Set());
  } catch (error) {
    if (error === NOT_LITERAL) return NOT_LITERAL;
    throw error;
  }
}

function read(node: Node, constants: Constants, open: ReadonlySet<string>): Json {
  switch (node?.type) {
    case 'Literal':
      if (node.regex || typeof node.value === 'bigint') break;
      return node.value as Json;
    case 'TemplateLiteral':
      if (node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? '';
      return node.quasis.map(({ value }, index) => `${value.cooked}${text(node.expressions[index])}`).join('');
    case 'ArrayExpression':
      return node.elements.flatMap((item) =>
        item?.type === 'SpreadElement' ? list(item.argument) : [read(item, constants, open)],
      );
    case 'ObjectExpression':
      return readObject(node);
    case 'UnaryExpression':
      return readUnary(node);
    case 'BinaryExpression':
      if (node.operator === '+') return add(read(node.left, constants, open), read(node.right, constants, open));
      break;
    case 'Identifier':
      return readConstant(node.name);
    case 'ParenthesizedExpression':
      return read(node.expression, constants, open);
    case 'CallExpression':
      if (isFreeze(node.callee) && node.arguments.length === 1) return read(node.arguments[0] ?? null, constants, open);
      break;
  }
  throw NOT_LITERAL;

  function text(expression: acorn.Expression | undefined): string {
    if (expression === undefined) return '';
    const value = read(expression, constants, open);
    if (typeof value === 'object') throw NOT_LITERAL;
    return String(value);
  }

  function list(expression: acorn.Expression): Json[] {
    const value = read(expression, constants, open);
    if (!Array.isArray(value)) throw NOT_LITERAL;
    return value as Json[];
  }

  function readObject(object: acorn.ObjectExpression): Json {
    const entries: [string, Json][] = [];
    for (const property of object.properties) {
      if (property.type === 'SpreadElement') {
        const value = read(property.argument, constants, open);
        if (typeof value !== 'object' || value === null || Array.isArray(value)) throw NOT_LITERAL;
        entries.push(...Object.entries(value as { [key: string]: Json }));
      } else {
        const key = readKey(property);
        if (property.kind !== 'init' || property.method || key === '__proto__') throw NOT_LITERAL;
        entries.push([key, read(property.value, constants, open)]);
      }
    }
    return Object.fromEntries(entries);
  }

  function readKey({ key, computed }: acorn.Property): string {
    if (!computed && key.type === 'Identifier') return key.name;
    const value = read(key, constants, open);
    if (typeof value !== 'string' && typeof value !== 'number') throw NOT_LITERAL;
    return String(value);
  }

  function readUnary({ operator, argument }: acorn.UnaryExpression): Json {
    const value = read(argument, constants, open);
    if (operator === '!') return !value;
    if (typeof value !== 'number' || (operator !== '-' && operator !== '+')) throw NOT_LITERAL;
    return operator === '-' ? -value : value;
  }

  function readConstant(name: string): Json {
    const constant = constants.get(name);
    if (constant === undefined || open.has(name)) throw NOT_LITERAL;
    return read(constant, constants, new Set([...open, name]));
  }
}

function add(left: Json, right: Json): Json {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (typeof left === 'object' || typeof right === 'object') throw NOT_LITERAL;
  if (typeof left !== 'string' && typeof right !== 'string') throw NOT_LITERAL;
  return `${left}${right}`;
}

function isFreeze(callee: acorn.Expression | acorn.Super): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Object' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'freeze'
  );
}
