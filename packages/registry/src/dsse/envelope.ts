// Signed statements about bytes that no TUF repository lists: DSSE envelopes over a digest.
import { isJsonObject, type Json } from '@pypes/contract';
import { toCanonicalJson } from '../encoding/canonical.ts';
import { type Digest, isDigest } from '../encoding/digest.ts';
import { fault } from '../faults.ts';
import { isSignedBy, type PublicKey, type SigningKey } from '../keys/key.ts';

/** What the payload is; part of what is signed, so that no other statement of the same key can be passed off as this. */
export const SIGNATURE_TYPE = 'application/vnd.pypes.signature.v1+json';

/** What a signer says: these bytes are mine, and, where said, they are this version of this skill. */
export type Statement = { readonly digest: Digest; readonly name?: string; readonly version?: string };

/** A DSSE envelope; payload and signatures are base64. */
export type Envelope = {
  readonly payloadType: typeof SIGNATURE_TYPE;
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
};

const MOST_SIGNATURES = 32;

/** Signs a statement with one or more keys. */
export function signStatement(statement: Statement, keys: readonly SigningKey[]): Envelope {
  const payload = Buffer.from(toCanonicalJson({ ...statement }));
  const bytes = toPae(payload);
  return {
    payloadType: SIGNATURE_TYPE,
    payload: payload.toString('base64'),
    signatures: keys.map((key) => ({ keyid: key.keyId, sig: key.sign(bytes).toString('base64') })),
  };
}

/** @throws PypesError with the reason `malformed` */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw fault('malformed', 'The signature file is no JSON', {}, cause);
  }
  if (!isEnvelope(json))
    throw fault('malformed', `The signature file is no DSSE envelope of the type ${SIGNATURE_TYPE}`);
  return json;
}

/**
 * The statement of an envelope and the trusted keys that signed it, each counted once. No statement comes out of an
 * envelope that nobody trusted has signed.
 *
 * @throws PypesError with the reason `wrong_key`, `tampered` or `malformed`
 */
export function verifyEnvelope(
  envelope: Envelope,
  trusted: readonly PublicKey[],
): { readonly statement: Statement; readonly signers: readonly string[] } {
  const payload = Buffer.from(envelope.payload, 'base64');
  const bytes = toPae(payload);
  const signatures = envelope.signatures.slice(0, MOST_SIGNATURES);
  const ours = trusted.filter((key) => signatures.some(({ keyid }) => keyid === key.keyId));
  const signers = ours.filter((key) =>
    signatures.some(({ keyid, sig }) => keyid === key.keyId && isSignedBy(key, bytes, Buffer.from(sig, 'base64'))),
  );
  if (ours.length === 0) {
    throw fault(
      'wrong_key',
      'The signature is by no key that you trust; compare the key id with its publisher, then trust it',
      {
        keyids: signatures.map(({ keyid }) => keyid),
      },
    );
  }
  if (signers.length === 0)
    throw fault('tampered', 'The signature does not fit its statement; one of them was changed');
  return { statement: parseStatement(payload), signers: [...new Set(signers.map(({ keyId }) => keyId))] };
}

/** DSSE's pre-authentication encoding. */
function toPae(payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(SIGNATURE_TYPE)} ${SIGNATURE_TYPE} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

function parseStatement(payload: Buffer): Statement {
  const json: unknown = JSON.parse(payload.toString('utf8'));
  const optional = (value: Json | undefined) => value === undefined || typeof value === 'string';
  if (isJsonObject(json) && isDigest(json.digest) && optional(json.name) && optional(json.version))
    return json as Statement;
  throw fault('malformed', 'The signed statement names no digest');
}

function isEnvelope(value: unknown): value is Envelope {
  if (!isJsonObject(value) || value.payloadType !== SIGNATURE_TYPE || typeof value.payload !== 'string') return false;
  return (
    Array.isArray(value.signatures) &&
    value.signatures.every(
      (item: Json) => isJsonObject(item) && typeof item.keyid === 'string' && typeof item.sig === 'string',
    )
  );
}
