// One call of an agent: handed to a worker of its pack, answered once, stopped when its signal says so.
import {
  type AgentContext,
  type Json,
  type JsonObject,
  type Limits,
  type LogLevel,
  type PypesError,
  toPypesError,
} from '@pypes/contract';
import { toAbortError } from '../../abort.ts';
import { type Bridge, createBridge } from '../../bridge.ts';
import { ownerOf } from '../../owner.ts';
import type { PoolJob } from '../pool/group.ts';
import type { Pool } from '../pool/pool.ts';
import type { Worker } from '../process/worker.ts';
import { explainEnd } from '../sandbox/end.ts';
import { checkResult } from './answer.ts';
import { toFailure } from './failure.ts';
import { createCallLog } from './logs.ts';

/** A file as a worker knows it. */
export type WorkerFile = {
  readonly key: string;
  readonly packGuid: string;
  /** It names BRAINSTEM_MEMORY_PATH: its calls take their memory out before they take a worker. */
  readonly usesMemoryPath: boolean;
  /** A worker in the sandbox that serves it serves nothing else, and one user only. */
  readonly isConfined: boolean;
  readonly load: { readonly op: 'load' };
};

/** The calls that may share workers have the same one. */
export function groupOf({ packGuid, key, isConfined }: WorkerFile, owner = ownerOf({})): string {
  return isConfined ? JSON.stringify([packGuid, key, owner]) : packGuid;
}

/** Requests that may last: the worker does not count as computing meanwhile. */
const LASTING: ReadonlySet<string> = new Set(['call', 'memory.checkout']);
const LEVELS: ReadonlySet<string> = new Set(['debug', 'info', 'warn', 'error']);

export async function runCall(
  pool: Pool,
  file: WorkerFile,
  selector: string,
  limits: Limits,
  context: AgentContext,
  args: JsonObject,
): Promise<Json> {
  if (context.stopped) throw toAbortError(context.signal);
  const bridge = createBridge(context);
  const document = file.usesMemoryPath ? await untilStopped(context, bridge('memory.checkout', [])) : undefined;
  const message = {
    op: 'call',
    key: file.key,
    agent: selector,
    args,
    name: context.agent,
    pack: context.packGuid,
    user: context.userGuid,
    run: context.runId,
    lines: limits.logLines,
    length: limits.logLineLength,
    bytes: limits.outputBytes,
    document,
  };
  return new Promise((resolve, reject) => {
    startJob(pool, file, limits, context, bridge, message, resolve, reject);
  });
}

function startJob(
  pool: Pool,
  file: WorkerFile,
  limits: Limits,
  context: AgentContext,
  bridge: Bridge,
  message: PoolJob['message'],
  resolve: (value: Json) => void,
  reject: (error: Error) => void,
): void {
  const group = groupOf(file, ownerOf(context));
  const log = createCallLog(limits, (level, text, data) => context.log(level, text, data));
  let isSettled = false;
  let unlisten: () => void = () => undefined;

  function settle(): boolean {
    if (isSettled) return false;
    isSettled = true;
    unlisten();
    log.close();
    return true;
  }

  function fail(error: Error): void {
    if (settle()) reject(error);
  }

  function onStop(): void {
    const error = toAbortError(context.signal);
    fail(error);
    pool.cancel(group, job, error);
  }

  let isAsking = false;
  const job: PoolJob = {
    message,
    file,
    limits,
    onAnswer(isResult, answer, size) {
      const failure = isResult ? checkResult(answer, size, limits, file.isConfined) : toFailure(answer);
      if (failure !== undefined) fail(failure);
      else if (settle()) resolve(answer as Json);
    },
    onLine: (descriptor, line) => {
      if (!isSettled) log.write(descriptor === 1 ? 'info' : 'warn', line);
    },
    onNotice(operation, parameters) {
      if (isSettled) return;
      if (operation === 'dropped') {
        log.addDropped(toCount(parameters[0]));
      } else if (operation === 'log') {
        const [level, text, data] = parameters as [LogLevel, unknown, Json?];
        log.write(LEVELS.has(level) ? level : 'info', String(text), data ?? undefined);
      } else if (operation === 'progress') {
        bridge(operation, parameters as Json[]).catch(() => {});
      }
    },
    onRequest(worker, operation, parameters) {
      if (isSettled) return;
      // A worker waits for each answer: one that does not is no longer in the hands of its own code.
      if (isAsking) throw new RangeError('A worker asked before it was answered');
      isAsking = true;
      if (LASTING.has(operation)) pool.setBlocked(worker, true);
      bridge(operation, parameters as Json[]).then(
        (value) => answer(worker, { ok: value }),
        (error: unknown) => answer(worker, toRefusal(toPypesError(error))),
      );
    },
    onEnd: (error) => fail(file.isConfined ? explainEnd(error, limits) : error),
    onRefused: fail,
  };

  function answer(worker: Worker, reply: object): void {
    isAsking = false;
    pool.setBlocked(worker, false);
    if (worker.job === job) worker.reply(reply);
  }

  unlisten = context.onStop(onStop);
  pool.submit(group, job);
}

function toCount(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER) : 0;
}

/** The promise, unless the call is stopped first. */
function untilStopped<Value>(context: AgentContext, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const unlisten = context.onStop(() => reject(toAbortError(context.signal)));
    promise.then(resolve, reject).finally(unlisten);
  });
}

function toRefusal({ code, message, details }: PypesError): object {
  return { code, message, ...(details === undefined ? {} : { details }) };
}
