// pypes grant: an operator's yes to permissions of one pack, what it means, and its end.
import { type Grant, type GrantStore, PypesError } from '@pypes/contract';
import { createFilesystemGrantStore } from '@pypes/stores/filesystem';
import type { Command } from 'commander';
import { addGrants, revokeGrants, toPermissionText } from '../grants/change.ts';
import { findPack, type GrantedPack } from '../grants/find-pack.ts';
import { parseGrants } from '../grants/values.ts';
import { isSuspended, notesOn, toText, toView } from '../grants/view.ts';
import { collect } from '../input.ts';
import { DEFAULT_ROOT, foldersOrDefault } from '../local.ts';

type GrantOptions = {
  readonly revoke: readonly string[];
  readonly anyVersion?: boolean;
  readonly folder: readonly string[];
  readonly root: string;
  readonly json?: boolean;
};

/** Adds the command. */
export function registerGrant(program: Command): void {
  program
    .command('grant')
    .summary('grant permissions to a pack')
    .description(
      'Grants permissions to PACK (a guid, a name, or a folder), or shows what it asks for and has. Permissions: network=HOST[:PORT] or network="GET HOST", memory=none|read|read-write, objects=none|read|write|read-write, vault=SECRET, ai=true, session=files,browser.',
    )
    .argument('<pack>', 'guid or name of a deployed pack, or a folder of agents')
    .argument('[name=value...]', 'what to grant; lists take commas')
    .option('--revoke <name[=value]>', 'take a permission back', collect, [])
    .option('--any-version', 'also for whatever the pack is replaced with, by whoever can deploy it')
    .option('--folder <folder>', 'folder of agents (default: agents, else the current folder)', collect, [])
    .option('--root <folder>', 'where packs and grants are kept', DEFAULT_ROOT)
    .option('--json', 'as JSON')
    .action(grant);
}

async function grant(id: string, values: readonly string[], options: GrantOptions): Promise<void> {
  const more = parseGrants(values);
  const pack = await findPack(id, options.root, foldersOrDefault(options.folder));
  const store = createFilesystemGrantStore(options.root);
  const before = await store.get(pack.guid);
  const isChange = values.length > 0 || options.revoke.length > 0;
  const notes: string[] = [];
  const after = isChange ? await change(store, pack, before, more, options, notes) : before;
  const view = toView(pack, after);
  notes.push(...(await notesOn(pack, after, view, options.root)));
  if (options.json === true) console.log(JSON.stringify({ status: 'ok', ...view, notes }));
  else console.log(toText(view, isChange, notes));
}

async function change(
  store: GrantStore,
  pack: GrantedPack,
  before: Grant | undefined,
  more: Grant['permissions'],
  options: GrantOptions,
  notes: string[],
): Promise<Grant | undefined> {
  const grows = Object.keys(more).length > 0;
  if (pack.kind === 'unknown' && grows && options.anyVersion !== true) {
    throw new PypesError(
      'not_found',
      `No pack here has the guid ${pack.guid}; name its folder with --folder, its root with --root, or grant it to whatever will have the guid with --any-version`,
    );
  }
  let permissions = revokeGrants(before?.permissions ?? {}, options.revoke);
  if (grows && isSuspended(pack, before) && Object.keys(permissions).length > 0) {
    notes.push(
      `The pack changed after it was granted ${toPermissionText(permissions)}: that yes is not carried over, repeat what should hold`,
    );
    permissions = {};
  }
  permissions = addGrants(permissions, more);
  if (Object.keys(permissions).length === 0) {
    await store.remove(pack.guid);
    return undefined;
  }
  const digest = grows ? (options.anyVersion === true ? undefined : pack.digest) : before?.content_digest;
  const made: Grant = {
    pack_guid: pack.guid,
    permissions,
    ...(digest === undefined ? {} : { content_digest: digest }),
    granted_at: new Date().toISOString(),
  };
  await store.put(made);
  return made;
}
