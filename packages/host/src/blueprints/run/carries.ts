// On which ways of a run something can be told: the graph of the check says so, by the types that every call is held to.
// A value that is always the same carries nothing, whatever it was made from.
import type { Wire } from '../blueprint.ts';
import type { FlowGraph } from '../guard-check.ts';

/** The ways that templates make: into the arguments, the condition, or the number of items of a step, or out of the run. */
export type TemplateWay = 'argument' | 'condition' | 'iteration' | 'output';

/** Tells whether anything gets from a place of the graph over a way. */
export type Live = (from: string) => boolean;

/** Every way of a run. */
export interface Carries {
  /** `pointer` is that of the argument. */
  template(way: TemplateWay, step: string | undefined, pointer: string): Live;
  wire(kind: 'argument' | 'reply', wire: Wire): boolean;
}

/** Reads the ways of a graph. What it does not know carries everything. */
export function createCarries(graph: FlowGraph): Carries {
  const known = new Set<string>();
  const live = new Set<string>();
  const wires = new Map<Wire['where'], { readonly [K in 'argument' | 'reply']: boolean }>();
  for (const { from, to, kind, field = '', bits, where } of graph.edges) {
    const key = [kind, to, field, from].join(' ');
    known.add(key);
    if (bits > 0) live.add(key);
    if (kind !== 'argument' && kind !== 'reply') continue;
    const before = wires.get(where) ?? { argument: false, reply: false };
    wires.set(where, { ...before, [kind]: before[kind] || bits > 0 });
  }
  return {
    template: (way, step, pointer) => (from) => {
      const key = [way, step === undefined ? 'output' : `step:${step}`, pointer, from].join(' ');
      return live.has(key) || !known.has(key);
    },
    wire: (kind, wire) => wires.get(wire.where)?.[kind] ?? true,
  };
}

/** Every way carries everything. */
export const EVERYTHING: Carries = { template: () => () => true, wire: () => true };
