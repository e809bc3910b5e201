/** Which nodes can be fused, and how much work they stand for. */
import type { Builtin } from '../values/procedure.ts';
import type { BuiltinOf } from './fuse.ts';
import type { Node } from './node.ts';

/** A fused expression is at most this large, so that one instruction is always a short piece of work. */
export const heaviest = 96;

/** Sizes of nodes, computed once per node. */
export class Weights {
  readonly #known = new Map<Node, number>();
  readonly #builtinOf: BuiltinOf;

  constructor(builtinOf: BuiltinOf) {
    this.#builtinOf = builtinOf;
  }

  /** Whether a node runs without the machine: no procedure calls, no loops, no handlers, not too large. */
  isSimple(node: Node): boolean {
    return this.of(node) <= heaviest;
  }

  /** The number of nodes in a simple node; infinite where it is not simple. */
  of(node: Node): number {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const weight = this.#measure(node);
    this.#known.set(node, weight);
    return weight;
  }

  /** Whether reading a node earlier or later makes no difference. */
  isStable(node: Node): boolean {
    if (node.kind === 'const' || node.kind === 'literal') return true;
    if (node.kind === 'global') return this.#builtinOf(node) !== undefined;
    return node.kind === 'local' && !node.variable.mutated && !node.checked;
  }

  /** Whether a builtin is called by the fused code itself. */
  isDirect(builtin: Builtin, count: number): boolean {
    return builtin.how.kind !== 'control' && count >= builtin.min && count <= builtin.max;
  }

  #measure(node: Node): number {
    switch (node.kind) {
      case 'const':
      case 'literal':
      case 'local':
      case 'global':
      case 'declare':
        return 1;
      case 'lambda':
        return 2;
      case 'set':
      case 'setGlobal':
      case 'bind':
        return 1 + this.of(node.value);
      case 'if':
        return 1 + this.of(node.test) + this.of(node.yes) + this.of(node.no);
      case 'and':
      case 'or':
      case 'seq':
        return 1 + this.#sum(node.nodes);
      case 'call': {
        const builtin = this.#builtinOf(node.fn);
        return builtin && this.isDirect(builtin, node.args.length)
          ? 1 + this.#sum(node.args)
          : Number.POSITIVE_INFINITY;
      }
      default:
        return Number.POSITIVE_INFINITY;
    }
  }

  #sum(nodes: readonly Node[]): number {
    let weight = 0;
    for (const node of nodes) weight += this.of(node);
    return weight;
  }
}
