// The one function that says whether a skill's bytes may load, wherever they come from.

import { isPypesError } from '@pypes/contract';
import { type Envelope, verifyEnvelope } from '../dsse/envelope.ts';
import { type Digest, toDigest } from '../encoding/digest.ts';
import { fault } from '../faults.ts';
import type { PublicKey } from '../keys/key.ts';
import { toNameText } from '../manifest/names.ts';
import { openSkill } from '../manifest/read-skill.ts';
import { type Checksums, SKILL_LIMITS, type Skill } from '../manifest/skill.ts';
import { type Revocation, refuseRevoked } from '../revocations/revocations.ts';

/** Why bytes are believed. */
export type Proof =
  /** Verified TUF metadata lists this digest. */
  | { readonly kind: 'registry'; readonly digest: Digest; readonly role: string; readonly signers: readonly string[] }
  /** Envelopes that came with the bytes; `signed` is the digest they speak of where it is not that of the bytes. */
  | {
      readonly kind: 'signature';
      readonly envelopes: readonly Envelope[];
      readonly trusted: readonly PublicKey[];
      readonly signed?: Digest;
      /** How many different trusted keys must have signed; 1 where absent. */
      readonly threshold?: number;
    }
  /** Nobody vouches: only under an explicit development flag. */
  | { readonly kind: 'development' };

/** What is asked of bytes. */
export type VerifyRequest = {
  readonly bytes: Uint8Array;
  readonly proof: Proof;
  /** Where they are from: what messages call them where no name is expected. */
  readonly source?: string;
  /** What they are said to be. */
  readonly expected?: { readonly name?: string; readonly version?: string; readonly digest?: Digest };
  readonly revocations?: readonly Revocation[];
  /** `known` where the same digest was verified before: the checksums inside of it hold then. `check` where absent. */
  readonly checksums?: Checksums;
};

/** Bytes that may load. */
export type Verified = {
  readonly digest: Digest;
  /** A whole skill, or a bare component, which asks for nothing and so is granted nothing. */
  readonly content:
    | { readonly kind: 'skill'; readonly skill: Skill }
    | { readonly kind: 'component'; readonly bytes: Uint8Array };
  /** The key ids of those who vouch for it; empty only under the development flag. */
  readonly signers: readonly string[];
  /** `registry:ROLE`, `signature` or `development`. */
  readonly by: string;
};

/**
 * In this order: size, revocation, digest, signature, archive, manifest and its checksums, name and version.
 *
 * @throws PypesError with the reason of the first that fails
 */
export function verifySkill({
  bytes,
  proof,
  source,
  expected = {},
  revocations = [],
  checksums = 'check',
}: VerifyRequest): Verified {
  const digest = toDigest(bytes);
  const text =
    expected.name === undefined
      ? (source ?? digest)
      : `${expected.name}${expected.version === undefined ? '' : `@${expected.version}`}`;
  refuseRevoked(revocations, digest, text);
  if (expected.digest !== undefined && expected.digest !== digest) {
    throw fault(
      'tampered',
      `${text} has the digest ${digest}, and ${expected.digest} was expected; it was changed, nothing was loaded`,
      {
        wanted: expected.digest,
        got: digest,
      },
    );
  }
  const vouched = checkProof(proof, digest, expected, text);
  const content = open(bytes, checksums);
  if (content.kind === 'skill') checkName(content.skill, expected, text);
  return { digest, content, ...vouched };
}

const WASM = Buffer.from([0x00, 0x61, 0x73, 0x6d]);

function open(bytes: Uint8Array, checksums: Checksums): Verified['content'] {
  const isWasm = Buffer.from(bytes.subarray(0, WASM.length)).equals(WASM);
  if (!isWasm) return { kind: 'skill', skill: openSkill(bytes, checksums) };
  if (bytes.length <= SKILL_LIMITS.fileBytes) return { kind: 'component', bytes };
  throw fault('too_large', `A component has at most ${SKILL_LIMITS.fileBytes} bytes, got ${bytes.length}`);
}

function checkProof(
  proof: Proof,
  digest: Digest,
  expected: NonNullable<VerifyRequest['expected']>,
  text: string,
): Pick<Verified, 'signers' | 'by'> {
  if (proof.kind === 'development') return { signers: [], by: 'development' };
  if (proof.kind === 'registry') {
    if (proof.digest === digest) return { signers: proof.signers, by: `registry:${proof.role}` };
    throw fault(
      'tampered',
      `${text} has the digest ${digest}, and the registry signs ${proof.digest}; nothing was loaded`,
      {
        wanted: proof.digest,
        got: digest,
      },
    );
  }
  if (proof.envelopes.length === 0) {
    throw fault(
      'unsigned',
      `${text} has no signature; ask its publisher for one, or sign it yourself with pypes sign once you have read it`,
    );
  }
  return { signers: findSigners(proof, proof.signed ?? digest, expected, text), by: 'signature' };
}

function findSigners(
  { envelopes, trusted, threshold = 1 }: Extract<Proof, { readonly kind: 'signature' }>,
  digest: Digest,
  expected: NonNullable<VerifyRequest['expected']>,
  text: string,
): readonly string[] {
  const signers = new Set<string>();
  let last: unknown;
  for (const envelope of envelopes) {
    try {
      const found = verifyEnvelope(envelope, trusted);
      checkStatement(found.statement, digest, expected, text);
      for (const keyId of found.signers) signers.add(keyId);
    } catch (error) {
      if (!isPypesError(error)) throw error;
      last = error;
    }
  }
  if (signers.size >= threshold) return [...signers];
  if (signers.size === 0) throw last;
  throw fault('threshold_not_met', `${text} has ${signers.size} of ${threshold} trusted signatures`, {
    threshold,
    signatures: signers.size,
  });
}

function checkStatement(
  statement: { readonly digest: Digest; readonly name?: string; readonly version?: string },
  digest: Digest,
  expected: { readonly name?: string; readonly version?: string },
  text: string,
): void {
  if (statement.digest !== digest) {
    throw fault(
      'tampered',
      `The signature is over ${statement.digest}, and ${text} has ${digest}; it was changed, nothing was loaded`,
      {
        wanted: statement.digest,
        got: digest,
      },
    );
  }
  for (const key of ['name', 'version'] as const) {
    if (statement[key] === undefined || expected[key] === undefined || statement[key] === expected[key]) continue;
    throw fault(
      'wrong_software',
      `The signature is for ${key} "${statement[key]}", and "${expected[key]}" was asked for`,
    );
  }
}

function checkName(
  { manifest }: Skill,
  expected: { readonly name?: string; readonly version?: string },
  text: string,
): void {
  const name = toNameText(manifest.package);
  const { version } = manifest.package;
  if ((expected.name ?? name) === name && (expected.version ?? version) === version) return;
  throw fault(
    'wrong_software',
    `${text} was asked for, and the manifest says ${name}@${version}; it is another skill, nothing was loaded`,
    {
      got: `${name}@${version}`,
    },
  );
}
