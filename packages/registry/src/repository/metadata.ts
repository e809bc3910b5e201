// Signed metadata: amended as JSON, signed, and judged by the same library that clients judge it with.
import {
  Metadata,
  MetadataKind,
  type Root,
  Signature,
  type Snapshot,
  type Targets,
  type Timestamp,
} from '@tufjs/models';
import { fault } from '../faults.ts';
import '../models/linear-targets.ts';
import type { SigningKey } from '../keys/key.ts';

/** JSON as the library types it. */
export type TufJson = ReturnType<Root['toJSON']>;
/** The `root` role or one that lists targets: what people sign by hand. */
export type Draft = Metadata<Root> | Metadata<Targets>;
type Any = Metadata<Root | Targets | Snapshot | Timestamp>;

/** The top-level roles. */
export const TOP_ROLES = ['root', 'targets', 'snapshot', 'timestamp'] as const;
/** One of the top-level roles. */
export type TopRole = (typeof TOP_ROLES)[number];

/** A plain copy of a value, typed as the library types JSON. */
export function toTufJson(value: unknown): TufJson {
  return structuredClone(value) as TufJson;
}

/** Fields that all metadata has. */
export function toCommon(role: TopRole, version: number, expires: string): TufJson {
  return { _type: role, spec_version: '1.0.31', version, expires };
}

/** New metadata from its signed part, without signatures. */
export function fromSigned<T extends Root | Targets | Snapshot | Timestamp>(
  kind: { fromJSON(data: TufJson): T },
  signed: TufJson,
): Metadata<T> {
  return new Metadata(kind.fromJSON(structuredClone(signed)));
}

/** The same metadata with other fields, unsigned. */
export function amend<T extends Root | Targets | Snapshot | Timestamp>(
  kind: { fromJSON(data: TufJson): T },
  metadata: Metadata<T>,
  fields: TufJson,
): Metadata<T> {
  return fromSigned(kind, { ...metadata.signed.toJSON(), ...fields });
}

/** Adds the signatures of those keys whose ids are asked for. */
export function signWith(metadata: Any, keys: readonly SigningKey[], keyIds: Iterable<string>): void {
  const wanted = new Set(keyIds);
  for (const key of keys) {
    if (!wanted.has(key.keyId)) continue;
    metadata.sign((bytes) => new Signature({ keyID: key.keyId, sig: key.sign(bytes).toString('hex') }));
  }
}

/** Tells whether a delegator accepts metadata as that of a role. */
export function accepts(delegator: Draft, role: string, metadata: Any): boolean {
  try {
    delegator.verifyDelegate(role, metadata);
    return true;
  } catch {
    return false;
  }
}

/** The bytes of a metadata file. */
export function toBytes(metadata: Any): Buffer {
  return Buffer.from(`${JSON.stringify(metadata.toJSON())}\n`);
}

/**
 * Reads metadata of a role from its file.
 *
 * @throws PypesError with the reason `malformed`
 */
export function parseMetadata(role: 'root', bytes: Uint8Array): Metadata<Root>;
export function parseMetadata(role: 'snapshot', bytes: Uint8Array): Metadata<Snapshot>;
export function parseMetadata(role: 'timestamp', bytes: Uint8Array): Metadata<Timestamp>;
export function parseMetadata(role: 'targets', bytes: Uint8Array): Metadata<Targets>;
export function parseMetadata(role: TopRole, bytes: Uint8Array): Metadata<Root | Targets | Snapshot | Timestamp> {
  try {
    const json = JSON.parse(Buffer.from(bytes).toString('utf8')) as TufJson;
    if (role === 'root') return Metadata.fromJSON(MetadataKind.Root, json);
    if (role === 'snapshot') return Metadata.fromJSON(MetadataKind.Snapshot, json);
    if (role === 'timestamp') return Metadata.fromJSON(MetadataKind.Timestamp, json);
    return Metadata.fromJSON(MetadataKind.Targets, json);
  } catch (cause) {
    throw fault('malformed', `The ${role} metadata is not readable: ${String(cause)}`, { role }, cause);
  }
}
