// A template as data: text with expressions in it, each of which knows where it stands.
import type { Where } from '../guard-check.ts';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in';

/** An expression. Filters bind strongest, then `not`, comparisons, `and`, `or`. */
export type Expression = { readonly where: Where } & (
  | { readonly kind: 'literal'; readonly value: null | boolean | number | string }
  | { readonly kind: 'path'; readonly root: string; readonly steps: readonly (string | number)[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'filter';
      readonly name: string;
      readonly operand: Expression;
      readonly args: readonly Expression[];
    }
);

/** Texts and expressions in turn. One expression alone keeps the type of its value, everything else gives a text. */
export type Template = {
  readonly source: string;
  readonly where: Where;
  readonly parts: readonly (string | Expression)[];
};

/** The expression of a template that is nothing else. */
export function wholeOf({ parts }: Template): Expression | undefined {
  const [only] = parts;
  return parts.length === 1 && typeof only === 'object' ? only : undefined;
}

/** Whether there is nothing in it but text. */
export function isPlain({ parts }: Template): boolean {
  return parts.every((part) => typeof part === 'string');
}
