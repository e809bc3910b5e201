// Puts names into an order in which each comes after those that it depends on, else in the order of the source.
import { fail } from '../errors.ts';
import type { Id } from '../lex/identifiers.ts';

/** Sorts the keys of `edges`; throws for an edge to nowhere and for a cycle. `kind` is what errors call a name. */
export const sortNames = (
  kind: string,
  edges: ReadonlyMap<string, readonly Id[]>,
  notesOf: (name: string) => readonly string[] = () => [],
): readonly string[] => {
  const names = [...edges.keys()];
  const indices = new Map(names.map((name, index) => [name, index]));
  const remaining = names.map((name) => edges.get(name)!.length);
  const dependents: number[][] = names.map(() => []);
  for (const [index, name] of names.entries()) {
    for (const { name: target, span } of edges.get(name)!) {
      const found = indices.get(target);
      if (found === undefined) fail(span, `${kind} \`${target}\` does not exist`, { notes: notesOf(target) });
      else dependents[found]!.push(index);
    }
  }

  const heap: number[] = [];
  for (const [index, count] of remaining.entries()) if (count === 0) push(heap, index);
  const order: string[] = [];
  while (heap.length > 0) {
    const index = pop(heap);
    order.push(names[index]!);
    for (const dependent of dependents[index]!) if (--remaining[dependent]! === 0) push(heap, dependent);
  }
  if (order.length < names.length) failOnCycle(kind, edges, (name) => remaining[indices.get(name)!]! > 0);
  return order;
};

const failOnCycle = (
  kind: string,
  edges: ReadonlyMap<string, readonly Id[]>,
  isStuck: (name: string) => boolean,
): void => {
  for (const [name, targets] of edges) {
    const target = isStuck(name) ? targets.find((edge) => isStuck(edge.name)) : undefined;
    if (target !== undefined) fail(target.span, `${kind} \`${target.name}\` depends on itself`);
  }
};

// A binary heap, the least index first.
const push = (heap: number[], value: number): void => {
  let at = heap.push(value) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent]! <= value) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = value;
};

const pop = (heap: number[]): number => {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= last) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return top;
};
