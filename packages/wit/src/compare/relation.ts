// What relating two types comes to, and the words for it.
import type { Type } from '../resolved.ts';
import { type OwnKind, type Shape, shapeOf } from '../schema/types.ts';
import type { Side } from './side.ts';

/** Which way a value flows. */
export type Flow = 'to-new' | 'to-old';

/** `same`; `fits`: every value that flows is taken at the other end; `breaks`: some are not. */
export type Relation = 'same' | 'fits' | 'breaks';

/** A comparison of types that remembers each pair, so that it is linear in what it meets. */
export type Relate = {
  readonly old: Side;
  readonly new: Side;
  /** Compares a type of the old side with one of the new. Differences are noted, each once. */
  types(old: Type, now: Type, flow: Flow, path: string): Relation;
  /** Notes a difference. */
  note(path: string, what: string, breaking: boolean): Relation;
  /** Tells whether a pair was compared. */
  knows(old: Type, now: Type): boolean;
};

/** The weaker of two relations. */
export function weaker(one: Relation, other: Relation): Relation {
  if (one === 'breaks' || other === 'breaks') return 'breaks';
  return one === 'fits' || other === 'fits' ? 'fits' : 'same';
}

/** A type in words: `list`, `record "person"`. */
export function wordOf(side: Side, type: Type): string {
  const shape: Shape = shapeOf(side.resolved, type);
  if (typeof shape === 'string') return shape;
  const name = side.resolved.types[shape.id]?.name;
  return name == null ? kindWord(shape.kind) : `${kindWord(shape.kind)} "${name}"`;
}

/** The word for a kind. */
export function kindWord(kind: OwnKind): string {
  if (typeof kind === 'string') return kind;
  if ('handle' in kind) return 'own' in kind.handle ? 'own' : 'borrow';
  return Object.keys(kind)[0] ?? 'type';
}
