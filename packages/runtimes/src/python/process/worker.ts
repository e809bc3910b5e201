// One worker process on the host's side: its jobs one after another, each from its first frame to its answer.
import type { ChildProcess } from 'node:child_process';
import { PypesError } from '@pypes/contract';
import { describeEnd } from './end.ts';
import { type Bytes, createFrameReader, encodeFrame, type Frame } from './frames.ts';
import { createOutput, LAST_WORDS_MS, type Output } from './output.ts';
import { openPipes, type Pipes } from './pipes.ts';
import { createWatch } from './progress.ts';
import { killGroup, type Spawned } from './spawn.ts';
import { Turns } from './turns.ts';
import { countValues } from './values.ts';

/** What a worker is asked to do, and who hears what comes of it. */
export interface Job {
  /** The request, without what the worker has to know before. */
  readonly message: { readonly op: string };
  onRequest(worker: Worker, operation: string, parameters: readonly unknown[]): void;
  onNotice(operation: string, parameters: readonly unknown[]): void;
  /** A line that arrived on descriptor 1 or 2. */
  onLine(descriptor: 1 | 2, line: string): void;
  /** The result, or what the worker says of a failure. */
  onAnswer(isResult: boolean, answer: unknown, size: number): void;
  /** The worker ended before it answered; `stderr` are its last lines. */
  onEnd(error: PypesError): void;
}

/** Who owns the worker. */
export type WorkerOwner = {
  onReady(worker: Worker): void;
  /** Its first job has been answered; it took about so many microseconds. A dirty worker must not get another one. */
  onIdle(worker: Worker, isDirty: boolean, job: Job, micros: number | undefined): void;
  /** It has ended; it had not begun with the jobs in `left`. */
  onGone(worker: Worker, error: PypesError, left: readonly Job[]): void;
};

const DIRTY = 1;
/** The call has written to a descriptor, and no other one begins before that was read. */
const MARKED = 6;
const DRAINED = { op: 'drained' };
/** Above the flags: how many bits the microseconds have that the job took. */
const DURATION_SHIFT = 3;
const LAST_LINES = 20;
/** Looks in a row that find nothing new, after which output is looked for less often. */
const QUIET_LOOKS = 8;

export class Worker {
  /** Resolves when the process has ended. */
  readonly gone: Promise<void>;
  readonly keys = new Set<string>();
  /** Files to forget, told along with the next job. */
  readonly stale: string[] = [];
  isReady = false;
  /** It was told to end, or has ended: it does nothing more that it is asked for. */
  isEnding = false;
  /** In a request that may last: it computes nothing meanwhile. */
  isBlocked = false;
  idleSince = 0;
  /** For the owner: how long the worker's jobs are expected to take, in microseconds. */
  backlog = 0;
  readonly #child: ChildProcess;
  readonly #spawned: Spawned;
  readonly #turns: Turns<Job>;
  readonly #output: Output;
  readonly #watch = createWatch();
  #pipes: Pipes | undefined;
  #owner: WorkerOwner;
  #pid: number | undefined;
  #isGone = false;
  #isSpoiled = false;
  /** Jobs were taken back: it gets no others before it has shown that it goes on. */
  #isHeld = false;
  #reason: PypesError | undefined;
  #lastLines: string[] = [];
  #outputBytes = 0;
  #notices = 0;
  /** Pieces of answers that have come. */
  #heard = 0;
  #looks = 0;

  constructor(spawned: Spawned, owner: WorkerOwner) {
    this.#spawned = spawned;
    this.#child = spawned.child;
    this.#owner = owner;
    this.#turns = new Turns((data) => this.#write(data));
    this.#output = createOutput(spawned.child, spawned.mark, {
      onLine: (descriptor, line) => this.#onLine(descriptor, line),
      onBytes: (count) => this.#onBytes(count),
    });
    const read = createFrameReader((frame) => this.#onFrame(frame), spawned.bounds.frameBytes);
    spawned.answers.on('data', (chunk: Buffer) => {
      this.#heard++;
      try {
        read(chunk);
      } catch {
        this.kill();
      }
    });
    spawned.answers.on('close', () => this.kill());
    // The host's process stays while a worker starts or works, and may end while all are idle.
    spawned.answers.ref();
    this.gone = new Promise((resolve) => this.#awaitEnd(resolve));
  }

  /** The job that runs, or whose answer is on its way. */
  get job(): Job | undefined {
    return this.#turns.jobs[0];
  }

  /** After `takeBack`: the only one that may be running; those before it have been answered, and are about to be heard. */
  get lastJob(): Job | undefined {
    return this.#turns.jobs.at(-1);
  }

  get jobCount(): number {
    return this.#turns.jobs.length;
  }

  /** Whether it may get a job while it has one. */
  get canQueue(): boolean {
    return this.#turns.canQueue && !this.#isHeld && !this.isBlocked && !this.isEnding;
  }

  /** The process that runs the agent, once it is ready. */
  get pid(): number | undefined {
    if (this.#pid === undefined && this.isReady && this.#child.pid !== undefined) {
      this.#pid = this.#spawned.findWorker(this.#child.pid);
    }
    return this.#pid;
  }

  set owner(owner: WorkerOwner) {
    this.#owner = owner;
  }

  /** Starts a job, or puts it behind others where `canQueue`; frames in `before` go first. */
  start(job: Job, before: readonly object[] = []): void {
    const forget = this.stale.splice(0).map((key) => ({ op: 'unload', key }));
    if (this.job === undefined) {
      this.#begin();
      this.#spawned.answers.ref();
    }
    this.#turns.add(job, [...forget, ...before]);
  }

  /** Jobs that it has not started, and now never will: they have to go elsewhere. */
  takeBack(): readonly Job[] {
    const back = this.#turns.takeBack();
    if (this.job === undefined) this.#spawned.answers.unref();
    else this.#isHeld = true;
    return back;
  }

  /** Whether its first job keeps others waiting; where none waits, takes in what it has written. */
  look(): boolean {
    this.#looks++;
    if (this.#looks === 1 || this.#pipes === undefined || this.job === undefined) return false;
    if (!this.#isHeld) {
      if (this.pid !== undefined && !this.#watch.isStalling(this.pid)) return false;
      if (this.jobCount > 1) return true;
      this.#isHeld = true;
    }
    // Nothing behind it can begin: what is there is its own.
    const isDue = this.#looks < QUIET_LOOKS || this.#looks % QUIET_LOOKS === 0;
    if (this.jobCount === 1 && isDue && this.#output.look()) this.#looks = 1;
    return false;
  }

  /** Answers a request of the job. */
  reply(message: object): void {
    this.#write(encodeFrame(message));
  }

  /** Ends the process and its children at once; `reason` is what a job in it is told. */
  kill(reason?: PypesError): void {
    if (this.#isGone) return;
    this.isEnding = true;
    this.#reason ??= reason;
    this.#child.ref();
    killGroup(this.#child);
  }

  #onFrame({ tag, flags, text }: Frame): void {
    const { frameValues, notices } = this.#spawned.bounds;
    if (text.length > frameValues && countValues(text) > frameValues)
      throw new RangeError('A frame of too many values');
    if (tag === 'Y') {
      if (this.isReady) return;
      this.isReady = true;
      this.#openPipes();
      this.#spawned.answers.unref();
      this.#owner.onReady(this);
    } else if (tag === 'N' || tag === 'Q') {
      const [operation, parameters] = JSON.parse(text) as [string, unknown[]];
      if (tag === 'N' && ++this.#notices > notices) throw new RangeError('More notices than a job has');
      if (tag === 'N') this.job?.onNotice(operation, parameters);
      else this.job?.onRequest(this, operation, parameters);
    } else {
      const answer: unknown = JSON.parse(text);
      this.#output.drain(flags, () => {
        if (this.#pipes !== undefined && flags & MARKED) this.reply(DRAINED);
        this.#finish(tag === 'R', answer, text.length, flags);
      });
    }
  }

  #write(data: Bytes): void {
    if (!this.#isGone) this.#spawned.requests.write(data, 'latin1');
  }

  #openPipes(): void {
    this.#pipes = this.#spawned.pipes === undefined ? undefined : openPipes(this.#spawned.pipes);
    if (this.#pipes === undefined) return;
    this.#turns.open(this.#pipes);
    this.#output.open(this.#pipes);
  }

  /** The first job is another one now. */
  #begin(): void {
    this.#lastLines = [];
    this.#outputBytes = 0;
    this.#notices = 0;
    this.#looks = 0;
    this.#isHeld = false;
    this.#watch.reset();
  }

  #finish(isResult: boolean, answer: unknown, size: number, flags: number): void {
    const job = this.#turns.shift();
    if (job === undefined) return;
    this.#output.flush();
    this.#isSpoiled ||= this.#output.isSpoiled() || (flags & DIRTY) !== 0;
    this.#begin();
    if (this.job === undefined) this.#spawned.answers.unref();
    try {
      job.onAnswer(isResult, answer, size);
    } catch (error) {
      // Output may have been what this waited for, or the clock: nobody else would catch it, and the host would end.
      this.kill(notUnderstood(error));
      job.onEnd(notUnderstood(error));
      return;
    }
    const bits = flags >> DURATION_SHIFT;
    this.#owner.onIdle(this, this.#isSpoiled, job, bits === 0 ? undefined : 2 ** bits);
  }

  #onBytes(count: number): boolean {
    this.#outputBytes += count;
    const isWithin = this.#outputBytes <= this.#spawned.bounds.outputBytes;
    if (!isWithin) this.kill(tooMuch());
    return isWithin;
  }

  #onLine(descriptor: 1 | 2, line: string): void {
    if (descriptor === 2) {
      this.#lastLines.push(line);
      if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift();
    }
    this.job?.onLine(descriptor, line);
  }

  #awaitEnd(resolve: () => void): void {
    const child = this.#child;
    child.once('error', (error) => {
      this.#end(
        new PypesError('unavailable', `A Python worker could not be started: ${error.message}`, { cause: error }),
      );
      resolve();
    });
    child.once('exit', (exitCode, signal) => {
      this.isEnding = true;
      killGroup(child);
      const end = () => {
        this.#output.end();
        this.#end(describeEnd(exitCode, signal, this.isReady, this.#lastLines));
        resolve();
      };
      const timer = setTimeout(() => this.#whenRead(end), LAST_WORDS_MS);
      child.once('close', () => {
        clearTimeout(timer);
        end();
      });
    });
  }

  /** A late host has not yet read what the worker had said: an answer that is there counts. */
  #whenRead(then: () => void): void {
    const heard = this.#heard;
    setImmediate(() => {
      if (this.#heard === heard) then();
      else this.#whenRead(then);
    });
  }

  #end(error: PypesError): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#output.end();
    this.#output.flush();
    const left = this.#turns.takeBack();
    this.#pipes?.close();
    for (const stream of this.#child.stdio) stream?.destroy();
    for (const job of this.#turns.jobs.splice(0)) job.onEnd(this.#reason ?? error);
    this.#owner.onGone(this, error, left);
  }
}

function notUnderstood(error: unknown): PypesError {
  return new PypesError('handler_failed', "The agent's Python process gave an answer that cannot be read", {
    cause: error,
  });
}

function tooMuch(): PypesError {
  return new PypesError('resource_exhausted', 'The agent wrote more to its output than a call may', {
    details: { limit: 'output' },
  });
}
