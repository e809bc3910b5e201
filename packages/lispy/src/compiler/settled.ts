/** Programs that only define things: what they define need not be evaluated again for each run. */
import { LispyFloat } from '../values/float.ts';
import { EMPTY } from '../values/list.ts';
import { plainKey } from '../values/map.ts';
import { Closure } from '../values/procedure.ts';
import { LispySymbol } from '../values/symbol.ts';
import type { Value } from '../values/value.ts';
import type { Node } from './node.ts';
import type { Unit } from './unit.ts';

/** What a program defines where its forms are definitions that cannot fail, see or do anything. */
export type Settled = {
  /** Globals that have the same value in every run, and may share it, since nothing can change it. */
  readonly values: readonly (readonly [index: number, value: Value])[];
  /** Definitions whose lists and maps each run needs for itself. */
  readonly rest: readonly Node[];
};

/**
 * Undefined where a form of the program may do anything else. What nothing in the program reads gets nil: there is no
 * other way to a global than by its name in the program.
 */
export const settle = (nodes: readonly Node[], unit: Unit): Settled | undefined => {
  const makers = { dict: unit.predefined('%dict'), list: unit.predefined('%list') };
  const values = new Map<number, Value>();
  const rest: Node[] = [];
  const seen = new Set<number>();
  for (const node of nodes.flatMap(formsOf)) {
    if (node.kind === 'const') continue;
    if (node.kind !== 'setGlobal' || !node.define || seen.has(node.index)) return undefined;
    const { index, value } = node;
    seen.add(index);
    if (value.kind === 'const' && isAtom(value.value)) values.set(index, value.value);
    else if (value.kind === 'lambda' && value.code.scope.captures.length === 0) {
      values.set(index, new Closure(value.code, []));
    } else if (!isData(value, makers)) return undefined;
    else if (unit.read.has(index)) rest.push(node);
    else values.set(index, null);
  }
  return { values: [...values], rest };
};

const formsOf = (node: Node): readonly Node[] => (node.kind === 'seq' ? node.nodes.flatMap(formsOf) : [node]);

/** What literal lists and maps are made with; nothing that a program can redefine. */
type Makers = { readonly dict: Value | undefined; readonly list: Value | undefined };

/** Literal data, as deep as the reader lets it be: making it fails only where it is too much for a run. */
const isData = (node: Node, makers: Makers): boolean => {
  if (node.kind === 'literal') return true;
  if (node.kind === 'const') return isAtom(node.value);
  if (node.kind !== 'call' || node.fn.kind !== 'const') return false;
  const { value } = node.fn;
  if (value !== makers.list && (value !== makers.dict || !hasPlainKeys(node.args))) return false;
  return node.args.every((argument) => isData(argument, makers));
};

/** Alternating keys and values, and all keys are keys. */
const hasPlainKeys = (args: readonly Node[]): boolean =>
  args.length % 2 === 0 &&
  args.every((node, at) => at % 2 === 1 || (node.kind === 'const' && plainKey(node.value) !== undefined));

const isAtom = (value: Value): boolean =>
  value === null ||
  value === EMPTY ||
  ['boolean', 'number', 'bigint', 'string'].includes(typeof value) ||
  value instanceof LispySymbol ||
  value instanceof LispyFloat;
