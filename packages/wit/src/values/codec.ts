// What every kind of type compiles to: closures that convert and measure one value.
import type { Json } from '../schema/json.ts';
import type { Scalar } from './scalar.ts';
import type { Walk } from './walk.ts';

/** One compiled type, without limits and without a boundary around foreign exceptions. */
export type Codec = {
  /** JSON → the component value; every part is checked and copied. */
  readonly fromJson: (value: unknown, walk: Walk) => unknown;
  /** The component value → JSON; every part is checked and copied. */
  readonly toJson: (value: unknown, walk: Walk) => Json;
  /** The bytes of the canonical JSON text of a component value that was checked. */
  readonly measure: (value: unknown) => number;
  /** Set for types of which many in a list are read faster together. */
  readonly run?: { readonly fromJson: Run; readonly toJson: Run };
  /** Set for types of which most values are the same on both sides. */
  readonly scalar?: Scalar;
  /** Set for types whose values may be missing: in JSON (`null`, absent) and, where `undefined`, in components. */
  readonly optional?: { readonly inComponent: boolean };
};

/** Reads items from the beginning of a list as long as they are right and stay as they are; how many these were. */
export type Run = (items: readonly unknown[], walk: Walk) => number;
