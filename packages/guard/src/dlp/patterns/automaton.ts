// Patterns as deterministic automata: one table look-up for each character, and never more than the longest match.
import { PypesError } from '@pypes/contract';
import { type CharSet, SYMBOLS, symbolOf, unionOf } from './char-set.ts';
import type { Pattern } from './parse.ts';

/** A deterministic automaton without loops. It reads at most `longest` characters from where it is started. */
export type Automaton = {
  /** Symbol → class; state × `width` + class → next state, -1 for none. */
  readonly classOf: Uint8Array;
  readonly width: number;
  readonly next: Int32Array;
  readonly accepts: Uint8Array;
  readonly states: number;
  readonly shortest: number;
  readonly longest: number;
};

/** A pattern that would need more states is refused. */
export const MOST_STATES = 4096;
/** A pattern that could match more characters is refused. */
export const MOST_CHARACTERS = 640;

/** Determinises a pattern. Refuses (`invalid_request`) what would get too large to be read in one look-up a character. */
export function toAutomaton(pattern: Pattern): Automaton {
  const graph = toGraph(pattern);
  const { classOf, width, symbols } = classesOf(graph.nodes.flatMap(({ set }) => (set === undefined ? [] : [set])));
  const ids = new Map<string, number>();
  const states: (readonly number[])[] = [];
  const idOf = (nodes: readonly number[]) => {
    const key = nodes.join();
    const known = ids.get(key);
    if (known !== undefined) return known;
    if (states.length >= MOST_STATES) {
      throw new PypesError('invalid_request', `A pattern needs more than ${MOST_STATES} states; make it shorter`);
    }
    ids.set(key, states.length);
    return states.push(nodes) - 1;
  };
  idOf(closure(graph, [graph.start]));
  const next: number[] = [];
  for (let state = 0; state < states.length; state++) {
    for (const symbol of symbols) {
      const reached = step(graph, states[state] ?? [], (set) => set[symbol] === 1);
      next.push(reached.length === 0 ? -1 : idOf(reached));
    }
  }
  return {
    classOf,
    width,
    next: Int32Array.from(next),
    accepts: Uint8Array.from(states, (nodes) => (nodes.includes(graph.end) ? 1 : 0)),
    states: states.length,
    shortest: shortestOf(pattern),
    longest: longestOf(pattern),
  };
}

/** Appends every end of a match that begins at `start` to `ends`, shortest first; returns how many steps that took. */
export function matchEnds(automaton: Automaton, text: string, start: number, ends: number[]): number {
  const { classOf, width, next, accepts } = automaton;
  let state = 0;
  let at = start;
  while (at < text.length) {
    state = next[state * width + (classOf[symbolOf(text.charCodeAt(at))] as number)] as number;
    if (state < 0) break;
    at++;
    if (accepts[state] === 1) ends.push(at);
  }
  return at - start + 1;
}

/** What the first characters of any match are in: one set for each place, at most `most` and never past the shortest. */
export function prefixOf(pattern: Pattern, most: number): readonly CharSet[] {
  const graph = toGraph(pattern);
  const prefix: CharSet[] = [];
  let nodes = closure(graph, [graph.start]);
  for (let place = 0; place < Math.min(most, shortestOf(pattern)); place++) {
    prefix.push(unionOf(nodes.flatMap((node) => graph.nodes[node]?.set ?? [])));
    nodes = step(graph, nodes, () => true);
  }
  return prefix;
}

type Graph = {
  readonly nodes: { readonly set?: CharSet; readonly next: readonly number[] }[];
  start: number;
  readonly end: number;
};

function toGraph(pattern: Pattern): Graph {
  const longest = longestOf(pattern);
  if (longest > MOST_CHARACTERS || shortestOf(pattern) === 0) {
    const why = `A pattern matches from ${shortestOf(pattern)} to ${longest} characters`;
    throw new PypesError('invalid_request', `${why}; it may match from 1 to ${MOST_CHARACTERS}`);
  }
  const graph: Graph = { nodes: [{ next: [] }], start: 0, end: 0 };
  graph.start = link(graph, pattern, graph.end);
  return graph;
}

function link(graph: Graph, pattern: Pattern, to: number): number {
  switch (pattern.kind) {
    case 'set':
      return graph.nodes.push({ set: pattern.set, next: [to] }) - 1;
    case 'sequence':
      return pattern.items.reduceRight((after, item) => link(graph, item, after), to);
    case 'choice':
      return graph.nodes.push({ next: pattern.items.map((item) => link(graph, item, to)) }) - 1;
    case 'repeat': {
      const { item, min, max } = pattern;
      let at = to;
      for (let n = min; n < max; n++) at = graph.nodes.push({ next: [link(graph, item, at), to] }) - 1;
      for (let n = 0; n < min; n++) at = link(graph, item, at);
      return at;
    }
  }
}

function step(graph: Graph, nodes: readonly number[], takes: (set: CharSet) => boolean): readonly number[] {
  const reached = nodes.flatMap((node) => {
    const { set, next } = graph.nodes[node] ?? { next: [] };
    return set !== undefined && takes(set) ? next : [];
  });
  return closure(graph, reached);
}

/** What is reached without reading a character: only nodes that read one, and the end, sorted. */
function closure(graph: Graph, from: readonly number[]): readonly number[] {
  const seen = new Set<number>();
  const open = [...from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const { set, next } = graph.nodes[node] ?? { next: [] };
    if (set === undefined) open.push(...next);
  }
  return [...seen].filter((node) => node === graph.end || graph.nodes[node]?.set !== undefined).sort((a, b) => a - b);
}

/** Symbols that no set tells apart share a class. `symbols` has one of each class. */
export function classesOf(sets: readonly CharSet[]): {
  readonly classOf: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly symbols: readonly number[];
} {
  const distinct = [...new Map(sets.map((set) => [set.join(''), set])).values()];
  const classes = new Map<string, number>();
  const symbols: number[] = [];
  const classOf = new Uint8Array(SYMBOLS);
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const key = distinct.map((set) => set[symbol]).join('');
    const known = classes.get(key) ?? classes.size;
    if (known === classes.size) symbols.push(symbol);
    classes.set(key, known);
    classOf[symbol] = known;
  }
  return { classOf, width: classes.size, symbols };
}

function shortestOf(pattern: Pattern): number {
  if (pattern.kind === 'set') return 1;
  if (pattern.kind === 'repeat') return pattern.min * shortestOf(pattern.item);
  const lengths = pattern.items.map(shortestOf);
  return pattern.kind === 'choice' ? Math.min(...lengths) : lengths.reduce((sum, length) => sum + length, 0);
}

/** How many characters the longest match has. */
export function longestOf(pattern: Pattern): number {
  if (pattern.kind === 'set') return 1;
  if (pattern.kind === 'repeat') return pattern.max * longestOf(pattern.item);
  const lengths = pattern.items.map(longestOf);
  return pattern.kind === 'choice' ? Math.max(...lengths) : lengths.reduce((sum, length) => sum + length, 0);
}
