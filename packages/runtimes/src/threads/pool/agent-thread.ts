// A thread that serves one file version: what was sent to it, what it has taken, and how it is stopped.
import { PypesError } from '@pypes/contract';
import { toAbortError } from '../../abort.ts';
import { ownerOf } from '../../owner.ts';
import { createSoon } from '../../soon.ts';
import { closeClaims, LAST_CALL, lastClaimed, openClaims, requestStop } from '../wire/claims.ts';
import { type AgentSource, TO_HOST, TO_THREAD } from '../wire/messages.ts';
import { createOutboxReader } from '../wire/outbox.ts';
import { RenewedMap } from '../wire/renewed-map.ts';
import { type PoolCall, settleCall, settleWithText } from './call.ts';
import { createCpuWatch } from './cpu-watch.ts';
import { describeEnd, describeLoadEnd, toCollateralError, toFailureError } from './errors.ts';
import { answerRequest, recordLog } from './guest-requests.ts';
import { createClaimWatch, createPings } from './signs-of-life.ts';
import type { Thread } from './thread.ts';

/**
 * loading: the module is not there yet · open: takes calls · stalled: one call holds the event loop, the others were
 * moved · retired: gets no more calls, ends with its last one · ended.
 */
export type ThreadState = 'loading' | 'open' | 'stalled' | 'retired' | 'ended';

/** What a thread tells the file that it serves. */
export type ThreadOwner = {
  readonly path: string;
  readonly source: AgentSource;
  /** Its threads' processor time is watched from outside. */
  readonly isMetered: boolean;
  /** A further thread of the file could compute at the same time. */
  readonly hasCoreToSpare: boolean;
  ready(thread: AgentThread, agentText: string): void;
  /** The module could not be loaded; the thread has ended. */
  broken(thread: AgentThread, error: PypesError): void;
  /** Calls that the thread had not taken, in their order. */
  returned(calls: readonly PoolCall[]): void;
  /** The thread may take calls that wait. */
  freed(thread: AgentThread): void;
  /** `ending` resolves when the thread is gone. */
  ended(thread: AgentThread, ending: Promise<unknown>): void;
};

export class AgentThread {
  state: ThreadState = 'loading';
  /** Calls whose callers wait. */
  live = 0;
  readonly startedAt = performance.now();
  readonly #thread: Thread;
  readonly #owner: ThreadOwner;
  readonly #reader: ReturnType<typeof createOutboxReader>;
  readonly #inFlight = new RenewedMap<number, PoolCall>();
  #outgoing: unknown[] = [];
  #last = 0;
  /** The last number before it was opened. */
  #openedAt = 0;
  /** Calls that still run although their callers have gone. */
  #abandoned = 0;
  /** It will not be opened again. */
  #final = false;
  #isEnding = false;
  #error: unknown;
  readonly #pings = createPings();
  readonly #pingWatch: ReturnType<typeof createCpuWatch>;
  readonly #claimWatch = createClaimWatch();
  readonly #cpuWatch: ReturnType<typeof createCpuWatch> | undefined;
  #lastAtSweep = -1;

  constructor(thread: Thread, owner: ThreadOwner) {
    this.#thread = thread;
    this.#owner = owner;
    this.#pingWatch = createCpuWatch(thread.worker);
    this.#cpuWatch = owner.isMetered ? createCpuWatch(thread.worker) : undefined;
    this.#reader = createOutboxReader(thread.outbox, (kind, id, text) => this.#onRecord(kind, id, text));
    thread.worker.on('message', this.#reader.receive);
    thread.worker.on('error', (error) => {
      this.#error = error;
    });
    thread.worker.on('exit', (code) => this.#onExit(code));
    thread.worker.postMessage(owner.source);
  }

  /** Calls that were sent and not taken yet. */
  get unclaimed(): number {
    return this.state === 'open' ? this.#last - lastClaimed(this.#thread.claims) : 0;
  }

  /** Whether anything here needs the watch. */
  get busy(): boolean {
    return this.state === 'loading' || this.#inFlight.size > 0 || this.#pings.pending;
  }

  /** Retired only because of calls that did not end when told to, and its event loop runs. */
  get reusable(): boolean {
    return this.state === 'retired' && !this.#final && !this.#pings.pending;
  }

  /** Only while open. */
  send(call: PoolCall): void {
    const number = ++this.#last;
    this.#inFlight.set(number, call);
    this.live++;
    const { userGuid, packGuid, runId, agent } = call.context;
    this.#post(TO_THREAD.call, number, userGuid ?? null, packGuid, runId, agent, call.args, ownerOf(call.context));
    if (number >= LAST_CALL) this.retire();
  }

  /** Looks after the calls in flight. `late`: the host itself was held up, which says nothing about the thread. */
  tick(late: boolean): void {
    for (const [number, call] of this.#inFlight) {
      if (!call.settled && call.context.stopped) this.#abandon(number, call);
    }
    if (late) return;
    if (this.#pings.tick(this.#pingWatch.tick(this.#pings.awaited)) && this.#abandoned > 0) {
      this.end(toCollateralError(this.#owner.path));
      return;
    }
    if (!this.#watchCpu()) this.#watchClaims();
  }

  /** Gets no more calls; ends once those that run have ended. */
  retire(): void {
    this.#final = true;
    if (this.state === 'ended') return;
    this.#close('retired');
    this.#endIfDone();
  }

  /** Takes calls again after a stall or for want of a better thread. */
  reopen(): void {
    this.state = 'open';
    this.#openedAt = this.#last;
    this.#claimWatch.reset(this.#last);
    openClaims(this.#thread.claims, this.#last);
    this.#owner.freed(this);
  }

  /** Whether nothing was called since the last sweep. */
  sweep(): boolean {
    const idle = this.live === 0 && !this.busy && this.#last === this.#lastAtSweep;
    this.#lastAtSweep = this.#last;
    return idle;
  }

  /** Stops the thread, whatever it does; calls that it has taken fail with `error`. */
  end(error: PypesError): void {
    if (this.state === 'ended' || this.#isEnding) return;
    this.#isEnding = true;
    // What it still says must not open it again: calls that it got then would end with it.
    this.#final = true;
    this.#close('retired');
    this.#reader.drain();
    this.#finish(error);
  }

  #post(...message: unknown[]): void {
    this.#outgoing.push(...message);
    this.#flushSoon();
  }

  readonly #flushSoon = createSoon(() => {
    const messages = this.#outgoing;
    this.#outgoing = [];
    if (this.state !== 'ended') this.#thread.worker.postMessage(messages);
  });

  #onRecord(kind: number, id: number, text: string): void {
    switch (kind) {
      case TO_HOST.reply:
        this.#settle(id, (call) => settleWithText(call, text));
        break;
      case TO_HOST.failure:
        this.#settle(id, (call) => call.reject(toFailureError(text)));
        break;
      case TO_HOST.log:
        recordLog(this.#inFlight.get(id), text);
        break;
      case TO_HOST.request:
        answerRequest(this.#inFlight.get(id), text, (answer, number, json) => this.#post(answer, number, json));
        break;
      case TO_HOST.pong:
        this.#onPong(id);
        break;
      default:
        if (this.state === 'loading') this.#onLoaded(kind === TO_HOST.ready, text);
    }
  }

  #onLoaded(ready: boolean, text: string): void {
    if (!ready) {
      this.#fail(toFailureError(text, this.#owner.path));
      return;
    }
    this.state = 'open';
    this.#owner.ready(this, text);
  }

  #settle(number: number, settle: (call: PoolCall) => void): void {
    const call = this.#inFlight.get(number);
    if (call === undefined) return;
    this.#inFlight.delete(number);
    if (call.settled) {
      this.#abandoned--;
      if (this.#abandoned === 0 && this.reusable) this.reopen();
    } else {
      this.live--;
      call.settled = true;
      settle(call);
    }
    if (this.state === 'retired') this.#endIfDone();
    else this.#owner.freed(this);
  }

  #abandon(number: number, call: PoolCall): void {
    settleCall(call, toAbortError(call.context.signal));
    this.live--;
    this.#abandoned++;
    if (this.state === 'ended') return;
    const state = this.state;
    this.#close('retired');
    if (this.#inFlight.has(number)) {
      requestStop(this.#thread.claims, number);
      this.#post(TO_THREAD.abort, number, this.#pings.next());
    } else if (state === 'open') {
      this.reopen();
    }
  }

  /** Takes back what the thread has not taken, so that nothing new starts in it. */
  #close(state: 'stalled' | 'retired'): void {
    const open = this.state === 'open';
    if (this.state !== 'loading' || this.#final) this.state = state;
    if (!open) return;
    const claimed = closeClaims(this.#thread.claims);
    const returned: PoolCall[] = [];
    for (const [number, call] of this.#inFlight) {
      if (number <= claimed) continue;
      this.#inFlight.delete(number);
      if (call.settled) this.#abandoned--;
      else {
        this.live--;
        returned.push(call);
      }
    }
    if (returned.length > 0) this.#owner.returned(returned);
  }

  /** Ends a thread whose call has computed for too long, where that is not counted inside; returns whether it did. */
  #watchCpu(): boolean {
    if (this.#cpuWatch === undefined) return false;
    const claimed = lastClaimed(this.#thread.claims);
    const { cpuMs } = this.#owner.source;
    // One that waited may go on, and loop, when the one that was taken after it has ended.
    const watched = this.#inFlight.has(claimed) ? claimed : this.#inFlight.keys().next().value;
    if (this.#cpuWatch.tick(watched) <= cpuMs) return false;
    this.#close('retired');
    this.end(
      new PypesError('resource_exhausted', `The call computed longer than ${cpuMs} ms`, {
        details: { limit: 'cpu_ms', maximum: cpuMs },
      }),
    );
    return true;
  }

  /** Moves calls elsewhere when the thread takes none, or, where that helps, when they wait long in a crowd. */
  #watchClaims(): void {
    if (this.state !== 'open') return;
    const sign = this.#claimWatch.tick(lastClaimed(this.#thread.claims), this.#last);
    if (sign === 'fine' || (sign === 'crowded' && !this.#owner.hasCoreToSpare)) return;
    this.#reader.drain();
    this.#close('stalled');
    this.#post(TO_THREAD.ping, this.#pings.next());
  }

  #onPong(ping: number): void {
    this.#pings.answer(ping);
    if (this.#pings.pending) return;
    if (this.state === 'stalled') this.reopen();
    else if (this.state === 'retired' && !this.#final && this.#abandoned === 0) this.reopen();
    else this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.state !== 'retired' || this.live > 0 || this.#pings.pending) return;
    this.end(toCollateralError(this.#owner.path));
  }

  #onExit(code: number): void {
    if (this.state === 'ended') return;
    // What it had not taken goes elsewhere; where it took nothing at all, the next thread would end alike.
    const tookNothing = this.state === 'open' && lastClaimed(this.#thread.claims) === this.#openedAt;
    this.#final = true;
    if (this.state !== 'loading' && !tookNothing) this.#close('retired');
    this.#reader.drain();
    if (this.state === 'loading') {
      const details = { file: this.#owner.path };
      this.#fail(new PypesError('agent_broken', describeLoadEnd(code, this.#error), { details }));
    } else {
      this.#finish(new PypesError('handler_failed', describeEnd(code, this.#error)));
    }
  }

  #fail(error: PypesError): void {
    this.#finish(error);
    this.#owner.broken(this, error);
  }

  #finish(error: PypesError): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    const ending = this.#thread.worker.terminate();
    const calls = [...this.#inFlight.values()];
    this.#inFlight.clear();
    this.live = 0;
    for (const call of calls) settleCall(call, error);
    this.#owner.ended(this, ending);
  }
}
