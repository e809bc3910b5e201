// Walks the roles that list targets in the order of their trust, as TUF 5.6.7 says, and reads what they may say.
import type { Metadata, Targets } from '@tufjs/models';
import { fault } from '../faults.ts';
import { isNamespace } from '../manifest/names.ts';
import type { Trusted } from './trusted.ts';

/** What a role says of another. */
type Delegation = NonNullable<NonNullable<Targets['delegations']>['roles']>[string];

/** A role on the walk, and the delegations that lead to it. */
export type Visited = {
  readonly role: string;
  readonly delegator: string;
  readonly metadata: Metadata<Targets>;
  readonly chain: readonly Delegation[];
};

/**
 * The roles, most trusted first; each is visited once, so that a circle ends.
 *
 * @param wants which delegations to follow
 * @throws PypesError with the reason `too_large` where there are more roles than allowed, or `malformed` for a role whose
 *   name could be a path
 */
export async function walkRoles(
  trusted: Trusted,
  mostRoles: number,
  wants: (delegation: Delegation) => boolean,
): Promise<readonly Visited[]> {
  const stack: { role: string; delegator: string; chain: readonly Delegation[] }[] = [
    { role: 'targets', delegator: 'root', chain: [] },
  ];
  const visited = new Map<string, Visited>();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (visited.has(next.role)) continue;
    if (visited.size >= mostRoles) {
      throw fault('too_large', `The registry delegates to more than ${mostRoles} roles; it is refused`, {
        limit: mostRoles,
      });
    }
    const metadata = await trusted.load(next.role, next.delegator);
    visited.set(next.role, { ...next, metadata });
    const children = findChildren(trusted, metadata, wants);
    const end = children.findIndex(({ terminating }) => terminating);
    const followed = end === -1 ? children : children.slice(0, end + 1);
    const { role, chain } = next;
    stack.push(
      ...followed.toReversed().map((child) => ({ role: child.name, delegator: role, chain: [...chain, child] })),
    );
  }
  return [...visited.values()];
}

/** Tells whether everybody on the way to a role lets it speak about a path. */
export function maySpeakOf(path: string, { chain }: Visited): boolean {
  return chain.every((delegation) => delegation.isDelegatedPath(path));
}

/** A namespace that has published nothing is not in the snapshot; once it is there, the snapshot may not drop it. */
function findChildren(
  trusted: Trusted,
  metadata: Metadata<Targets>,
  wants: (delegation: Delegation) => boolean,
): readonly Delegation[] {
  const children = Object.values(metadata.signed.delegations?.roles ?? {}).filter(wants);
  for (const { name } of children) {
    if (!isNamespace(name)) {
      throw fault(
        'malformed',
        `The registry delegates to "${name.slice(0, 80)}", which is no namespace; it is refused`,
      );
    }
  }
  return children.filter(({ name }) => trusted.snapshot?.signed.meta[`${name}.json`] !== undefined);
}
