// One version of a file: its calls wait here for one of its threads.
import { availableParallelism } from 'node:os';
import { type AgentContext, type Json, type JsonObject, PypesError } from '@pypes/contract';
import { toAbortError } from '../../abort.ts';
import type { AgentSource } from '../wire/messages.ts';
import type { AgentThread, ThreadOwner } from './agent-thread.ts';
import { type PoolCall, settleCall } from './call.ts';
import { closingError } from './errors.ts';
import { toPayload } from './payload.ts';
import type { Pool } from './pool.ts';

/** After a stall, threads get few calls ahead for so long, so that there is little to move at the next one. */
const CAREFUL_MS = 1_000;
const CALLS_AHEAD = 4;
const CORES = availableParallelism();

/** What a file needs before its first thread, and how many it may have. */
type Preparation = { readonly prepare?: () => Promise<unknown>; readonly isPinned?: boolean };

type Description = { readonly resolve: (agent: Json) => void; readonly reject: (error: PypesError) => void };

export class AgentFile implements ThreadOwner {
  readonly path: string;
  /** How many loaded agents hold on to this version. */
  holders = 0;
  #source: AgentSource;
  /** Undefined once it was done. */
  #prepare: (() => Promise<unknown>) | undefined;
  #preparing: Promise<void> | undefined;
  readonly #mostThreads: number;
  readonly #pool: Pool;
  readonly #loadMs: number;
  readonly #threads = new Set<AgentThread>();
  #queue: PoolCall[] = [];
  #current: AgentThread | undefined;
  #carefulUntil = 0;
  #described: Description | undefined;
  #description: Promise<Json> | undefined;

  constructor(source: AgentSource, loadMs: number, pool: Pool, { prepare, isPinned = false }: Preparation = {}) {
    this.path = source.path;
    this.#source = source;
    this.#prepare = prepare;
    this.#mostThreads = isPinned ? 1 : pool.settings.threadsPerFile;
    this.#loadMs = loadMs;
    this.#pool = pool;
  }

  get source(): AgentSource {
    return { ...this.#source, wantsAgent: this.#described !== undefined };
  }

  get isMetered(): boolean {
    return this.#pool.settings.isMetered;
  }

  get hasCoreToSpare(): boolean {
    return this.#threads.size < Math.min(CORES, this.#mostThreads);
  }

  get wantsThread(): boolean {
    return this.#queue.length > 0 || this.#described !== undefined;
  }

  /** Runs one call; see LoadedAgent.run. */
  run(context: AgentContext, args: JsonObject): Promise<Json> {
    if (context.stopped) return Promise.reject(toAbortError(context.signal));
    if (this.#pool.closed) return Promise.reject(closingError());
    if (this.#prepare !== undefined) return this.#makeReady(this.#prepare).then(() => this.run(context, args));
    return new Promise((resolve, reject) => {
      const call: PoolCall = { context, args: toPayload(args), resolve, reject, settled: false };
      this.#pool.watch(this);
      if (this.#current?.state === 'open' && this.#carefulUntil === 0 && this.#queue.length === 0) {
        this.#current.send(call);
      } else {
        this.#queue.push(call);
        this.dispatch();
      }
    });
  }

  #makeReady(prepare: () => Promise<unknown>): Promise<void> {
    if (this.#preparing === undefined) this.#pool.warm();
    this.#preparing ??= prepare()
      .then((attachment) => {
        this.#source = { ...this.#source, attachment };
        this.#prepare = undefined;
      })
      .finally(() => {
        this.#preparing = undefined;
      });
    return this.#preparing;
  }

  /** Loads the module in a thread and returns its AGENT; at once where that was done before. */
  describe(): Promise<Json> {
    this.#description ??= new Promise<Json>((resolve, reject) => {
      if (this.#pool.closed) {
        reject(closingError());
        return;
      }
      this.#described = { resolve, reject };
      this.#pool.watch(this);
      this.dispatch();
    }).catch((error: unknown) => {
      this.#description = undefined;
      throw error;
    });
    return this.#description;
  }

  /** Hands waiting calls to threads, and asks for a thread where none can take them. */
  dispatch(): void {
    while (this.#queue.length > 0) {
      const thread = this.#pick();
      if (thread === undefined) break;
      thread.send(this.#queue.shift() as PoolCall);
    }
    if (this.wantsThread) this.#grow();
  }

  /** Returns whether there is more to watch. */
  tick(late: boolean): boolean {
    if (this.#carefulUntil !== 0 && performance.now() > this.#carefulUntil) this.#carefulUntil = 0;
    this.#queue = this.#queue.filter((call) => {
      if (call.context.stopped) settleCall(call, toAbortError(call.context.signal));
      return !call.settled;
    });
    for (const thread of this.#threads) {
      if (thread.state === 'loading' && performance.now() - thread.startedAt > this.#loadMs) this.#giveUp(thread);
      else thread.tick(late);
    }
    this.dispatch();
    return this.wantsThread || [...this.#threads].some((thread) => thread.busy);
  }

  /** No call comes any more. */
  close(): void {
    for (const thread of this.#threads) thread.retire();
    this.#pool.forget(this);
  }

  /** Ends everything now: calls in flight and waiting fail with `error`. */
  abort(error: PypesError): void {
    // Their calls may come back to the queue.
    for (const thread of this.#threads) thread.end(error);
    for (const call of this.#queue.splice(0)) settleCall(call, error);
    this.#described?.reject(error);
    this.#described = undefined;
  }

  ready(thread: AgentThread, agentText: string): void {
    this.#pool.opened();
    if (this.#current?.state !== 'open') this.#current = thread;
    if (agentText !== '') {
      this.#described?.resolve(JSON.parse(agentText) as Json);
      this.#described = undefined;
    }
    this.dispatch();
  }

  broken(_thread: AgentThread, error: PypesError): void {
    this.#described?.reject(error);
    this.#described = undefined;
    if ([...this.#threads].some(({ state }) => state === 'open')) return;
    for (const call of this.#queue.splice(0)) settleCall(call, error);
  }

  returned(calls: readonly PoolCall[]): void {
    this.#carefulUntil = performance.now() + CAREFUL_MS;
    this.#queue.unshift(...calls);
    this.#pool.watch(this);
    queueMicrotask(() => this.dispatch());
  }

  freed(thread: AgentThread): void {
    if (this.#current?.state !== 'open') this.#current = thread;
    if (this.#queue.length > 0) this.dispatch();
  }

  ended(thread: AgentThread, ending: Promise<unknown>): void {
    this.#threads.delete(thread);
    if (this.#current === thread) this.#current = undefined;
    this.#pool.release(thread, ending);
    if (this.#queue.length > 0) queueMicrotask(() => this.dispatch());
  }

  /** The open thread with the least before it. */
  #pick(): AgentThread | undefined {
    const most = this.#carefulUntil === 0 ? Number.POSITIVE_INFINITY : CALLS_AHEAD;
    let best: AgentThread | undefined;
    for (const thread of this.#threads) {
      if (thread.state !== 'open' || thread.unclaimed >= most) continue;
      if (best === undefined || thread.unclaimed < best.unclaimed) best = thread;
    }
    return best;
  }

  #grow(): void {
    for (const thread of this.#threads) if (thread.state === 'loading') return;
    if (this.#threads.size < this.#mostThreads) {
      const thread = this.#pool.acquire(this);
      if (thread !== undefined) this.#threads.add(thread);
      return;
    }
    [...this.#threads].find((thread) => thread.reusable)?.reopen();
  }

  #giveUp(thread: AgentThread): void {
    const error = new PypesError('agent_broken', `The top level of the file has not ended within ${this.#loadMs} ms`, {
      details: { file: this.path },
    });
    thread.end(error);
    this.broken(thread, error);
  }
}
