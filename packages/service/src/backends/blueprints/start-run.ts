// A blueprint's run on this machine: a host with its components, held as they were checked, and a record on the disk.
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  type Approval,
  isJsonObject,
  type JsonObject,
  type JsonSchema,
  PypesError,
  toPypesError,
} from '@pypes/contract';
import type { CallEvent, Pack } from '@pypes/host';
import type { Blueprint } from '@pypes/host/blueprints';
import {
  type BlueprintResult,
  checkBlueprint,
  digestOfValue,
  runBlueprint,
  type StepEvent,
} from '@pypes/host/blueprints/run';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import type { LogEntry } from '../../http/log.ts';
import { createNodeHost, type NodeHost } from '../node-host.ts';
import { createRunDesk, createWaiting } from './desk.ts';
import { guidOf } from './guid.ts';
import type { OpenedComponents } from './open-components.ts';
import { createRunRecord, type RunRecord } from './run-record.ts';

/** What is to run, and who is told. */
export type StartRun = {
  readonly blueprint: Blueprint;
  /** The text that it was read from. */
  readonly text: string;
  readonly opened: OpenedComponents;
  readonly root: string;
  readonly input: JsonObject;
  readonly allowUnsafe: readonly string[];
  readonly signal: AbortSignal;
  readonly parallel?: number;
  readonly onStart?: (run: string, folder: string) => void;
  readonly onStep: (event: StepEvent) => void;
  readonly onEvent: (event: CallEvent) => void;
  readonly onApproval: (request: Approval) => void;
  readonly log: (entry: LogEntry) => void;
};

/** What came of it, and where it is recorded. */
export type RunOutcome = BlueprintResult & { readonly run: string; readonly folder: string };

/**
 * Runs a blueprint that has no error which is not allowed.
 *
 * @throws PypesError what the run failed with, with `run` and `record` in its details; it is in the record too
 */
export async function startRun(start: StartRun): Promise<RunOutcome> {
  const { blueprint, opened, root, signal, log } = start;
  const run = randomUUID();
  const ended = new AbortController();
  const host = createNodeHost({ folders: [], root, packs: opened.over, log, onEvent: start.onEvent });
  try {
    await host.ready;
    const held = await holdPacks(host, opened);
    const record = createRunRecord(root, run, await factsOf(start, run));
    try {
      start.onStart?.(run, record.folder);
      const result = await runBlueprint(host, {
        blueprint,
        facts: opened.facts,
        packs: held.packs,
        guid: guidOf(`pypes-blueprint\n${resolve(blueprint.path)}`),
        run,
        input: start.input,
        allowUnsafe: start.allowUnsafe,
        policies: {
          schemas: createAjvCompiler(),
          now: Date.now,
          readSchema: (path) => readSchema(join(dirname(resolve(blueprint.path)), path)),
          createAsk: createRunDesk(host.approvals, start.onApproval, ended.signal),
        },
        from: 'cli',
        signal,
        ...(start.parallel === undefined ? {} : { parallel: start.parallel }),
        onStep(event) {
          record.step({ ...event, time: new Date(event.time).toISOString() });
          start.onStep(event);
        },
        onEvent: start.onEvent,
        now: Date.now,
        sleep,
        decided: createWaiting(host.approvals, start.onApproval),
      });
      finish(record, { status: 'done', output: result.output, labels: result.labels });
      return { ...result, run, folder: record.folder };
    } catch (error) {
      const { code, message, details } = toPypesError(error);
      finish(record, { status: code === 'canceled' ? 'canceled' : 'failed', error: { code, message } });
      throw new PypesError(code, message, { details: { ...details, run, record: record.folder }, cause: error });
    } finally {
      record.close();
      held.release();
    }
  } finally {
    ended.abort();
    await host.close(signal.aborted ? 0 : undefined);
  }
}

async function factsOf({ blueprint, text, opened, input, allowUnsafe }: StartRun, run: string): Promise<JsonObject> {
  const findings = checkBlueprint(blueprint, opened.facts);
  return {
    run,
    status: 'running',
    started_at: new Date().toISOString(),
    pid: process.pid,
    blueprint: {
      name: blueprint.name,
      ...(blueprint.version === undefined ? {} : { version: blueprint.version }),
      path: resolve(blueprint.path),
      digest: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    },
    components: Object.fromEntries(
      [...opened.components].map(([name, { packGuid, digest }]) => [name, { pack_guid: packGuid, digest }]),
    ),
    input: await digestOfValue(input),
    allow_unsafe: [...allowUnsafe],
    findings: findings.map(({ code, severity, message, where }) => ({ code, severity, message, where: { ...where } })),
  };
}

function finish(record: RunRecord, facts: JsonObject): void {
  record.update({ ...facts, ended_at: new Date().toISOString() });
}

/** The packs as they were checked, open until they are released. @throws PypesError `conflict` where one has changed since */
async function holdPacks(host: NodeHost, { components }: OpenedComponents) {
  const packs = new Map<string, Pack>();
  const releases: (() => void)[] = [];
  const release = () => {
    for (const each of releases.splice(0)) each();
  };
  try {
    for (const [name, { packGuid, digest }] of components) {
      const pack = await host.get(packGuid);
      const hold = pack?.catalog.hold();
      if (pack === undefined || hold === undefined || (await pack.contentDigest?.()) !== digest) {
        hold?.();
        throw new PypesError('conflict', `"${name}" has changed since it was checked; run it again`);
      }
      releases.push(hold);
      packs.set(name, pack);
    }
    return { packs, release };
  } catch (error) {
    release();
    throw error;
  }
}

function readSchema(path: string): JsonSchema {
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

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    if (signal.aborted) {
      failed(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      failed(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      done();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
