// The resources of one instance of a component: what its handles stand for, and for how long.
import type { HandleTable, HandleType } from '@pypes/wit/values';
import { HostError } from '../../threads/guest/failure.ts';

/** Handles that one instance may have out at a time. */
const MOST = 10_000;

export type Handles = HandleTable & {
  /** The owned handles that a call was given are nobody's any more; before, they were only looked at. */
  take(): void;
  /** A call was refused: what was looked at for it stays. */
  leave(): void;
};

type Held = { readonly instance: object; readonly type: string };

export function createHandles(): Handles {
  const held = new Map<string, Held>();
  const known = new Map<object, string>();
  const nameOf = ({ interface: home, resource }: HandleType) => `${home ?? ''}#${resource}`;

  let looked: string[] = [];

  return {
    toHandle(instance, type) {
      const before = known.get(instance);
      if (before !== undefined) return before;
      if (held.size >= MOST) {
        const message = `The component has ${MOST} resources out; drop some`;
        throw new HostError({ code: 'resource_exhausted', message });
      }
      const handle = crypto.randomUUID();
      held.set(handle, { instance, type: nameOf(type) });
      known.set(instance, handle);
      return handle;
    },
    fromHandle(handle, type) {
      const found = held.get(handle);
      if (found?.type !== nameOf(type)) return undefined;
      if (type.own) looked.push(handle);
      return found.instance;
    },
    take() {
      for (const handle of looked) {
        known.delete(held.get(handle)?.instance ?? looked);
        held.delete(handle);
      }
      looked = [];
    },
    leave() {
      looked = [];
    },
  };
}
