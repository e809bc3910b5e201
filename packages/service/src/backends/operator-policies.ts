// The operator's policies on a machine: read from a file, read again when it changes, and a desk for approvals.
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  type ApprovalStore,
  type Call,
  isJsonObject,
  type JsonSchema,
  type Policy,
  PypesError,
  type SchemaCompiler,
} from '@pypes/contract';
import { type Ask, createAsk, createSwitch } from '@pypes/guard';
import { type HostFlow, parsePolicyFile } from '@pypes/host';
import type { LogEntry } from '../http/log.ts';

export type OperatorPoliciesOptions = {
  /** Has to be there. Absent: `policy.toml` below the root, where there is one. */
  readonly file?: string;
  readonly root: string;
  readonly schemas: SchemaCompiler;
  readonly approvals: ApprovalStore;
  readonly flow: HostFlow;
  readonly log: (entry: LogEntry) => void;
};

/** Policies that follow their file. */
export interface OperatorPolicies {
  readonly policy: Policy;
  /** Resolves when the file has been read. @throws PypesError `invalid_request` with every problem */
  readonly ready: Promise<void>;
  close(): void;
}

const LOOK_MS = 1_000;
const DECIDED_LOOK_MS = 250;

/**
 * Calls wait for the first reading, and are refused where it failed. A later reading that fails changes nothing: the
 * policies stay as they were, and the log says why.
 */
export function followPolicies(options: OperatorPoliciesOptions): OperatorPolicies {
  const { root, log } = options;
  const path = options.file === undefined ? join(root, 'policy.toml') : resolve(options.file);
  const place = createSwitch([]);
  let stamp: string | undefined;
  let isRead = false;

  async function read(): Promise<void> {
    stamp = stampOf(path);
    if (stamp === undefined) {
      if (options.file === undefined) return;
      throw new PypesError('invalid_request', `The file of policies "${path}" does not exist`);
    }
    const set = await parsePolicyFile(await readFile(path, 'utf8'), path);
    const policies = set.create({
      ...options.flow,
      schemas: options.schemas,
      now: Date.now,
      readSchema: (name) => readSchema(join(dirname(path), name)),
      createAsk: (version) => createDesk(options, version),
    });
    place.replace(policies);
    log({ level: 'info', event: 'policy.loaded', file: path, policies: policies.length, version: set.version });
  }

  async function look(): Promise<void> {
    const now = stampOf(path);
    if (!isRead || now === stamp) return;
    if (now === undefined) {
      stamp = undefined;
      log({ level: 'error', event: 'policy.gone', file: path, message: 'The policies stay as they were' });
      return;
    }
    await read().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      log({ level: 'error', event: 'policy.refused', file: path, reason, message: 'The policies stay as they were' });
    });
  }

  const ready = read().finally(() => {
    isRead = true;
  });
  // Whoever calls meets the failure; nobody has to wait for it here.
  ready.catch(() => undefined);
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  let isReady = false;
  ready.then(
    () => {
      isReady = true;
    },
    () => undefined,
  );
  return {
    policy: (call, next) => (isReady ? place.policy(call, next) : ready.then(() => place.policy(call, next))),
    ready,
    close: () => clearInterval(timer),
  };
}

function createDesk({ approvals: store, log }: OperatorPoliciesOptions, policyVersion: string): Ask {
  return createAsk({
    store,
    now: Date.now,
    newId: randomUUID,
    policyVersion,
    onRequest: ({ id, tool, from, reason, expires_at }) =>
      log({ level: 'warn', event: 'approval.requested', id, tool, from, reason, expires_at }),
    wait: (id, ms, call) => waitForDecision(store, id, ms, call),
  });
}

/** Another process decides, so there is nothing to wait on but the file. */
async function waitForDecision(store: ApprovalStore, id: string, ms: number, _call: Call): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await new Promise((done) => setTimeout(done, Math.min(DECIDED_LOOK_MS, end - performance.now() + 1)));
    if ((await store.get(id))?.state !== 'pending') return;
  }
}

/** A schema that a file of policies names. @throws PypesError `invalid_request` */
export function readSchema(path: string): JsonSchema {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PypesError('invalid_request', `The schema "${path}" cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (isJsonObject(value)) return value;
  throw new PypesError('invalid_request', `The schema "${path}" is no JSON object`);
}

function stampOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? undefined : `${found.mtimeNs} ${found.size} ${found.ino}`;
}
