// All threads of the runtime: how many there may be, who gets the next one, and the watch over what they do.
import type { Settings } from '../options.ts';
import type { AgentFile } from './agent-file.ts';
import { AgentThread } from './agent-thread.ts';
import { closingError } from './errors.ts';
import { startThread, type Thread } from './thread.ts';

const TICK_MS = 25;
/** A tick that comes so much too late says that the host itself was held up. */
const LATE_MS = 15;
/** When files wait for a thread, one that has served for so long makes room. */
const TURN_MS = 1_000;
/**
 * The spare thread starts a little after its forerunner got its file: out of the way of the call that took it, and not at
 * all where that call was the only one, as with a command.
 */
const SPARE_DELAY_MS = 50;

export class Pool {
  readonly settings: Settings;
  closed = false;
  readonly #bound = new Map<AgentThread, AgentFile>();
  readonly #watched = new Set<AgentFile>();
  readonly #waiting = new Set<AgentFile>();
  readonly #endings = new Set<Promise<unknown>>();
  #spare: Thread | undefined;
  #spareTimer: NodeJS.Timeout | undefined;
  #tickTimer: NodeJS.Timeout | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  #ticked = 0;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** A thread for the file; undefined where it has to wait: then its `dispatch` is called when there is one. */
  acquire(file: AgentFile): AgentThread | undefined {
    this.#waiting.add(file);
    if (this.closed || this.#nextFile() !== file) return undefined;
    if (this.#bound.size >= this.settings.threads && !this.#evictIdle()) return undefined;
    this.#waiting.delete(file);
    const bound = new AgentThread(this.#takeThread(), file);
    this.#bound.set(bound, file);
    this.#sweepTimer ??= setInterval(() => this.#sweep(), this.settings.idleMs / 2);
    this.#offer();
    return bound;
  }

  /** A thread has got its file: one for the next file may start. */
  opened(): void {
    if (this.closed) return;
    clearTimeout(this.#spareTimer);
    this.#spareTimer = setTimeout(() => this.#startSpare(), SPARE_DELAY_MS);
    this.#spareTimer.unref();
  }

  /** The thread is ending: its place goes to the file that waits longest. */
  release(thread: AgentThread, ending: Promise<unknown>): void {
    this.#bound.delete(thread);
    this.#follow(ending);
    this.#offer();
  }

  forget(file: AgentFile): void {
    this.#waiting.delete(file);
  }

  /** Keeps an eye on the file until it has nothing in flight. */
  watch(file: AgentFile): void {
    if (this.#watched.has(file)) return;
    this.#watched.add(file);
    if (this.#tickTimer === undefined) this.#scheduleTick();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.#spareTimer);
    clearTimeout(this.#tickTimer);
    clearInterval(this.#sweepTimer);
    for (const file of new Set([...this.#watched, ...this.#bound.values()])) file.abort(closingError());
    this.#endSpare();
    await Promise.all(this.#endings);
  }

  /** The file that waits longest and still has a use for a thread. */
  #nextFile(): AgentFile | undefined {
    for (const file of this.#waiting) {
      if (file.wantsThread) return file;
      this.#waiting.delete(file);
    }
    return undefined;
  }

  #offer(): void {
    if (this.#bound.size >= this.settings.threads) return;
    const next = this.#nextFile();
    if (next !== undefined) queueMicrotask(() => next.dispatch());
  }

  /** Remembers a thread until it has ended: `close` waits for it. */
  #follow(ending: Promise<unknown>): void {
    this.#endings.add(ending);
    void ending.finally(() => this.#endings.delete(ending));
  }

  #takeThread(): Thread {
    const thread = this.#spare ?? startThread(this.settings);
    this.#spare = undefined;
    return thread;
  }

  /** Starts a thread for a file that will want one in a moment, where none waits and there is room. */
  warm(): void {
    if (this.#spare === undefined && !this.closed && this.#bound.size < this.settings.threads) this.#startSpare();
  }

  #startSpare(): void {
    if (this.#spare !== undefined) return;
    const spare = startThread(this.settings);
    spare.worker.unref();
    this.#spare = spare;
  }

  #endSpare(): void {
    clearTimeout(this.#spareTimer);
    if (this.#spare !== undefined) this.#follow(this.#spare.worker.terminate());
    this.#spare = undefined;
  }

  #evictIdle(): boolean {
    for (const [thread, file] of this.#bound) {
      if (thread.busy || file.wantsThread) continue;
      thread.retire();
      return true;
    }
    return false;
  }

  #scheduleTick(): void {
    const due = performance.now() + TICK_MS;
    this.#tickTimer = setTimeout(() => this.#tick(performance.now() - due > LATE_MS), TICK_MS);
  }

  #tick(late: boolean): void {
    this.#ticked++;
    for (const file of this.#watched) if (!file.tick(late)) this.#watched.delete(file);
    if (this.#nextFile() !== undefined) this.#makeRoom();
    if (this.#watched.size > 0) this.#scheduleTick();
    else this.#tickTimer = undefined;
  }

  /** Files wait: the thread that has served longest gets no more calls, one for each turn. */
  #makeRoom(): void {
    if (this.#evictIdle() || this.#ticked % (TURN_MS / TICK_MS) !== 0) return;
    for (const [thread] of this.#bound) {
      if (thread.state !== 'open' || performance.now() - thread.startedAt < TURN_MS) continue;
      thread.retire();
      return;
    }
  }

  /** Ends threads that were not used since the last sweep, and at last the spare one. */
  #sweep(): void {
    for (const thread of [...this.#bound.keys()]) if (thread.sweep()) thread.retire();
    if (this.#bound.size > 0) return;
    clearInterval(this.#sweepTimer);
    this.#sweepTimer = undefined;
    this.#endSpare();
  }
}
