// tuf-js keeps what it trusts to itself: this is the one place that reaches in, for its clock, its roles and its reasons.
//
// Reached: the reference time (it takes the machine's clock), the trusted roles (it answers single targets only, and the
// index and the revocation list need whole roles), and the exact failure of an update (it wraps some into a text). Every
// check is still tuf-js's own. The version is pinned; where its inside looks different, nothing is trusted.
import { PypesError } from '@pypes/contract';
import type { Metadata, Root, Snapshot, Targets, Timestamp } from '@tufjs/models';
import type { Updater } from 'tuf-js';
import '../models/linear-targets.ts';

/** A failed update: which role's bytes, under which delegator, and why. */
export type Failure = {
  readonly role: string;
  readonly delegator: string;
  readonly bytes: Buffer;
  readonly error: unknown;
};

/** What an updater trusts. */
export interface Trusted {
  readonly root: Metadata<Root>;
  readonly timestamp: Metadata<Timestamp> | undefined;
  readonly snapshot: Metadata<Snapshot> | undefined;
  readonly targets: Metadata<Targets> | undefined;
  getRole(role: string): Metadata<Root | Targets> | undefined;
  /** The roles that list targets and were verified, each with those that lead to it, `targets` first. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** Fetches and verifies a role that lists targets. */
  load(role: string, delegator: string): Promise<Metadata<Targets>>;
}

type Update = (bytes: Buffer, ...more: readonly unknown[]) => unknown;
type Store = Omit<Trusted, 'load' | 'chains'> & { referenceTime: Date } & {
  [method in (typeof UPDATES)[number]]: Update;
};
type Inside = { readonly trustedSet: Store; loadTargets(role: string, delegator: string): Promise<Metadata<Targets>> };

const UPDATES = ['updateRoot', 'updateTimestamp', 'updateSnapshot', 'updateDelegatedTargets'] as const;
const ROLES = { updateRoot: 'root', updateTimestamp: 'timestamp', updateSnapshot: 'snapshot' } as const;

/**
 * Sets an updater's clock, and listens to its updates.
 *
 * @param before runs on the bytes before tuf-js looks at them, and may refuse them by throwing
 */
export function openTrusted(
  updater: Updater,
  time: Date,
  before: (bytes: Buffer) => void,
  failed: (failure: Failure) => void,
): Trusted {
  const inside = updater as unknown as Inside;
  const store = inside.trustedSet;
  if (typeof inside.loadTargets !== 'function' || !UPDATES.every((method) => typeof store?.[method] === 'function')) {
    throw new PypesError('internal', 'This version of tuf-js is not the one that the registry client was made for');
  }
  store.referenceTime = time;
  for (const method of UPDATES) {
    const update = store[method].bind(store);
    store[method] = (bytes, ...more) => {
      const [role, delegator] =
        method === 'updateDelegatedTargets' ? (more as [string, string]) : [ROLES[method], 'root'];
      try {
        before(bytes);
        return update(bytes, ...more);
      } catch (error) {
        failed({ role, delegator, bytes, error });
        throw error;
      }
    };
  }
  const chains = new Map<string, readonly string[]>();
  return {
    get chains() {
      return store.targets === undefined ? chains : new Map([['targets', ['targets']], ...chains]);
    },
    get root() {
      return store.root;
    },
    get timestamp() {
      return store.timestamp;
    },
    get snapshot() {
      return store.snapshot;
    },
    get targets() {
      return store.targets;
    },
    getRole: (role) => store.getRole(role),
    load: async (role, delegator) => {
      const metadata = await inside.loadTargets(role, delegator);
      if (role !== 'targets') chains.set(role, [...(chains.get(delegator) ?? ['targets']), role]);
      return metadata;
    },
  };
}
