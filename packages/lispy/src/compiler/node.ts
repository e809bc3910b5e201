/** The analysed program: what is left of the forms once names, macros and special forms are resolved. */
import type { Value } from '../values/value.ts';
import type { Code } from './code.ts';
import type { LambdaScope, LoopLabel, Variable } from './scope.ts';
import type { Spot } from './spot.ts';

/** One expression. `lambda` is the procedure whose frame a local name is read from. */
export type Node =
  | { readonly kind: 'const'; readonly value: Value }
  | { readonly kind: 'literal'; readonly index: number; readonly value: Value }
  | {
      readonly kind: 'local';
      readonly variable: Variable;
      readonly lambda: LambdaScope;
      readonly spot: Spot;
      readonly checked: boolean;
    }
  | {
      readonly kind: 'global';
      readonly index: number;
      readonly name: string;
      readonly known: Value | undefined;
      readonly spot: Spot;
    }
  | {
      readonly kind: 'set';
      readonly variable: Variable;
      readonly lambda: LambdaScope;
      readonly value: Node;
      readonly spot: Spot;
    }
  | {
      readonly kind: 'setGlobal';
      readonly index: number;
      readonly name: string;
      readonly value: Node;
      readonly define: boolean;
      readonly spot: Spot;
    }
  | { readonly kind: 'declare'; readonly variable: Variable }
  | { readonly kind: 'bind'; readonly variable: Variable; readonly value: Node; readonly fresh: boolean }
  | { readonly kind: 'if'; readonly test: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: 'and' | 'or' | 'seq'; readonly nodes: readonly Node[] }
  | { readonly kind: 'lambda'; readonly code: Code; readonly lambda: LambdaScope }
  | { readonly kind: 'call'; readonly fn: Node; readonly args: readonly Node[]; readonly spot: Spot }
  | {
      readonly kind: 'loop';
      readonly label: LoopLabel;
      readonly inits: readonly Node[];
      readonly body: Node;
      readonly spot: Spot;
    }
  | { readonly kind: 'continue'; readonly label: LoopLabel; readonly args: readonly Node[]; readonly spot: Spot }
  | { readonly kind: 'while'; readonly test: Node; readonly body: Node; readonly spot: Spot }
  | {
      readonly kind: 'try';
      readonly body: Node;
      readonly variable: Variable;
      readonly handler: Node;
      readonly spot: Spot;
    };

export const constant = (value: Value): Node => ({ kind: 'const', value });

/** Several expressions in order; the value is the last one's, nil where there is none. */
export const sequence = (nodes: readonly Node[]): Node =>
  nodes.length === 1 ? nodes[0]! : nodes.length === 0 ? constant(null) : { kind: 'seq', nodes };
