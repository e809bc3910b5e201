// Says which attack or fault made tuf-js refuse metadata: it knows that something is wrong, a person needs to know what.
import { isPypesError, type PypesError } from '@pypes/contract';
import { Metadata, MetadataKind, type Root, type Snapshot, type Targets } from '@tufjs/models';
import { LengthOrHashMismatchError, UnsignedMetadataError } from '@tufjs/models/dist/error.js';
import { BadVersionError, ExpiredMetadataError } from 'tuf-js/dist/error.js';
import { fault } from '../faults.ts';
import type { Failure, Trusted } from './trusted.ts';

/** The reason of a failed update. */
export function diagnose({ role, delegator, bytes, error }: Failure, trusted: Trusted, time: Date): PypesError {
  if (isPypesError(error)) return error;
  const details = { role };
  const file = `${role}.json`;
  if (error instanceof ExpiredMetadataError) return toExpired(role, trusted, time, error);
  const metadata = parse(role, bytes);
  if (metadata === undefined) {
    return fault(
      'malformed',
      `The registry's ${file} is not readable: ${textOf(error)}; take another mirror`,
      details,
      error,
    );
  }
  if (error instanceof BadVersionError) return toWrongVersion(role, metadata, trusted, error);
  const holder = trusted.getRole(delegator);
  if (error instanceof LengthOrHashMismatchError) {
    return holder !== undefined && accepts(holder, role, metadata)
      ? fault(
          'mixed',
          `The registry's ${file} is signed, but is not the one that belongs to the rest; the mirror mixes states, take another one`,
          details,
          error,
        )
      : fault(
          'tampered',
          `The registry's ${file} was changed after it was signed; take another mirror`,
          details,
          error,
        );
  }
  if (error instanceof UnsignedMetadataError && holder !== undefined) {
    const judge = role === 'root' && accepts(holder, role, metadata) ? metadata : holder;
    return toUnsigned(role, judge, metadata, error);
  }
  if (role === 'snapshot' && trusted.snapshot !== undefined) {
    return fault(
      'rolled_back',
      `The registry's ${file} no longer lists what it listed before; take another mirror`,
      details,
      error,
    );
  }
  return fault('malformed', `The registry's ${file} is not acceptable: ${textOf(error)}`, details, error);
}

type Any = Metadata<Root | Targets>;

function toExpired(role: string, { root, timestamp, snapshot }: Trusted, time: Date, cause: unknown): PypesError {
  if (root.signed.isExpired(time)) {
    return fault(
      'expired_root',
      `The registry's root expired on ${root.signed.expires}; its owners must sign a new one`,
      { role: 'root', expires: root.signed.expires },
      cause,
    );
  }
  if (timestamp?.signed.isExpired(time)) {
    return fault(
      'frozen',
      `The newest timestamp that the registry shows expired on ${timestamp.signed.expires}; the mirror may be holding back news, or nobody refreshed it: try another mirror, or ask its owners to run pypes registry refresh`,
      { role: 'timestamp', expires: timestamp.signed.expires },
      cause,
    );
  }
  if (snapshot?.signed.isExpired(time)) {
    return fault(
      'expired_snapshot',
      `The registry's snapshot expired on ${snapshot.signed.expires}; its owners must run pypes registry refresh`,
      { role: 'snapshot', expires: snapshot.signed.expires },
      cause,
    );
  }
  return fault(
    'expired_targets',
    `The registry's ${role}.json has expired; whoever publishes under it must sign it again`,
    { role },
    cause,
  );
}

function toWrongVersion(role: string, metadata: Any, trusted: Trusted, cause: unknown): PypesError {
  const { version } = metadata.signed;
  if (role === 'root') {
    const wanted = trusted.root.signed.version + 1;
    return version < wanted
      ? fault(
          'rolled_back',
          `The registry shows root ${version} where root ${wanted} belongs; the mirror goes back in time, take another one`,
          { role, version, wanted },
          cause,
        )
      : fault(
          'mixed',
          `The registry shows root ${version} where root ${wanted} belongs; a root is missing between, take another mirror`,
          { role, version, wanted },
          cause,
        );
  }
  const older =
    role === 'timestamp' ||
    (role === 'snapshot' && listsOlder(metadata as unknown as Metadata<Snapshot>, trusted.snapshot));
  return older
    ? fault(
        'rolled_back',
        `The registry's ${role}.json (version ${version}) is older than what was accepted before; the mirror goes back in time, take another one`,
        { role, version },
        cause,
      )
    : fault(
        'mixed',
        `The registry's ${role}.json (version ${version}) does not belong to the rest; the mirror mixes states, take another one`,
        { role, version },
        cause,
      );
}

function listsOlder(next: Metadata<Snapshot>, known: Metadata<Snapshot> | undefined): boolean {
  const before = Object.entries(known?.signed.meta ?? {});
  return before.some(([file, { version }]) => (next.signed.meta[file]?.version ?? 0) < version);
}

function toUnsigned(role: string, delegator: Any, metadata: Any, cause: unknown): PypesError {
  const { keyIds, threshold, keys } = readRole(delegator, role);
  const signed = keyIds.filter((keyId) => metadata.signatures[keyId] !== undefined);
  const valid = signed.filter((keyId) => holds(keys[keyId], metadata));
  const details = { role, threshold, signatures: valid.length };
  if (signed.length === 0) {
    return fault(
      'wrong_key',
      `The registry's ${role}.json is signed by no key that may sign it; it is not from its owners, take another mirror`,
      details,
      cause,
    );
  }
  return valid.length < signed.length
    ? fault(
        'tampered',
        `The registry's ${role}.json was changed after it was signed; take another mirror`,
        details,
        cause,
      )
    : fault(
        'threshold_not_met',
        `The registry's ${role}.json has ${valid.length} of ${threshold} signatures; the other key holders must sign it with pypes sign`,
        details,
        cause,
      );
}

type RoleJson = { readonly keyids: readonly string[]; readonly threshold: number };

function readRole(delegator: Any, role: string) {
  const { signed } = delegator;
  const found = 'roles' in signed ? signed.roles[role] : signed.delegations?.roles?.[role];
  const json = found?.toJSON() as RoleJson | undefined;
  const keys = 'keys' in signed ? signed.keys : (signed.delegations?.keys ?? {});
  return { keyIds: json?.keyids ?? [], threshold: json?.threshold ?? 0, keys };
}

function holds(key: Root['keys'][string] | undefined, metadata: Any): boolean {
  try {
    key?.verifySignature(metadata);
    return key !== undefined;
  } catch {
    return false;
  }
}

function accepts(delegator: Any, role: string, metadata: Any): boolean {
  try {
    delegator.verifyDelegate(role, metadata);
    return true;
  } catch {
    return false;
  }
}

/** Undefined for what is no metadata of that role. Roles beside the top-level ones list targets. */
function parse(role: string, bytes: Buffer): Any | undefined {
  try {
    const json = JSON.parse(bytes.toString('utf8')) as ReturnType<Any['toJSON']>;
    if (role === 'root') return Metadata.fromJSON(MetadataKind.Root, json);
    if (role === 'timestamp') return Metadata.fromJSON(MetadataKind.Timestamp, json) as unknown as Any;
    if (role === 'snapshot') return Metadata.fromJSON(MetadataKind.Snapshot, json) as unknown as Any;
    return Metadata.fromJSON(MetadataKind.Targets, json);
  } catch {
    return undefined;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error);
}
