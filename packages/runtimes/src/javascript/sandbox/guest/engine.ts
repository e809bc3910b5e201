// One QuickJS in a WebAssembly instance of its own, with the prelude and the agent's file in it; one call at a time.
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from 'quickjs-emscripten-core';
import { HostError, LimitError, OutputError } from '../../../threads/guest/failure.ts';
import type { AgentSource } from '../../../threads/wire/messages.ts';
import { createDriver, type Driver, type Said, TOO_LONG } from './driver.ts';
import type { Call, EngineHost, EngineUser, Outcome } from './engine-call.ts';
import { InnerError } from './inner-error.ts';
import { createModuleLoader, preludeName, START_NAME } from './modules.ts';
import type { SandboxPlatform } from './platform.ts';
import { answerSync } from './services.ts';

/** The native stack that QuickJS may use: well below what the thread has. */
const STACK_BYTES = 256 * 1024;
/** What an outcome of the driver begins with (inside/prelude.ts); a failure begins with another letter. */
const RESULT = 'R';
const METHODS = ['load', 'meet', 'start', 'answer', 'fire', 'outcome'] as const;
const JOBS_AT_ONCE = 1_000;
const CALIBRATION_STEPS = 20_000;
/** Timers of one call at once: each costs the host, not the engine. */
const MOST_TIMERS = 10_000;
/** The longest delay that a timer has: the platform warns its operator of any other, and fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

export class SandboxEngine {
  dead = false;
  agentText = '';
  readonly #source: AgentSource;
  readonly #platform: SandboxPlatform;
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #methods = new Map<string, QuickJSHandle>();
  readonly #driver: Driver;
  /** Whether it is as large as it may be: what QuickJS says of an allocation that fails depends on what is left. */
  readonly #memory: { isFull: boolean };
  #call: Call | undefined;
  /** Whom the driver knows of. */
  #user: Omit<EngineUser, 'runId'> | undefined;
  #stopped: Error | undefined;
  /** QuickJS knows that it is stopped. */
  #isTold = false;
  #began = 0;
  /** What runs is the prelude: ours, and not counted. */
  #isOurs = true;
  /** No job waits in QuickJS. */
  #isDrained = true;
  /** How often QuickJS has asked since the call began, and may ask where the clock stands still. */
  #ticks = 0;
  #mostTicks = Number.POSITIVE_INFINITY;

  /** @throws InnerError, LimitError */
  static async create(source: AgentSource, name: string, platform: SandboxPlatform): Promise<SandboxEngine> {
    const memory = { isFull: false };
    const quickJs = await platform.createQuickJs(source.guestBytes, (isFull) => {
      memory.isFull = isFull;
    });
    return new SandboxEngine(source, name, platform, quickJs.newRuntime(), memory);
  }

  private constructor(
    source: AgentSource,
    name: string,
    platform: SandboxPlatform,
    runtime: QuickJSRuntime,
    memory: { isFull: boolean },
  ) {
    this.#source = source;
    this.#memory = memory;
    this.#platform = platform;
    this.#runtime = runtime;
    runtime.setMemoryLimit(source.guestBytes);
    runtime.setMaxStackSize(STACK_BYTES);
    runtime.setInterruptHandler(() => this.#onInterrupt());
    const loader = createModuleLoader(platform.textOf);
    runtime.setModuleLoader(loader.load, loader.resolve);
    this.#context = runtime.newContext();
    try {
      this.#connect();
      this.#driver = createDriver(this.#context, this.#methods);
      this.#driver.onInterrupt(() => this.#onInterrupt());
      loader.close();
      this.#calibrate();
      this.#load(name);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** The JSON text of the result, at once where the agent waits for nothing. @throws InnerError, LimitError, HostError */
  call(args: string, user: EngineUser, host: EngineHost): string | Promise<string> {
    const call: Call = { host, asking: 0, spent: 0 };
    this.#call = call;
    this.#ticks = 0;
    this.#meet(call, user);
    this.#enter('start', `[${args},${JSON.stringify(user.runId)}]`);
    if (call.outcome !== undefined) return this.#finish(call, call.outcome);
    return new Promise<Outcome>((settled) => {
      call.onOutcome = settled;
      host.onStop(() => {
        this.dead = true;
        this.#settle(call, { error: stoppedByHost() });
      });
    }).then((outcome) => this.#finish(call, outcome));
  }

  #finish(call: Call, outcome: Outcome): string {
    if (call.timers !== undefined) for (const timer of call.timers.values()) clearTimeout(timer);
    // What still waits would go on in the next call.
    if (call.asking > 0 || this.#stopped !== undefined || !this.#isDrained) this.dead = true;
    this.#call = undefined;
    if ('error' in outcome) throw outcome.error;
    return outcome.text;
  }

  #settle(call: Call | undefined, outcome: Outcome): void {
    if (call === undefined || call.outcome !== undefined) return;
    // What was stopped may have caught that: a promise of it is rejected like others.
    call.outcome = this.#stopped === undefined ? outcome : { error: this.#stop() };
    call.onOutcome?.(call.outcome);
  }

  /** All that it has lies in the memory of its instance, which goes with it. */
  dispose(): void {
    this.dead = true;
  }

  /** Loads the prelude: the functions of the driver. */
  #connect(): void {
    const start = `export { connect } from ${JSON.stringify(preludeName(this.#platform.extension))};`;
    const prelude = this.#compute(() => this.#context.evalCode(start, START_NAME, { type: 'module' }));
    const connect = this.#context.getProp(prelude, 'connect');
    const host = this.#context.newFunction('host', (kind, id, text) => this.#onHost(kind, id, text));
    const driver = this.#compute(() => this.#context.callFunction(connect, this.#context.undefined, host));
    for (const method of METHODS) this.#methods.set(method, this.#context.getProp(driver, method));
    for (const handle of [prelude, connect, host, driver]) handle.dispose();
  }

  #load(name: string): void {
    this.#isOurs = false;
    this.#ticks = 0;
    const module = this.#compute(() => this.#context.evalCode(this.#source.code, name, { type: 'module' }));
    const exported = this.#settledModule(module);
    const text = this.#compute(() =>
      this.#context.callFunction(this.#methods.get('load') as QuickJSHandle, this.#context.undefined, exported),
    );
    this.agentText = this.#context.getString(text);
    for (const handle of [exported, text]) handle.dispose();
  }

  /** Counts how often QuickJS asks in so many steps, which its build decides. */
  #calibrate(): void {
    const { stepsPerMs } = this.#platform;
    if (stepsPerMs === undefined) return;
    this.#ticks = 0;
    this.#compute(() => this.#context.evalCode(`for (let step = 0; step < ${CALIBRATION_STEPS}; step++);`)).dispose();
    this.#mostTicks = (this.#source.cpuMs * stepsPerMs * Math.max(1, this.#ticks)) / CALIBRATION_STEPS;
  }

  /** A module with a top-level await is a promise of its namespace. */
  #settledModule(module: QuickJSHandle): QuickJSHandle {
    this.#drain();
    const promise = this.#context.getPromiseState(module);
    if (promise.type === 'fulfilled') {
      if (promise.notAPromise !== true) module.dispose();
      return promise.value;
    }
    if (promise.type === 'rejected') throw this.#toError(promise.error);
    throw new InnerError({ message: 'The top level of the file awaits what never comes', stack: '' });
  }

  /** Tells the driver whose the calls are from now on, where that has changed. */
  #meet(call: Call, user: EngineUser): void {
    const known = this.#user;
    if (known?.agent === user.agent && known.packGuid === user.packGuid && known.userGuid === user.userGuid) return;
    const { userGuid, packGuid, agent } = user;
    this.#enter('meet', JSON.stringify([userGuid, packGuid, agent]));
    if (call.outcome === undefined) this.#user = { userGuid, packGuid, agent };
  }

  /** Calls into QuickJS for the call that runs, and does all that follows from it at once. */
  #enter(method: (typeof METHODS)[number], text: string): void {
    const call = this.#call;
    if (call === undefined || call.outcome !== undefined || this.dead) return;
    try {
      this.#isDrained = false;
      this.#ask(call, method, text);
      this.#drain();
      if (call.outcome !== undefined || method === 'meet') return;
      this.#ask(call, 'outcome', '');
      if (call.outcome === undefined && call.asking === 0 && (call.timers?.size ?? 0) === 0) {
        const message = 'run awaits what never comes: nothing is under way any more';
        const error = this.#memory.isFull ? this.#outOfMemory() : new InnerError({ message, stack: '' });
        this.#settle(call, { error });
      }
    } catch (error) {
      this.#settle(call, { error });
    }
  }

  /** Calls one function of the driver; a text that it gives is the outcome of the call. */
  #ask(call: Call, method: string, text: string): void {
    const { outputBytes } = this.#source;
    const said: Said = this.#timed(() => this.#driver.call(method, text, outputBytes + RESULT.length));
    if (said === '') return;
    if (typeof said === 'string') this.#onOutcome(call, said);
    else if (said === undefined) throw this.#outOfMemory();
    else if (said !== TOO_LONG) throw this.#toError(said);
    else {
      const message = `The result has more than ${outputBytes} bytes`;
      this.#settle(call, { error: new OutputError('output_too_large', message) });
    }
  }

  #drain(): void {
    while (this.#runtime.hasPendingJob()) {
      const thrown = this.#timed(() => this.#driver.runJobs(JOBS_AT_ONCE));
      if (thrown !== undefined) {
        const error = this.#toError(thrown);
        if (this.dead) throw error;
      }
      if (this.#mustStop()) throw this.#stop();
    }
    this.#isDrained = true;
  }

  #compute(work: () => ReturnType<QuickJSContext['callFunction']>): QuickJSHandle {
    const result = this.#timed(work);
    if (result.error === undefined) return result.value;
    throw this.#toError(result.error);
  }

  #timed<T>(work: () => T): T {
    const before = this.#began;
    this.#began = performance.now();
    try {
      return work();
    } catch (error) {
      // WebAssembly itself failed: nothing in the instance can be relied on.
      this.dead = true;
      throw this.#stopped ?? (error instanceof LimitError ? error : this.#outOfMemory());
    } finally {
      if (this.#call !== undefined) this.#call.spent += performance.now() - this.#began;
      this.#began = before;
    }
  }

  /** Asked by QuickJS every few thousand instructions; true ends whatever runs, and no handler catches it. */
  #onInterrupt(): boolean {
    this.#ticks++;
    if (!this.#mustStop()) return false;
    // Asked once more: something native has swallowed the end, as the executor of a promise does. This leaves that too.
    if (this.#isTold) throw this.#stop();
    this.#isTold = true;
    return true;
  }

  #mustStop(): boolean {
    if (this.#stopped !== undefined) return true;
    if (this.#isOurs) return false;
    const call = this.#call;
    const spent = (call?.spent ?? 0) + (this.#began === 0 ? 0 : performance.now() - this.#began);
    const { cpuMs } = this.#source;
    if (call?.host.stopRequested() === true) {
      this.#stopped = stoppedByHost();
    } else if (spent > cpuMs || (spent < 1 && this.#ticks > this.#mostTicks)) {
      this.#stopped = new LimitError('cpu_ms', cpuMs, `The call computed longer than ${cpuMs} ms`);
    }
    return this.#stopped !== undefined;
  }

  #stop(): Error {
    this.dead = true;
    return this.#stopped ?? this.#outOfMemory();
  }

  #outOfMemory(): LimitError {
    this.dead = true;
    const { guestBytes } = this.#source;
    return new LimitError('guest_bytes', guestBytes, `The program needs more than ${guestBytes} bytes of memory`);
  }

  #toError(handle: QuickJSHandle): Error {
    if (this.#stopped !== undefined) {
      handle.dispose();
      return this.#stop();
    }
    const text = (name: string) => {
      const value = this.#context.getProp(handle, name);
      try {
        return this.#context.typeof(value) === 'string' ? this.#context.getString(value) : '';
      } finally {
        value.dispose();
      }
    };
    try {
      const [name, message] = [text('name'), text('message')];
      if (message === 'out of memory' || (message === '' && this.#memory.isFull)) return this.#outOfMemory();
      return new InnerError({ message: name === '' ? message : `${name}: ${message}`, stack: text('stack') });
    } finally {
      handle.dispose();
    }
  }

  #onHost(kindHandle: QuickJSHandle, idHandle: QuickJSHandle, textHandle: QuickJSHandle): QuickJSHandle | undefined {
    const context = this.#context;
    const kind = context.getString(kindHandle);
    const id = context.getNumber(idHandle);
    const call = this.#call;
    const text = context.getString(textHandle);
    switch (kind) {
      case 'ask':
        if (call !== undefined) this.#question(call, id, text);
        return undefined;
      case 'log':
        call?.host.log(...(JSON.parse(text) as [string, string, unknown?]));
        return undefined;
      case 'progress':
        call?.host.progress(...(JSON.parse(text) as [number, string?]));
        return undefined;
      case 'timer':
        if (call !== undefined) this.#startTimer(call, id, Number(text));
        return undefined;
      case 'untimer':
        clearTimeout(call?.timers?.get(id));
        call?.timers?.delete(id);
        return undefined;
      default: {
        const answer = answerSync(kind, text);
        return answer === undefined ? undefined : context.newString(answer);
      }
    }
  }

  /** What the driver says when a call has ended: a letter, and a text. */
  #onOutcome(call: Call, said: string): void {
    const text = said.slice(RESULT.length);
    this.#settle(call, said.startsWith(RESULT) ? { text } : { error: this.#toFailure(text) });
  }

  #toFailure(text: string): Error {
    const error = new InnerError(toObject(text));
    const isFull = this.#memory.isFull && error.message.startsWith('Threw null');
    return isFull || /: out of memory$/.test(error.message) ? this.#outOfMemory() : error;
  }

  #question(call: Call, id: number, text: string): void {
    const [operation, parameters] = JSON.parse(text) as [string, readonly unknown[]];
    call.asking++;
    const answer = (fulfilled: boolean, json: string) => {
      call.asking--;
      if (this.#call === call) this.#enter('answer', `[${id},${fulfilled},${json}]`);
    };
    call.host.ask(operation, JSON.stringify(parameters)).then(
      (json) => answer(true, json),
      (error: unknown) => {
        const { code, message, details } = error as HostError;
        answer(false, JSON.stringify({ code: code ?? 'internal', message, details }));
      },
    );
  }

  #startTimer(call: Call, id: number, ms: number): void {
    call.timers ??= new Map();
    const { timers } = call;
    if (timers.size >= MOST_TIMERS) {
      this.#stopped ??= new LimitError('timers', MOST_TIMERS, `The call has more than ${MOST_TIMERS} timers at once`);
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(id);
      if (this.#call === call) this.#enter('fire', String(id));
    }, toDelay(ms));
    timers.set(id, timer);
  }
}

/** An agent may say any number, and none: what is no delay is none. */
function toDelay(ms: number): number {
  return ms > 0 ? Math.min(ms, LONGEST_MS) : 0;
}

/** What the driver says, or what an agent has made of it. */
function toObject(text: string): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}

function stoppedByHost(): HostError {
  return new HostError({ code: 'canceled', message: 'The call was stopped by the host' });
}
