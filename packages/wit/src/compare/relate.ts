// Relates the types of two sides: whether each value of one is, in its JSON form, a value of the other.
//
// Variance. Every value is read and written anew on each edge, so what counts is which way it flows. A value that flows
// from the old side to the new one (a parameter of an export, a result of an import) may find a wider type there: a
// case, a flag, or an optional field more. One that flows to the old side (a result of an export, a parameter of an
// import) may not, since who was written for the old type knows no such case; it may come from a narrower type.
// Primitives never widen: `u32` to `u64` would make a BigInt of a number. Resources are the same by name alone.
import type { Type } from '../resolved.ts';
import { WitUnsupportedError } from '../schema/errors.ts';
import { shapeOf } from '../schema/types.ts';
import type { Reason } from './reasons.ts';
import { relateKinds } from './relate-kinds.ts';
import { type Relate, type Relation, wordOf } from './relation.ts';
import type { Side } from './side.ts';

// Validators of components accept 100; nothing valid is near this.
const MOST_DEPTH = 250;

/** A comparison that notes differences in `reasons`. */
export function createRelate(old: Side, now: Side, reasons: Reason[]): Relate {
  const known = new Map<string, Relation>();
  let depth = 0;

  const relate: Relate = {
    old,
    new: now,
    note(path, what, breaking) {
      reasons.push({ path, what, breaking });
      return breaking ? 'breaks' : 'fits';
    },
    knows: (a, b) =>
      known.has(`${keyOf(old, a)} ${keyOf(now, b)} to-new`) || known.has(`${keyOf(old, a)} ${keyOf(now, b)} to-old`),
    types(a, b, flow, path) {
      const [was, is] = [shapeOf(old.resolved, a), shapeOf(now.resolved, b)];
      if (typeof was === 'string' && was === is) return 'same';
      const key = `${keyOf(old, a)} ${keyOf(now, b)} ${flow}`;
      const found = known.get(key);
      if (found !== undefined) {
        if (found !== 'same') relate.note(path, `It uses ${wordOf(relate.new, b)}, which changed`, found === 'breaks');
        return found;
      }
      if (depth >= MOST_DEPTH) throw new WitUnsupportedError('depth', path, `It nests types deeper than ${MOST_DEPTH}`);
      // A damaged binary may go in circles; what is equal but for itself is equal.
      known.set(key, 'same');
      depth++;
      const relation = relateKinds(relate, { was, is, a, b }, flow, path);
      depth--;
      known.set(key, relation);
      return relation;
    },
  };
  return relate;
}

function keyOf({ resolved }: Side, type: Type): string {
  const shape = shapeOf(resolved, type);
  return typeof shape === 'string' ? shape : String(shape.id);
}
