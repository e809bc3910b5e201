// The values that a template names.
import type { Where } from '../guard-check.ts';
import type { Expression, Template } from './ast.ts';

/** One path of a template. */
export type Root = { readonly root: string; readonly steps: readonly (string | number)[]; readonly where: Where };

/** Every path in a template. */
export function rootsOf({ parts }: Template): readonly Root[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : pathsOf(part)));
}

function pathsOf(expression: Expression): readonly Root[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'path':
      return [expression];
    case 'not':
      return pathsOf(expression.operand);
    case 'filter':
      return [expression.operand, ...expression.args].flatMap(pathsOf);
    default:
      return [expression.left, expression.right].flatMap(pathsOf);
  }
}
