// A client of one registry: finds, downloads, verifies and loads skills, and trusts nothing but its trust root.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Digest, toDigest, toHex } from '../encoding/digest.ts';
import { fault, type RegistryFault, toFaultReason } from '../faults.ts';
import type { Fetch } from '../http/download.ts';
import { toNameText } from '../manifest/names.ts';
import type { Checksums } from '../manifest/skill.ts';
import { type Revocation, readRevocations, refuseRevoked } from '../revocations/revocations.ts';
import type { RegistrySource } from '../sources/source.ts';
import { type Verified, verifySkill } from '../verify/verify-skill.ts';
import { type Collected, collectArtifacts, keepArtifact, readArtifact } from './artifacts.ts';
import { type CatalogEntry, readCatalog } from './catalog.ts';
import { type ClientLimits, type Context, DEFAULT_CLIENT_LIMITS } from './context.ts';
import { type Pin, resolveSource } from './resolve.ts';
import { searchCatalog } from './search.ts';
import { type Session, withSession } from './session.ts';

/** What a client is made with. */
export type RegistryClientOptions = {
  /** Where the repository is served. */
  readonly url: string;
  readonly cacheFolder: string;
  /** A root of the registry that came by a way that is trusted: the bytes of `1.root.json`, or of a later one. */
  readonly trustedRoot: Uint8Array;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly limits?: Partial<ClientLimits>;
  /** No network: everything comes from the cache, as long as its metadata has not expired. */
  readonly offline?: boolean;
};

/** What the registry says of itself. */
export type Freshness = {
  /** The version of the trust root that holds now. */
  readonly rootVersion: number;
  readonly timestampVersion: number;
  /** When the timestamp expires: after that, the client wants news. */
  readonly expires: string;
};

/** A verified skill of the registry. */
export type InstalledSkill = Verified & {
  readonly entry: CatalogEntry;
  readonly rootVersion: number;
  /** Offline only: the metadata has expired (which, is said), so that a yank or a revocation may be unknown. */
  readonly stale?: RegistryFault;
};

/** A client of one registry. Every failure is a PypesError with a reason of {@link RegistryFault} in its details. */
export interface RegistryClient {
  /** Fetches and verifies the registry's metadata. */
  refresh(): Promise<Freshness>;
  /** The version that a source means; with a pin, the pinned one. */
  resolve(source: RegistrySource, pin?: Pin): Promise<CatalogEntry>;
  /** Every version, from signed metadata. */
  list(): Promise<readonly CatalogEntry[]>;
  /** The highest usable version of each skill whose name or description has the words; best first. */
  search(words: string): Promise<readonly CatalogEntry[]>;
  /** Resolves, downloads, verifies and caches. Nothing is cached that was not verified. */
  install(source: RegistrySource, pin?: Pin): Promise<InstalledSkill>;
  /**
   * Loads what a lockfile pins from the cache, without a network. Bytes, signatures and revocations are checked again.
   * Expired metadata does not stop it, since the pin says what is wanted: it is said in `stale`.
   */
  load(source: RegistrySource, pin: Pin): Promise<InstalledSkill>;
  /** What the registry has revoked, as far as the cache knows. */
  revocations(): Promise<readonly Revocation[]>;
  /** Removes archives that no lockfile names. */
  collect(named: ReadonlySet<Digest>): Promise<Collected>;
}

/**
 * @example
 * const client = createRegistryClient({ url, cacheFolder, trustedRoot, fetch });
 * const { content, signers } = await client.install(parseSource('explicit:finance@1.0.0'));
 */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const context = toContext(options);
  const { limits } = context;
  const look = options.offline === true ? 'cached' : 'newest';
  const online = <T>(work: (session: Session) => Promise<T>) => withSession(context, { look }, work);
  const list = () => online((session) => readCatalog(session, limits.delegations));
  return {
    refresh: () => online(async ({ trusted }) => toFreshness(trusted)),
    resolve: (source, pin) => online((session) => resolveSource(session, limits.delegations, source, pin)),
    list,
    search: async (words) => searchCatalog(await list(), words),
    install: (source, pin) => online((session) => install(context, session, source, pin)),
    load: (source, pin) => load(context, source, pin),
    revocations: () => readKnownRevocations(context),
    collect: (named) => collectArtifacts(context.artifacts, named),
  };
}

/** Nothing has expired at this time. */
const ANY_TIME = new Date(0);

function toContext({ url, cacheFolder, trustedRoot, fetch, now = Date.now, limits }: RegistryClientOptions): Context {
  const base = url.endsWith('/') ? url : `${url}/`;
  // What one registry or trust root taught never counts for another.
  const own = toHex(toDigest(Buffer.concat([Buffer.from(`${base}\n`), trustedRoot]))).slice(0, 32);
  return {
    url: base,
    folder: join(resolve(cacheFolder), 'registries', own),
    artifacts: join(resolve(cacheFolder), 'artifacts'),
    trustedRoot: Buffer.from(trustedRoot),
    fetch,
    now,
    limits: { ...DEFAULT_CLIENT_LIMITS, ...limits },
  };
}

function toFreshness({ root, timestamp }: Session['trusted']): Freshness {
  return {
    rootVersion: root.signed.version,
    timestampVersion: timestamp!.signed.version,
    expires: timestamp!.signed.expires,
  };
}

async function install(
  context: Context,
  session: Session,
  source: RegistrySource,
  pin: Pin | undefined,
): Promise<InstalledSkill> {
  const entry = await resolveSource(session, context.limits.delegations, source, pin);
  if (entry.length > context.limits.skillBytes) {
    throw fault(
      'too_large',
      `${entry.text}@${entry.version} has ${entry.length} bytes; ${context.limits.skillBytes} are allowed`,
    );
  }
  const cached = await readArtifact(context.artifacts, entry.digest);
  if (cached !== undefined && toDigest(cached) === entry.digest) return verify(session, entry, cached, 'known');
  const bytes = await fetchArchive(session, entry);
  const installed = verify(session, entry, bytes);
  await keepArtifact(context.artifacts, bytes);
  return installed;
}

async function fetchArchive({ updater, staging }: Session, entry: CatalogEntry): Promise<Buffer> {
  const target = await updater.getTargetInfo(entry.path);
  const path = join(staging, 'archive');
  try {
    await updater.downloadTarget(target!, path);
  } catch (cause) {
    if (toFaultReason(cause) !== undefined) throw cause;
    throw fault(
      'tampered',
      `${entry.text}@${entry.version} is not what was signed; nothing was installed, take another mirror`,
      {
        skill: entry.text,
        wanted: entry.digest,
      },
      cause,
    );
  }
  return readFile(path);
}

function verify(
  { trusted }: Session,
  entry: CatalogEntry,
  bytes: Buffer,
  checksums: Checksums = 'check',
): InstalledSkill {
  const verified = verifySkill({
    bytes,
    proof: { kind: 'registry', digest: entry.digest, role: entry.role, signers: entry.signers },
    expected: { name: entry.text, version: entry.version, digest: entry.digest },
    revocations: readRevocations(trusted.targets!.signed),
    checksums,
  });
  return { ...verified, entry, rootVersion: trusted.root.signed.version };
}

const EXPIRED: readonly (RegistryFault | undefined)[] = [
  'frozen',
  'expired_root',
  'expired_snapshot',
  'expired_targets',
];

async function load(context: Context, source: RegistrySource, pin: Pin): Promise<InstalledSkill> {
  const revocations = await readKnownRevocations(context);
  refuseRevoked(revocations, pin.digest, `${toNameText(source)}@${pin.version}`);
  const look = { role: source.namespace ?? 'targets' };
  const visit = (time?: Date) =>
    withSession(context, { look, ...(time === undefined ? {} : { time }) }, async (session) => {
      const entry = await resolveSource(session, context.limits.delegations, source, pin);
      const bytes = await readArtifact(context.artifacts, entry.digest);
      // Only verified archives are kept, and the digest says that it is the same one.
      if (bytes !== undefined) return verify(session, entry, bytes, 'known');
      throw fault('missing', `${toNameText(source)}@${pin.version} is not in the cache; install it again`, {
        digest: pin.digest,
      });
    });
  try {
    return await visit();
  } catch (error) {
    const stale = toFaultReason(error);
    if (stale === undefined || !EXPIRED.includes(stale)) throw error;
    return { ...(await visit(ANY_TIME)), stale };
  }
}

/** A revocation holds whether or not the list that says so has expired. */
function readKnownRevocations(context: Context): Promise<readonly Revocation[]> {
  return withSession(context, { look: { role: 'targets' }, time: ANY_TIME }, async ({ trusted }) =>
    readRevocations(trusted.targets!.signed),
  );
}
