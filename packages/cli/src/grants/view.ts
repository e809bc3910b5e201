// A grant as it is shown: what the pack asks for, what it was granted, what is in force, and what to know about it.
import { type Grant, SANDBOX_PERMISSIONS, TRUSTED_PERMISSIONS, withGrant } from '@pypes/contract';
import { createFilesystemSecretStore } from '@pypes/stores/filesystem';
import { style } from '../style.ts';
import { toPermissionText } from './change.ts';
import type { GrantedPack } from './find-pack.ts';
import { beyondAsked, stillMissing, toWords } from './words.ts';

/** The grant was given for other content than the pack has now. */
export function isSuspended({ digest }: GrantedPack, grant: Grant | undefined): boolean {
  return grant?.content_digest !== undefined && grant.content_digest !== digest;
}

/** The facts, as `--json` has them. */
export function toView(pack: GrantedPack, grant: Grant | undefined) {
  const base = pack.kind === 'folder' ? TRUSTED_PERMISSIONS : SANDBOX_PERMISSIONS;
  const suspended = isSuspended(pack, grant);
  return {
    pack_guid: pack.guid,
    name: pack.name,
    kind: pack.kind,
    asks: pack.asks,
    granted: grant?.permissions ?? {},
    ...(grant?.content_digest === undefined ? {} : { content_digest: grant.content_digest }),
    in_force: grant === undefined || suspended ? base : withGrant(base, grant.permissions),
    suspended,
  };
}

export type View = ReturnType<typeof toView>;

/** What a person should know about them. */
export async function notesOn(
  pack: GrantedPack,
  grant: Grant | undefined,
  view: View,
  root: string,
): Promise<readonly string[]> {
  const notes: string[] = [];
  const unasked = pack.kind === 'stored' ? beyondAsked(view.granted, pack.asks) : [];
  if (unasked.length > 0) notes.push(`The pack did not ask for ${unasked.join(' ')}`);
  const secrets = new Set((await createFilesystemSecretStore(root).list()).map(({ name }) => name));
  for (const name of view.granted.vault ?? []) {
    if (!secrets.has(name)) notes.push(`The vault has no secret ${name} yet: pypes vault set ${name}`);
  }
  if (grant !== undefined && grant.content_digest === undefined && pack.kind !== 'folder') {
    notes.push('It holds for any version: whoever can deploy over this pack has it too');
  }
  if (view.suspended) notes.push('The pack changed after it was granted: nothing of it is in force; grant it again');
  const missing = pack.kind === 'stored' ? stillMissing(pack.asks, view.in_force) : [];
  if (missing.length > 0) {
    notes.push(`It asks for more: pypes grant ${pack.guid} ${missing.map((text) => `'${text}'`).join(' ')}`);
  }
  return notes;
}

/** All of it for a terminal. */
export function toText(view: View, changed: boolean, notes: readonly string[]): string {
  const show = (permissions: object) => toPermissionText(permissions) || 'nothing';
  const lines = [
    `${style('bold', view.name)}  ${style('dim', view.pack_guid)}  ${view.kind === 'folder' ? 'trusted' : 'sandboxed'}`,
  ];
  if (view.kind === 'stored') lines.push(`asks for  ${show(view.asks)}`);
  lines.push(`${changed ? style('green', 'granted ') : 'granted '}  ${show(view.granted)}`);
  lines.push(`in force  ${show(view.in_force)}`);
  const words = view.suspended ? [] : toWords(view.granted);
  if (words.length > 0) lines.push('With the grant it may:', ...words.map((text) => `  ${text}`));
  if (view.content_digest !== undefined && !view.suspended) {
    lines.push(`For the content that it has now (${view.content_digest.slice(0, 19)}…), and no other.`);
  }
  for (const note of notes) lines.push(`${style('yellow', 'note')}  ${note}`);
  return lines.join('\n');
}
