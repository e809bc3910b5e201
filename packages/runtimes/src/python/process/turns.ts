// The jobs of one worker in their order: each needs a ticket to be started, and until then it can be taken back.
import { type Bytes, encodeFrame, joinFrames } from './frames.ts';
import type { Pipes } from './pipes.ts';

/** Tickets are single bytes. */
const TICKETS = 256;
/** Says of a job that it needs no ticket. */
const FIRST = '"first":1';

/** A job that is first needs no ticket: the worker starts it as soon as it hears of it. */
type Message = { readonly frame: object; readonly kind: 'preparation' | 'first' | 'next' };

export class Turns<Job extends { readonly message: object }> {
  /** In the order of their answers; the first one runs, unless it was not told yet or its answer is on its way. */
  readonly jobs: Job[] = [];
  readonly #write: (data: Bytes) => void;
  #pipes: Pipes | undefined;
  #outbox: Message[] = [];
  /** How many jobs at the end the worker has not been told of. */
  #unsent = 0;
  #nextTicket = 0;
  /** Messages of jobs that were taken back are on their way: until a later job was answered, tickets could be mistaken. */
  #isStale = false;
  #probe: Job | undefined;
  /** The last time that something was sent, the worker had nothing else. */
  #cameAlone = true;

  constructor(write: (data: Bytes) => void) {
    this.#write = write;
  }

  /** From now on there may be several jobs; the worker is told with the first one. */
  open(pipes: Pipes): void {
    this.#pipes = pipes;
    this.#outbox.push({ frame: { op: 'share' }, kind: 'preparation' });
  }

  /** Frames in `before` go first. What is added in one turn of the event loop leaves with one write. */
  add(job: Job, before: readonly object[]): void {
    const kind = this.jobs.length === 0 ? 'first' : 'next';
    this.jobs.push(job);
    if (this.#isStale) this.#probe ??= job;
    this.#unsent++;
    for (const frame of before) this.#outbox.push({ frame, kind: 'preparation' });
    this.#outbox.push({ frame: job.message, kind });
    if (this.#pipes === undefined) this.#flush();
    else if (this.#unsent > 1) return;
    // Where calls come in company the first one waits for the others; one that comes alone would wait for nothing.
    else if (this.#cameAlone && kind === 'first') process.nextTick(() => this.#flush());
    else setImmediate(() => this.#flush());
  }

  /** Jobs that the worker has not started, and now never will. */
  takeBack(): Job[] {
    if (this.#pipes === undefined) return [];
    const sent = this.jobs.length - this.#unsent;
    const taken = sent === 0 ? 0 : this.#pipes.takeTickets();
    if (taken > 0) this.#isStale = true;
    // The files that it was to be told of stay promised.
    this.#outbox = this.#outbox.filter(({ kind }) => kind === 'preparation');
    this.#unsent = 0;
    const back = this.jobs.splice(Math.max(0, sent - taken));
    if (this.#probe !== undefined && !this.jobs.includes(this.#probe)) this.#probe = undefined;
    return back;
  }

  /** The first job was answered. */
  shift(): Job | undefined {
    const job = this.jobs.shift();
    if (job !== undefined && job === this.#probe) {
      this.#isStale = false;
      this.#probe = undefined;
    }
    return job;
  }

  /** Whether the worker would know which of several jobs a ticket is for. */
  get canQueue(): boolean {
    return this.#pipes !== undefined && !this.#isStale;
  }

  #flush(): void {
    const messages = this.#outbox;
    if (messages.length === 0) return;
    this.#outbox = [];
    this.#cameAlone = this.jobs.length === 1;
    this.#unsent = 0;
    this.#putTickets(messages.filter(({ kind }) => kind === 'next').length);
    const isTold = this.#pipes !== undefined;
    const frames = messages.map(({ frame, kind }) =>
      encodeFrame(frame, isTold && kind === 'first' ? FIRST : undefined),
    );
    this.#write(joinFrames(frames));
  }

  #putTickets(count: number): void {
    if (this.#pipes === undefined || count === 0) return;
    const tickets = new Uint8Array(count);
    for (let index = 0; index < count; index++) {
      tickets[index] = this.#nextTicket;
      this.#nextTicket = (this.#nextTicket + 1) % TICKETS;
    }
    this.#pipes.putTickets(tickets);
  }
}
