// The context of one call: what the host gives to `run`, and the one switch that stops it (spec 1, context).
import {
  type AgentContext,
  type AgentMemory,
  type Json,
  type JsonObject,
  type Limits,
  type LogLevel,
  PypesError,
} from '@pypes/contract';
import type { Operation } from '../capabilities/operation.ts';
import { createMemoryFacade } from '../memory/memory-facade.ts';
import type { CallLog } from './call-log.ts';
import { createGauge, type Gauge } from './gauge.ts';

/** What a context is made of. */
export type CallContextParts = {
  readonly agent: string;
  readonly packGuid: string;
  readonly userGuid: string | undefined;
  readonly tenant: string | undefined;
  readonly runId: string;
  readonly rootRunId: string | undefined;
  readonly limits: Pick<Limits, 'fanOut' | 'openSockets'>;
  log(context: CallContext): CallLog;
  onProgress(fraction: number, message?: string): void;
  call(context: CallContext, agent: string, args: JsonObject): Promise<Json>;
  use(context: CallContext, operation: Operation, parameters: JsonObject): Promise<Json>;
};

/** A call's context. Most calls never look at the signal or the memory, so both are made when first asked for. */
export class CallContext implements AgentContext {
  readonly agent: string;
  readonly packGuid: string;
  declare readonly userGuid?: string;
  declare readonly tenant?: string;
  readonly runId: string;
  declare readonly rootRunId?: string;
  readonly #parts: CallContextParts;
  #memory: AgentMemory | undefined;
  #log: CallLog | undefined;
  #fanOut: Gauge | undefined;
  #sockets: Gauge | undefined;
  #controller: AbortController | undefined;
  #below: AbortController | undefined;
  #stopped: PypesError | undefined;
  #listeners: (() => void)[] | undefined;
  #ended = false;
  #releases: (() => void)[] | undefined;

  constructor(parts: CallContextParts) {
    const { userGuid, tenant, rootRunId } = parts;
    this.agent = parts.agent;
    this.packGuid = parts.packGuid;
    if (userGuid !== undefined) this.userGuid = userGuid;
    if (tenant !== undefined) this.tenant = tenant;
    this.runId = parts.runId;
    if (rootRunId !== undefined) this.rootRunId = rootRunId;
    this.#parts = parts;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#stopped !== undefined && !this.#controller.signal.aborted) this.#controller.abort(this.#stopped);
    return this.#controller.signal;
  }

  /** Stops what the call made other agents do, when it is stopped itself and when it has ended: nobody waits for it. */
  get below(): AbortSignal {
    this.#below ??= new AbortController();
    return this.#below.signal;
  }

  get stopped(): boolean {
    return this.#stopped !== undefined;
  }

  get memory(): AgentMemory {
    this.#memory ??= createMemoryFacade((operation, parameters) => this.use(operation, parameters));
    return this.#memory;
  }

  log(level: LogLevel, message: string, data?: Json): void {
    this.#lines.write(level, message, data);
  }

  get #lines(): CallLog {
    this.#log ??= this.#parts.log(this);
    return this.#log;
  }

  progress(fraction: number, message?: string): void {
    if (!Number.isFinite(fraction)) return;
    const told = message === undefined ? undefined : this.#lines.progress(message);
    if (message === undefined || told !== undefined) this.#parts.onProgress(Math.min(1, Math.max(0, fraction)), told);
  }

  async call(agent: string, args: JsonObject): Promise<Json> {
    const leave = this.#begin('call other agents');
    try {
      return await this.#parts.call(this, agent, args);
    } finally {
      leave();
    }
  }

  async use(operation: Operation, parameters: JsonObject): Promise<Json> {
    const leave = this.#begin(`use ${operation}`);
    try {
      return await this.#parts.use(this, operation, parameters);
    } finally {
      leave();
    }
  }

  /** Requests to the network that this call has under way. */
  get sockets(): Gauge {
    this.#sockets ??= createGauge('requests to the network', 'open_sockets', this.#parts.limits.openSockets, (error) =>
      this.stop(error),
    );
    return this.#sockets;
  }

  #begin(what: string): () => void {
    if (this.#ended) throw new PypesError('canceled', `The call has ended; it cannot ${what} any more`);
    if (this.#stopped !== undefined) throw this.#stopped;
    this.#fanOut ??= createGauge('calls and requests', 'fan_out', this.#parts.limits.fanOut, (error) =>
      this.stop(error),
    );
    return this.#fanOut.enter();
  }

  /** Stops the call: the guest is interrupted through the signal, and whoever waits gets `error`. */
  stop(error: PypesError): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = error;
    this.#controller?.abort(error);
    this.#below?.abort(error);
    for (const listener of this.#listeners?.slice() ?? []) listener();
  }

  /** Why the call was stopped. */
  get reason(): PypesError | undefined {
    return this.#stopped;
  }

  onStop(listener: () => void): () => void {
    if (this.#stopped !== undefined) listener();
    else {
      this.#listeners ??= [];
      this.#listeners.push(listener);
    }
    return () => {
      this.#listeners = this.#listeners?.filter((other) => other !== listener);
    };
  }

  /** Something to give back when the guest has really ended. */
  onEnd(release: () => void): void {
    // A lock that arrives after the end goes straight back.
    if (this.#ended) {
      release();
      return;
    }
    this.#releases ??= [];
    this.#releases.push(release);
  }

  end(): void {
    this.#ended = true;
    this.#below?.abort(new PypesError('canceled', 'The call that made it has ended'));
    if (this.#releases !== undefined) for (const release of this.#releases.splice(0)) release();
  }
}
