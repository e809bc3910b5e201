// Finds one version of a skill in verified metadata: what its bytes must be, who says so, and whether it is withdrawn.
import type { Digest } from './bytes.ts';
import { fieldOf, type JsonObject, toCount, toList, toObject, toText } from './json.ts';
import { type Metadata, signersOf } from './metadata.ts';
import { Refused } from './refused.ts';
import type { Listing, Registry } from './update.ts';

/** `explicit:namespace:name@1.0.0`, taken apart. */
export type Source = { readonly namespace?: string; readonly name: string; readonly version: string };

/** One version, as signed metadata lists it. */
export type Entry = Source & {
  readonly digest: Digest;
  readonly length: number;
  /** Its archive's address. */
  readonly url: string;
  readonly role: string;
  readonly signers: readonly string[];
};

const SOURCE = /^explicit:(?:([a-z][a-z0-9-]*):)?([a-z][a-z0-9-]*)@(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/;

/** @throws Refused `malformed` */
export function parseSource(text: string): Source {
  const [, namespace, name, version] = SOURCE.exec(text) ?? [];
  if (name === undefined || version === undefined) {
    throw new Refused('malformed', `"${text}" is no source; write explicit:namespace:name@1.0.0`);
  }
  return namespace === undefined ? { name, version } : { namespace, name, version };
}

/** @throws Refused `missing`, `revoked` or `yanked` */
export async function findSkill(registry: Registry, source: Source): Promise<Entry> {
  const text = toSourceText(source);
  const path = [...(source.namespace === undefined ? [] : [source.namespace]), source.name].join('/');
  const listing = await findListing(registry, source, `${path}/${source.version}.skill`);
  const target = listing === undefined ? undefined : targetOf(listing.metadata, `${path}/${source.version}.skill`);
  if (listing === undefined || target === undefined) throw new Refused('missing', `The registry has no ${text}`);
  const { file } = listing.metadata;
  const hex = toText(fieldOf(toObject(fieldOf(target, 'hashes'), file), 'sha256'), file);
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Refused('malformed', `The registry's ${file} has no digest of ${text}`);
  refuseRevoked(registry.targets.metadata, `sha256:${hex}`, text);
  const custom = toObject(fieldOf(toObject(fieldOf(target, 'custom') ?? {}, file), 'pypes') ?? {}, file);
  if (fieldOf(custom, 'yanked') !== undefined) throw new Refused('yanked', `${text} was yanked; take another version`);
  return {
    ...source,
    digest: `sha256:${hex}`,
    length: toCount(fieldOf(target, 'length'), file),
    url: `${registry.url}targets/${path}/${hex}.${source.version}.skill`,
    role: listing.role,
    signers: listing.signers,
  };
}

export function toSourceText({ namespace, name, version }: Source): string {
  return `${namespace === undefined ? '' : `${namespace}:`}${name}@${version}`;
}

/** The registry itself speaks first, then the owners of the namespace: one step, which is all that publishing makes. */
async function findListing(registry: Registry, { namespace }: Source, path: string): Promise<Listing | undefined> {
  const { targets } = registry;
  if (targetOf(targets.metadata, path) !== undefined || namespace === undefined) return targets;
  const { signed, file } = targets.metadata;
  const delegations = toObject(fieldOf(signed, 'delegations') ?? {}, file);
  const keys = toObject(fieldOf(delegations, 'keys') ?? {}, file);
  for (const each of toList(fieldOf(delegations, 'roles') ?? [], file)) {
    const role = toObject(each, file);
    const paths = toList(fieldOf(role, 'paths') ?? [], file).map((pattern) => toText(pattern, file));
    if (fieldOf(role, 'name') !== namespace || !paths.some((pattern) => isMatch(pattern, path))) continue;
    return registry.open(namespace, signersOf(keys, role, file));
  }
  return undefined;
}

/** A pattern's `*` stands for anything within one part of a path. */
function isMatch(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  return wanted.length === given.length && wanted.every((part, index) => part === '*' || part === given[index]);
}

function targetOf({ signed, file }: Metadata, path: string): JsonObject | undefined {
  const target = fieldOf(toObject(fieldOf(signed, 'targets'), file), path);
  return target === undefined ? undefined : toObject(target, file);
}

/** A list that cannot be read is never taken for an empty one. */
function refuseRevoked({ signed, file }: Metadata, digest: Digest, text: string): void {
  for (const each of toList(fieldOf(signed, 'x-pypes-revoked') ?? [], file)) {
    const revoked = toObject(each, file);
    if (toText(fieldOf(revoked, 'digest'), file) !== digest) continue;
    throw new Refused(
      'revoked',
      `${text} was revoked: "${toText(fieldOf(revoked, 'reason'), file)}"; it never loads again`,
    );
  }
}
