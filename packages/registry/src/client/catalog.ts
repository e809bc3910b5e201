// What a registry offers: its versions as data, read from signed metadata alone.
import { isJsonObject, type Json } from '@pypes/contract';
import type { Metadata, TargetFile } from '@tufjs/models';
import { type Digest, isDigest } from '../encoding/digest.ts';
import { parseTargetPath, type SkillName, toNameText } from '../manifest/names.ts';
import { type Revocation, readRevocations } from '../revocations/revocations.ts';
import type { Session } from './session.ts';
import { maySpeakOf, type Visited, walkRoles } from './walk.ts';

/** One published version. */
export type CatalogEntry = SkillName & {
  /** `name` or `namespace:name`. */
  readonly text: string;
  readonly version: string;
  readonly digest: Digest;
  readonly length: number;
  readonly description: string;
  readonly license?: string;
  /** Asked for, as the publisher says; the manifest in the archive is what counts. */
  readonly permissions?: Json;
  readonly labels?: Json;
  readonly yanked?: { readonly reason: string; readonly at: string };
  readonly revoked?: Revocation;
  readonly role: string;
  /** The ids of the keys whose signatures over that role hold. */
  readonly signers: readonly string[];
  /** Its path among the targets. */
  readonly path: string;
};

/** Everything that a session's registry offers, or one name of it. */
export async function readCatalog(
  session: Session,
  mostRoles: number,
  name?: SkillName,
): Promise<readonly CatalogEntry[]> {
  const probe = name === undefined ? undefined : toProbe(name);
  const visited = await walkRoles(
    session.trusted,
    mostRoles,
    (role) => probe === undefined || role.isDelegatedPath(probe),
  );
  const revocations = readRevocations(session.trusted.targets!.signed);
  const found = new Map<string, CatalogEntry>();
  for (const role of visited) {
    const signers = findSigners(session.trusted.getRole(role.delegator), role.role, role.metadata);
    for (const [path, target] of Object.entries(role.metadata.signed.targets)) {
      const skill = parseTargetPath(path);
      if (skill === undefined || found.has(path) || !maySpeakOf(path, role)) continue;
      if (name !== undefined && toNameText(skill) !== toNameText(name)) continue;
      const entry = toEntry(role.role, signers, target, skill, revocations);
      if (entry !== undefined) found.set(path, entry);
    }
  }
  return [...found.values()];
}

/** The roles that list a name though nobody lets them. */
export async function findTrespassers(
  session: Session,
  mostRoles: number,
  name: SkillName,
): Promise<readonly string[]> {
  const visited = await walkRoles(session.trusted, mostRoles, () => true);
  const trespassers = visited.filter((role) =>
    Object.keys(role.metadata.signed.targets).some((path) => {
      const skill = parseTargetPath(path);
      return skill !== undefined && toNameText(skill) === toNameText(name) && !maySpeakOf(path, role);
    }),
  );
  return trespassers.map(({ role }) => role);
}

/** A path as the versions of a name have it, to ask delegations about. */
function toProbe({ namespace, name }: SkillName): string {
  return [...(namespace === undefined ? [] : [namespace]), name, '0.0.0.skill'].join('/');
}

function toEntry(
  role: string,
  signers: readonly string[],
  target: TargetFile,
  skill: SkillName & { readonly version: string },
  revocations: readonly Revocation[],
): CatalogEntry | undefined {
  const digest = `sha256:${target.hashes.sha256}`;
  if (!isDigest(digest)) return undefined;
  const said = isJsonObject(target.custom.pypes) ? target.custom.pypes : {};
  const { description, license, permissions, labels } = said;
  const yanked = readYank(said.yanked);
  const revoked = revocations.find((entry) => entry.digest === digest);
  return {
    ...skill,
    text: toNameText(skill),
    digest,
    length: target.length,
    description: typeof description === 'string' ? description : '',
    ...(typeof license === 'string' ? { license } : {}),
    ...(permissions === undefined ? {} : { permissions }),
    ...(labels === undefined ? {} : { labels }),
    ...(yanked === undefined ? {} : { yanked }),
    ...(revoked === undefined ? {} : { revoked }),
    role,
    signers,
    path: target.path,
  };
}

/** Whatever stands there is a yank: a publisher who says it badly still means it. */
function readYank(value: Json | undefined): { readonly reason: string; readonly at: string } | undefined {
  if (value === undefined) return undefined;
  const { reason, at } = isJsonObject(value) ? value : {};
  return { reason: typeof reason === 'string' ? reason : 'no reason given', at: typeof at === 'string' ? at : '' };
}

function findSigners(
  delegator: ReturnType<Session['trusted']['getRole']>,
  role: string,
  metadata: Metadata<Visited['metadata']['signed']>,
): readonly string[] {
  if (delegator === undefined) return [];
  const { signed } = delegator;
  const keyIds = ('roles' in signed ? signed.roles[role] : signed.delegations?.roles?.[role])?.keyIDs ?? [];
  const keys = 'keys' in signed ? signed.keys : (signed.delegations?.keys ?? {});
  return keyIds.filter((keyId) => {
    try {
      keys[keyId]?.verifySignature(metadata);
      return keys[keyId] !== undefined;
    } catch {
      return false;
    }
  });
}
