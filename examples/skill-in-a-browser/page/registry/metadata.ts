// One metadata file of TUF: parsed, and judged by the keys of whoever may sign it, with the browser's own Ed25519.
import { type Bytes, fromHex, toDigest } from './bytes.ts';
import { fieldOf, type JsonObject, parseObject, toCanonicalJson, toCount, toList, toObject, toText } from './json.ts';
import { Refused } from './refused.ts';

export type Metadata = {
  readonly file: string;
  readonly bytes: Bytes;
  readonly signed: JsonObject;
  readonly signatures: ReadonlyMap<string, string>;
  readonly version: number;
  readonly expires: string;
};

/** Who may sign a role, by key id, and how many of them must. */
export type Signers = { readonly keys: ReadonlyMap<string, string>; readonly threshold: number };

/** @throws Refused `malformed` */
export function parseMetadata(role: string, type: string, bytes: Bytes): Metadata {
  const file = `${role}.json`;
  const whole = parseObject(bytes, file);
  const signed = toObject(fieldOf(whole, 'signed'), file);
  if (fieldOf(signed, '_type') !== type)
    throw new Refused('malformed', `The registry's ${file} is no ${type} metadata`);
  const list = toList(fieldOf(whole, 'signatures'), file).map((each) => toObject(each, file));
  const expires = toText(fieldOf(signed, 'expires'), file);
  if (Number.isNaN(Date.parse(expires))) throw new Refused('malformed', `The registry's ${file} expires at no time`);
  return {
    file,
    bytes,
    signed,
    signatures: new Map(
      list.map((each) => [toText(fieldOf(each, 'keyid'), file), toText(fieldOf(each, 'sig'), file)] as const),
    ),
    version: toCount(fieldOf(signed, 'version'), file),
    expires,
  };
}

/** The signers of a role: `holder` is root metadata, or the `delegations` of a role that lists targets. */
export function signersOf(keys: JsonObject, role: JsonObject, file: string): Signers {
  const ids = toList(fieldOf(role, 'keyids'), file).map((id) => toText(id, file));
  const known = ids.flatMap((id): [string, string][] => {
    const key = fieldOf(keys, id);
    if (key === undefined) return [];
    const object = toObject(key, file);
    if (fieldOf(object, 'scheme') !== 'ed25519') return [];
    return [[id, toText(fieldOf(toObject(fieldOf(object, 'keyval'), file), 'public'), file).toLowerCase()]];
  });
  const threshold = toCount(fieldOf(role, 'threshold'), file);
  if (threshold < 1) throw new Refused('malformed', `The registry's ${file} asks for no signature of a role`);
  return { keys: new Map(known), threshold };
}

/**
 * The ids of the keys whose signatures hold. One key under two ids counts once.
 *
 * @throws Refused `wrong_key`, `tampered` or `threshold_not_met`
 */
export async function checkSignatures(metadata: Metadata, { keys, threshold }: Signers): Promise<readonly string[]> {
  const { file, signed, signatures } = metadata;
  const message = new TextEncoder().encode(toCanonicalJson(signed, file));
  const tried = [...keys].filter(([id]) => signatures.has(id));
  const valid: string[] = [];
  const holders = new Set<string>();
  for (const [id, key] of tried) {
    if (!(await isSignedBy(key, message, signatures.get(id) ?? ''))) continue;
    valid.push(id);
    holders.add(key);
  }
  if (holders.size >= threshold) return valid;
  if (tried.length === 0) {
    throw new Refused(
      'wrong_key',
      `The registry's ${file} is signed by no key that may sign it; it is not its owners'`,
    );
  }
  if (valid.length < tried.length) throw tampered(file);
  throw new Refused('threshold_not_met', `The registry's ${file} has ${holders.size} of ${threshold} signatures`);
}

async function isSignedBy(key: string, message: Bytes, signature: string): Promise<boolean> {
  try {
    const imported = await crypto.subtle.importKey('raw', fromHex(key), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', imported, fromHex(signature), message);
  } catch {
    return false;
  }
}

/**
 * Checks a file against what the file above it says of it: version, length and digest.
 *
 * @throws Refused `mixed` for a signed file that belongs to another state, `tampered` for any other
 */
export async function checkListed(
  metadata: Metadata,
  listed: JsonObject,
  signers: Signers,
): Promise<readonly string[]> {
  const { file, bytes, version } = metadata;
  const digest = await toDigest(bytes);
  const hashes = toObject(fieldOf(listed, 'hashes') ?? {}, file);
  const wanted = fieldOf(hashes, 'sha256');
  const length = fieldOf(listed, 'length');
  const isListed =
    (wanted === undefined || digest === `sha256:${String(wanted)}`) &&
    (length === undefined || length === bytes.length);
  const valid = await checkSignatures(metadata, signers).catch((error: unknown) => {
    throw isListed ? error : tampered(file);
  });
  if (isListed && version === toCount(fieldOf(listed, 'version'), file)) return valid;
  throw new Refused(
    'mixed',
    `The registry's ${file} is signed, but does not belong to the rest; its mirror mixes states`,
  );
}

function tampered(file: string): Refused {
  return new Refused('tampered', `The registry's ${file} was changed after it was signed; take another mirror`);
}
