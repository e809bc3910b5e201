// Compiles handles of resources: class instances in components, in JSON texts that the host mints.
import type { Codec } from './codec.ts';
import { fail, report } from './walk.ts';

/** Which resource a handle is of, and how it is held. */
export type HandleType = {
  readonly resource: string;
  /** `ns:package/interface@1.2.3`; null for a resource that is declared in a world or an unnamed interface. */
  readonly interface: string | null;
  readonly own: boolean;
};

/**
 * Where the host keeps what its handles stand for. A handle is worth what it opens: mint texts that cannot be guessed,
 * keep the table per run, and forget an owned handle once a call took it.
 */
export type HandleTable = {
  /** The text for an instance that a component gave; the same one for the same instance. */
  toHandle(instance: object, type: HandleType): string;
  /**
   * The instance of a text; undefined for one that was never minted, or not for this resource. It only looks: another
   * part of the value may still be refused.
   */
  fromHandle(handle: string, type: HandleType): object | undefined;
};

/** What a handle counts for in a budget: a UUID in quotes. Measuring mints nothing. */
const HANDLE_BYTES = 38;

/** The codec of a handle. */
export function handle(table: HandleTable, type: HandleType): Codec {
  const words = `${type.own ? 'own' : 'borrow'}<${type.resource}>`;
  return {
    fromJson(value, walk) {
      walk.seen++;
      if (typeof value !== 'string' || value === '') return fail(walk, `a handle (${words})`, value) ?? null;
      return table.fromHandle(value, type) ?? report(walk, `a handle that is open (${words})`, 'another text') ?? null;
    },
    toJson(value, walk) {
      walk.seen++;
      if (typeof value !== 'object' || value === null)
        return fail(walk, `an instance of ${type.resource}`, value) ?? null;
      // A pass that only checks opens nothing.
      return walk.violations === undefined ? table.toHandle(value, type) : '';
    },
    measure: () => HANDLE_BYTES,
  };
}
