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
import { type CallLog, createCallLog } from './logs.ts';

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
  const bridge = file.usesMemoryPath ? createBridge(context) : undefined;
  const document = bridge && (await untilStopped(context, bridge('memory.checkout', [])));
  const message = {
    op: 'call',
    key: file.key,
    agent: selector,
    args,
    name: context.agent,
    pack: context.packGuid,
    user: context.userGuid,
    run: context.runId,
    document,
  };
  return new Promise((resolve, reject) => {
    new Call(pool, file, limits, context, message, bridge, resolve, reject).submit();
  });
}

/** One object for each call, and nothing more: at thousands a second, every closure would count. */
class Call implements PoolJob {
  readonly message: PoolJob['message'];
  readonly file: WorkerFile;
  readonly limits: Limits;
  waitingSince?: number;
  worker?: Worker;
  expected?: number;
  readonly #pool: Pool;
  readonly #context: AgentContext;
  readonly #resolve: (value: Json) => void;
  readonly #reject: (error: Error) => void;
  readonly #group: string;
  #unlisten: (() => void) | undefined;
  #bridge: Bridge | undefined;
  #log: CallLog | undefined;
  #isSettled = false;
  #isAsking = false;

  constructor(
    pool: Pool,
    file: WorkerFile,
    limits: Limits,
    context: AgentContext,
    message: PoolJob['message'],
    bridge: Bridge | undefined,
    resolve: (value: Json) => void,
    reject: (error: Error) => void,
  ) {
    this.message = message;
    this.file = file;
    this.limits = limits;
    this.#pool = pool;
    this.#context = context;
    this.#bridge = bridge;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#group = groupOf(file, ownerOf(context));
  }

  submit(): void {
    // Where the call has just been stopped, it is settled at once.
    this.#unlisten = this.#context.onStop(() => this.#onStop());
    if (!this.#isSettled) this.#pool.submit(this.#group, this);
  }

  onAnswer(isResult: boolean, answer: unknown, size: number): void {
    const failure = isResult ? checkResult(answer, size, this.limits, this.file.isConfined) : toFailure(answer);
    if (failure !== undefined) this.#fail(failure);
    else if (this.#settle()) this.#resolve(answer as Json);
  }

  onLine(descriptor: 1 | 2, line: string): void {
    if (!this.#isSettled) this.#written.write(descriptor === 1 ? 'info' : 'warn', line);
  }

  onNotice(operation: string, parameters: readonly unknown[]): void {
    if (this.#isSettled) return;
    if (operation === 'dropped') {
      this.#written.addDropped(toCount(parameters[0]));
    } else if (operation === 'log') {
      const [level, text, data] = parameters as [LogLevel, unknown, Json?];
      this.#written.write(LEVELS.has(level) ? level : 'info', toText(text), data ?? undefined);
    } else if (operation === 'progress') {
      this.#ask(operation, parameters).catch(() => {});
    }
  }

  onRequest(worker: Worker, operation: string, parameters: readonly unknown[]): void {
    if (this.#isSettled) return;
    // A worker waits for each answer: one that does not is no longer in the hands of its own code.
    if (this.#isAsking) throw new RangeError('A worker asked before it was answered');
    this.#isAsking = true;
    if (LASTING.has(operation)) this.#pool.setBlocked(worker, true);
    this.#ask(operation, parameters).then(
      (value) => this.#reply(worker, { ok: value }),
      (error: unknown) => this.#reply(worker, toRefusal(toPypesError(error))),
    );
  }

  onEnd(error: PypesError): void {
    this.#fail(this.file.isConfined ? explainEnd(error, this.limits) : error);
  }

  onRefused(error: Error): void {
    this.#fail(error);
  }

  #ask(operation: string, parameters: readonly unknown[]): Promise<Json> {
    this.#bridge ??= createBridge(this.#context);
    return this.#bridge(operation, parameters as Json[]);
  }

  #reply(worker: Worker, reply: object): void {
    this.#isAsking = false;
    this.#pool.setBlocked(worker, false);
    if (worker.job === this) worker.reply(reply);
  }

  get #written(): CallLog {
    this.#log ??= createCallLog(this.limits, (level, text, data) => this.#context.log(level, text, data));
    return this.#log;
  }

  #onStop(): void {
    const error = toAbortError(this.#context.signal);
    this.#fail(error);
    this.#pool.cancel(this.#group, this, error);
  }

  #fail(error: Error): void {
    if (this.#settle()) this.#reject(error);
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.#unlisten?.();
    this.#log?.close();
    return true;
  }
}

/** A worker that an agent has taken over may say anything, also what has no text. */
function toText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
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
