// Chooses the version that a source means.
import semver from 'semver';
import type { Digest } from '../encoding/digest.ts';
import { fault } from '../faults.ts';
import { type SkillName, toNameText } from '../manifest/names.ts';
import { refuseRevoked } from '../revocations/revocations.ts';
import type { RegistrySource } from '../sources/source.ts';
import { type CatalogEntry, findTrespassers, readCatalog } from './catalog.ts';
import type { Session } from './session.ts';

/** What a lockfile says about a source. */
export type Pin = { readonly version: string; readonly digest: Digest };

/**
 * The version for a source: the pinned one, the explicit one, or the highest in the range that is neither yanked nor
 * revoked. A yanked version resolves where it is pinned, and nowhere else.
 *
 * @throws PypesError with the reason `missing`, `no_match`, `yanked`, `revoked`, `not_as_locked` or `not_delegated`
 */
export async function resolveSource(
  session: Session,
  mostRoles: number,
  source: RegistrySource,
  pin?: Pin,
): Promise<CatalogEntry> {
  const entries = await readCatalog(session, mostRoles, source);
  if (entries.length === 0) throw await toMissing(session, mostRoles, source);
  const entry = pin === undefined ? choose(source, entries) : choosePinned(source, entries, pin);
  const target = await session.updater.getTargetInfo(entry.path);
  if (target !== undefined && target.hashes.sha256 === entry.digest.slice('sha256:'.length)) return entry;
  throw fault('not_delegated', `Nobody that may speak for ${entry.text} lists ${entry.version}; it is refused`, {
    skill: entry.text,
  });
}

function choosePinned(source: RegistrySource, entries: readonly CatalogEntry[], pin: Pin): CatalogEntry {
  const text = `${toNameText(source)}@${pin.version}`;
  const entry = entries.find(({ version }) => version === pin.version);
  if (entry === undefined)
    throw fault('missing', `The registry no longer lists ${text}, which the lockfile pins`, { skill: text });
  refuseRevoked(entry.revoked === undefined ? [] : [entry.revoked], entry.digest, text);
  if (entry.digest === pin.digest) return entry;
  throw fault(
    'not_as_locked',
    `The registry has ${text} with other bytes than the lockfile pins; a version never changes, so one of them is wrong: ask its publisher`,
    {
      skill: text,
      wanted: pin.digest,
      got: entry.digest,
    },
  );
}

function choose(source: RegistrySource, entries: readonly CatalogEntry[]): CatalogEntry {
  const asked = source.kind === 'explicit' ? source.version : source.range;
  const matching = entries
    .filter(({ version }) => (source.kind === 'explicit' ? version === asked : semver.satisfies(version, asked)))
    .sort((a, b) => semver.rcompare(a.version, b.version));
  const usable = matching.find(({ yanked, revoked }) => yanked === undefined && revoked === undefined);
  if (usable !== undefined) return usable;
  const [highest] = matching;
  if (highest === undefined) throw toNoMatch(source, asked, entries);
  const text = `${highest.text}@${highest.version}`;
  refuseRevoked(highest.revoked === undefined ? [] : [highest.revoked], highest.digest, text);
  throw fault(
    'yanked',
    `${text} was yanked: "${highest.yanked?.reason}"; take another version, since only a lockfile that names it may go on using it`,
    {
      skill: text,
      why: highest.yanked?.reason ?? '',
    },
  );
}

function toNoMatch(source: SkillName, asked: string, entries: readonly CatalogEntry[]) {
  const versions = entries.map(({ version }) => version).sort(semver.rcompare);
  return fault(
    'no_match',
    `No version of ${toNameText(source)} satisfies "${asked}"; there are ${versions.slice(0, 10).join(', ')}`,
    {
      skill: toNameText(source),
      versions,
    },
  );
}

async function toMissing(session: Session, mostRoles: number, source: SkillName) {
  const text = toNameText(source);
  const trespassers = await findTrespassers(session, mostRoles, source);
  if (trespassers.length === 0) return fault('missing', `The registry has no skill "${text}"`, { skill: text });
  return fault(
    'not_delegated',
    `"${trespassers.join('", "')}" lists ${text}, and may not speak for that name; it is refused`,
    {
      skill: text,
      roles: trespassers,
    },
  );
}
