// A Python expression that is written out, as JSON.
import type { Json } from '@pypes/contract';
import type { PyNode } from './ast.ts';
import { nodes } from './scope.ts';

export const NOT_LITERAL: unique symbol = Symbol('not literal');

/** `name` stands for `self.name`. */
export function readPythonLiteral(node: PyNode, name?: Json): Json | typeof NOT_LITERAL {
  switch (node.type) {
    case 'Constant':
      if (node.kind === 'int') return Number.isSafeInteger(Number(node.value)) ? Number(node.value) : NOT_LITERAL;
      if (node.kind === 'float') return Number.isFinite(Number(node.value)) ? Number(node.value) : NOT_LITERAL;
      return node.kind === 'str' || node.kind === 'bool' || node.kind === 'NoneType'
        ? (node.value as Json)
        : NOT_LITERAL;
    case 'UnaryOp': {
      const inner = readPythonLiteral(node.operand as PyNode, name);
      return (node.op as PyNode).type === 'USub' && typeof inner === 'number' ? -inner : NOT_LITERAL;
    }
    case 'BinOp': {
      const [left, right] = [
        readPythonLiteral(node.left as PyNode, name),
        readPythonLiteral(node.right as PyNode, name),
      ];
      return (node.op as PyNode).type === 'Add' && typeof left === 'string' && typeof right === 'string'
        ? left + right
        : NOT_LITERAL;
    }
    case 'List':
    case 'Tuple': {
      const items = nodes(node.elts).map((item) => readPythonLiteral(item, name));
      return items.includes(NOT_LITERAL) ? NOT_LITERAL : (items as Json[]);
    }
    case 'Dict': {
      const keys = (node.keys as readonly (PyNode | null)[]).map((key) =>
        key === null ? NOT_LITERAL : readPythonLiteral(key, name),
      );
      const values = nodes(node.values).map((value) => readPythonLiteral(value, name));
      if (keys.some((key) => typeof key !== 'string') || values.includes(NOT_LITERAL)) return NOT_LITERAL;
      return Object.fromEntries(keys.map((key, index) => [key as string, values[index] as Json]));
    }
    case 'Attribute':
      return node.attr === 'name' && (node.value as PyNode).id === 'self' && name !== undefined ? name : NOT_LITERAL;
    default:
      return NOT_LITERAL;
  }
}
