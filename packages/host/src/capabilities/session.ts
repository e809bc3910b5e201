// The session operations of `context`: a private folder and a browser page, opened once for each pack in a chain of calls.
import { type ObjectStore, PypesError, parseNetworkRule, type SessionProvider } from '@pypes/contract';
import { textOf } from './content.ts';
import { putObject } from './objects.ts';
import type { Perform, Use } from './operation.ts';

/** Packs do not share files, nor a page, nor where its requests may go: each has what it was granted, and no more. */
function ownerOf({ pack, permissions }: Use): string {
  return JSON.stringify([pack.guid, permissions.network, permissions.session]);
}

const PLAIN = ['read', 'write', 'list', 'delete', 'goto', 'click', 'fill', 'text'] as const;

/** The operations over a provider; screenshots go to the objects. */
export function sessionOperations(
  provider: SessionProvider,
  objects: ObjectStore | undefined,
): { readonly [operation: string]: Perform } {
  const open = (use: Use) =>
    use.chain.session(ownerOf(use), () =>
      provider.open({
        scope: use.scope,
        runId: use.runId,
        rules: use.permissions.network.map(parseNetworkRule),
        maxBytes: use.limits.sessionBytes,
      }),
    );

  const perform =
    (name: string): Perform =>
    async (use) => {
      const session = await open(use);
      return session.perform(name, use.parameters, use.signal());
    };

  return {
    ...Object.fromEntries(PLAIN.map((name) => [`session.${name}`, perform(name)])),
    'session.screenshot': async (use) => {
      if (objects === undefined) throw new PypesError('unsupported', 'This host keeps no objects for screenshots');
      const name = textOf(use.operation, 'name', use.parameters);
      const session = await open(use);
      const bytes = await session.screenshot(use.parameters, use.signal());
      return putObject(objects, use, name, 'image/png', bytes);
    },
  };
}
