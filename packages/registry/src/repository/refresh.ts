// Keeps a repository fresh: the timestamp always, and what nears its expiry where its keys are at hand.
import { type Metadata, Targets } from '@tufjs/models';
import type { SigningKey } from '../keys/key.ts';
import { changeRepository } from './change.ts';
import { withFields } from './draft.ts';
import { DEFAULT_LIFETIMES, type Repository } from './layout.ts';
import { amend } from './metadata.ts';
import type { Outcome } from './outcome.ts';
import { toTargetsKeyIds } from './plan.ts';
import type { State } from './state.ts';

const DAY_MS = 86_400_000;

/**
 * Signs the timestamp anew, the snapshot where its key is given, and roles past half of their life whose keys are given.
 * It also publishes what only waited for these keys.
 */
export async function refreshRepository(repository: Repository, keys: readonly SigningKey[]): Promise<Outcome> {
  return changeRepository(repository, keys, (state) => ({ renew: true, targets: findAgeing(repository, state, keys) }));
}

function findAgeing(
  repository: Repository,
  state: State,
  keys: readonly SigningKey[],
): ReadonlyMap<string, Metadata<Targets>> {
  const { now = Date.now, lifetimes } = repository;
  const half = ({ ...DEFAULT_LIFETIMES, ...lifetimes }.targets * DAY_MS) / 2;
  const top = state.targets.get('targets')!;
  const ageing = [...state.targets].filter(([role, metadata]) => {
    const ids = toTargetsKeyIds(state.root, top, role);
    const old = new Date(metadata.signed.expires).getTime() - now() < half;
    return old && !state.pendingTargets.has(role) && keys.some((key) => ids.includes(key.keyId));
  });
  return new Map(
    ageing.map(([role, metadata]) => [
      role,
      withFields(repository, amend(Targets, metadata, {}), { version: metadata.signed.version + 1 }),
    ]),
  );
}
