// The one way to change a repository: lock, read, plan, write in the plan's order, clear away.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { clearTemporary, writeAtomically } from '../files/atomic-write.ts';
import { withLock } from '../files/lock.ts';
import { listIfThere } from '../files/read.ts';
import type { SigningKey } from '../keys/key.ts';
import { type Repository, toLockPath, toPendingPath } from './layout.ts';
import { toBytes } from './metadata.ts';
import type { Outcome } from './outcome.ts';
import { type Change, type Plan, planChange } from './plan.ts';
import { readState, type State } from './state.ts';

/**
 * Changes a repository. A kill at any moment leaves the state before or after it, and the change can be repeated.
 *
 * @param decide makes the new drafts; undefined where nothing is to be changed
 * @throws PypesError what `decide` throws, `not_found`, or `conflict` where another publisher does not finish
 */
export async function changeRepository(
  repository: Repository,
  keys: readonly SigningKey[],
  decide: (state: State) => Promise<Change | undefined> | Change | undefined,
): Promise<Outcome> {
  return withLock(toLockPath(repository), async () => {
    await clearTemporary(repository.folder);
    const state = await readState(repository);
    const change = await decide(state);
    if (change === undefined) return { published: true, waiting: [] };
    const plan = planChange(repository, state, change, keys);
    await writePlan(repository, plan);
    const changed = [...(change.root === undefined ? [] : ['root']), ...(change.targets?.keys() ?? [])];
    const renewed = !change.renew || plan.files.some(({ name }) => name === 'timestamp.json');
    return { published: renewed && !changed.some((role) => plan.pending.has(role)), waiting: plan.waiting };
  });
}

async function writePlan(repository: Repository, plan: Plan): Promise<void> {
  for (const [role, draft] of plan.pending) await writeAtomically(toPendingPath(repository, role), toBytes(draft));
  for (const { name, bytes } of plan.files) await writeAtomically(join(repository.folder, name), bytes);
  const kept = new Set([...plan.pending.keys()].map((role) => `${role}.json`));
  const names = await listIfThere(toPendingPath(repository));
  for (const name of names) if (!kept.has(name)) await rm(join(toPendingPath(repository), name));
}
