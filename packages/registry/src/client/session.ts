// One visit to a registry: a staged copy of the verified metadata, an updater over it, and what it learned kept at the end.
//
// tuf-js writes its files in place, and a root that was cut off would lock the client out for good. So it works in a
// folder of its own; afterwards each file is renamed into the cache. It begins at the trust root each time and follows
// the cached roots from there, so that whoever can write to the cache still cannot change whom the client trusts.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPypesError, type PypesError } from '@pypes/contract';
import { Updater } from 'tuf-js';
import { fault } from '../faults.ts';
import { withLock } from '../files/lock.ts';
import type { Context } from './context.ts';
import { diagnose } from './diagnose.ts';
import { createFetcher, type Mode, type SessionFetcher } from './fetcher.ts';
import { keepProofs, listProofs, readProof } from './proofs.ts';
import { listRoots, readNewestRoot } from './root-cache.ts';
import { clearVisits, inStaging, keepVerified, stageCache, stageProof } from './staging.ts';
import { type Failure, openTrusted, type Trusted } from './trusted.ts';
import { refuseTwinKeys } from './twin-keys.ts';

/** An updater that has refreshed, and what it trusts. */
export type Session = {
  readonly updater: Updater;
  readonly trusted: Trusted;
  /** A folder that is gone after the session. */
  readonly staging: string;
};

/** How a session looks at the world. */
export type SessionOptions = {
  /** `newest`: ask the registry. `cached`: what is known, within its expiry. A role: what proves it, for pinned skills. */
  readonly look: 'newest' | 'cached' | { readonly role: string };
  /** The time that expiry is measured at; the present where absent. */
  readonly time?: Date;
};

/** @throws PypesError with the reason of whatever was refused */
export async function withSession<T>(
  context: Context,
  { look, time = new Date(context.now()) }: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  if (typeof look === 'object') {
    // A proof is one file and changes nothing: loading never waits for another process's download.
    const proof = await readProof(context, look.role);
    const mode: Mode = { kind: 'offline', ...(proof === undefined ? {} : { rootVersion: proof.rootVersion }) };
    return inStaging(tmpdir(), async (staging) => {
      await stageProof(staging, proof);
      return visit(context, mode, time, staging, work);
    });
  }
  await mkdir(context.folder, { recursive: true });
  const visitCache = async () => {
    await clearVisits(context.folder);
    return inStaging(context.folder, async (staging) => {
      await stageCache(join(context.folder, 'metadata'), staging);
      return visit(context, { kind: look === 'newest' ? 'online' : 'offline' }, time, staging, work);
    });
  };
  return withLock(join(context.folder, '.lock'), visitCache, context.limits.totalMs);
}

async function visit<T>(
  context: Context,
  mode: Mode,
  time: Date,
  staging: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  let last: Failure | PypesError | undefined;
  let trusted: Trusted | undefined;
  let refreshed = false;
  const before = readRoles(await readNewestRoot(context));
  await writeFile(join(staging, 'root.json'), context.trustedRoot);
  const fetcher = createFetcher(context, mode, staging, {
    failed: (error) => {
      // Offline, what was refused says more than that nothing else could be fetched.
      if (isPypesError(error) && (mode.kind === 'online' || last === undefined)) last = error;
    },
    rootsDone: async () => {
      if (mode.kind === 'online') await forgetAfterRotation(before, trusted, staging);
    },
  });
  const cachedRoots = (await listRoots(context)).length;
  const updater = openUpdater(context, staging, fetcher, cachedRoots);
  trusted = openTrusted(updater, time, refuseTwinKeys, (failure) => {
    last = failure;
  });
  try {
    await updater.refresh();
    if (mode.kind === 'online') await renewProven(context, trusted);
    last = undefined;
    refreshed = true;
    return await work({ updater, trusted, staging });
  } catch (error) {
    if (isPypesError(error)) throw error;
    if (last === undefined) throw error;
    throw isPypesError(last) ? last : diagnose(last, trusted, time);
  } finally {
    if (mode.kind === 'online') await keepVerified(context, staging, fetcher, trusted);
    // Also where the work failed: the revocation that made it fail must be known offline.
    if (mode.kind === 'online' && refreshed) await keepProofs(context, staging, trusted);
  }
}

function openUpdater(context: Context, staging: string, fetcher: SessionFetcher, cachedRoots: number): Updater {
  const { limits } = context;
  try {
    return new Updater({
      metadataDir: staging,
      metadataBaseUrl: context.url,
      targetBaseUrl: `${context.url}targets/`,
      fetcher,
      config: {
        maxRootRotations: limits.rootRotations + cachedRoots,
        maxDelegations: limits.delegations,
        rootMaxLength: limits.rootBytes,
        timestampMaxLength: limits.timestampBytes,
        snapshotMaxLength: limits.snapshotBytes,
        targetsMaxLength: limits.targetsBytes,
      },
    });
  } catch (cause) {
    throw fault(
      'malformed',
      'The trust root is no root metadata that its own keys have signed; get it again from the owners of the registry',
      { role: 'root' },
      cause,
    );
  }
}

/** Namespaces that were in use before are brought up to date, too; one that fails keeps its last proof. */
async function renewProven(context: Context, trusted: Trusted): Promise<void> {
  const delegated = trusted.targets?.signed.delegations?.roles ?? {};
  for (const role of await listProofs(context)) {
    if (!Object.hasOwn(delegated, role) || trusted.snapshot?.signed.meta[`${role}.json`] === undefined) continue;
    await trusted.load(role, 'targets').catch(() => undefined);
  }
}

type RootRoles = { readonly [role: string]: unknown };

/** Which keys the roles have under a root. */
function readRoles(root: Buffer): RootRoles | undefined {
  try {
    return (JSON.parse(root.toString('utf8')) as { readonly signed: { readonly roles: RootRoles } }).signed.roles;
  } catch {
    return undefined;
  }
}

/** TUF 5.3.11, which tuf-js leaves out: other keys make the old versions void, else a fast-forward could not be undone. */
async function forgetAfterRotation(
  before: RootRoles | undefined,
  trusted: Trusted | undefined,
  staging: string,
): Promise<void> {
  const roles = trusted?.root.signed.toJSON().roles as RootRoles | undefined;
  const changed = ['timestamp', 'snapshot'].some(
    (role) => JSON.stringify(roles?.[role]) !== JSON.stringify(before?.[role]),
  );
  if (!changed) return;
  for (const role of ['timestamp', 'snapshot']) await rm(join(staging, `${role}.json`), { force: true });
}
