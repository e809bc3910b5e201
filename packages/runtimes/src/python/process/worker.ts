// One worker process on the host's side: at most one job at a time, from its first frame to its answer.
import type { ChildProcess } from 'node:child_process';
import { PypesError } from '@pypes/contract';
import { describeEnd } from './end.ts';
import { createFrameReader, encodeFrame, type Frame } from './frames.ts';
import { killGroup, type Spawned } from './spawn.ts';
import { createOutputStream } from './stream.ts';
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
  /** Its job has been answered; a dirty one must not get another. */
  onIdle(worker: Worker, isDirty: boolean): void;
  onGone(worker: Worker, error: PypesError): void;
};

const DIRTY = 1;
const OUT_MARKED = 2;
const ERR_MARKED = 4;
const LAST_LINES = 20;
/** How long a dead worker's pipes may still hold what it said. */
const LAST_WORDS_MS = 250;

export class Worker {
  /** Resolves when the process has ended. */
  readonly gone: Promise<void>;
  readonly keys = new Set<string>();
  /** Files to forget, told along with the next job. */
  readonly stale: string[] = [];
  isReady = false;
  /** In a request that may last: it computes nothing meanwhile. */
  isBlocked = false;
  idleSince = 0;
  job: Job | undefined;
  readonly #child: ChildProcess;
  readonly #spawned: Spawned;
  #owner: WorkerOwner;
  #pid: number | undefined;
  #isGone = false;
  #isSpoiled = false;
  #reason: PypesError | undefined;
  /** The answer has come, but not yet all output before it. */
  #lastStep: (() => void) | undefined;
  #lastLines: string[] = [];
  #outputBytes = 0;
  #notices = 0;
  readonly #streams;

  constructor(spawned: Spawned, owner: WorkerOwner) {
    this.#spawned = spawned;
    this.#child = spawned.child;
    this.#owner = owner;
    this.#streams = ([1, 2] as const).map((descriptor) =>
      createOutputStream(spawned.mark, (line) => this.#onLine(descriptor, line)),
    );
    spawned.child.stdout?.on('data', (chunk: Buffer) => this.#onOutput(0, chunk));
    spawned.child.stderr?.on('data', (chunk: Buffer) => this.#onOutput(1, chunk));
    // An agent has put something else in the stream's place.
    for (const stream of [spawned.child.stdout, spawned.child.stderr]) {
      stream?.on('close', () => {
        this.#isSpoiled = true;
      });
    }
    const read = createFrameReader((frame) => this.#onFrame(frame), spawned.bounds.frameBytes);
    spawned.socket.on('data', (chunk: Buffer) => {
      try {
        read(chunk);
      } catch {
        this.kill();
      }
    });
    spawned.socket.on('close', () => this.kill());
    // The host's process stays while a worker starts or works, and may end while all are idle.
    spawned.socket.ref();
    this.gone = new Promise((resolve) => this.#awaitEnd(resolve));
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

  /** Starts a job; frames in `before` go first, in the same write. */
  start(job: Job, before: readonly object[] = []): void {
    this.job = job;
    this.#lastLines = [];
    this.#outputBytes = 0;
    this.#notices = 0;
    this.#spawned.socket.ref();
    const forget = this.stale.splice(0).map((key) => ({ op: 'unload', key }));
    const frames = [...forget, ...before, job.message].map(encodeFrame);
    this.#spawned.socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  }

  /** Answers a request of the job. */
  reply(message: object): void {
    if (!this.#isGone) this.#spawned.socket.write(encodeFrame(message));
  }

  /** Ends the process and its children at once; `reason` is what a job in it is told. */
  kill(reason?: PypesError): void {
    if (this.#isGone) return;
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
      this.#spawned.socket.unref();
      this.#owner.onReady(this);
    } else if (tag === 'N' || tag === 'Q') {
      const [operation, parameters] = JSON.parse(text) as [string, unknown[]];
      if (tag === 'N' && ++this.#notices > notices) throw new RangeError('More notices than a job has');
      if (tag === 'N') this.job?.onNotice(operation, parameters);
      else this.job?.onRequest(this, operation, parameters);
    } else {
      const answer: unknown = JSON.parse(text);
      this.#drain(flags, () =>
        this.#finish(tag === 'R', answer, text.length, this.#isSpoiled || (flags & DIRTY) !== 0),
      );
    }
  }

  #drain(flags: number, then: () => void): void {
    if ((flags & (OUT_MARKED | ERR_MARKED)) === 0) {
      then();
      return;
    }
    const timer = setTimeout(() => this.#lastStep?.(), LAST_WORDS_MS);
    this.#lastStep = () => {
      clearTimeout(timer);
      this.#lastStep = undefined;
      then();
    };
    const [out, err] = this.#streams;
    const last = () => this.#lastStep?.();
    const afterOut = flags & ERR_MARKED ? () => err?.awaitMark(last) : last;
    if (flags & OUT_MARKED) out?.awaitMark(afterOut);
    else afterOut();
  }

  #finish(isResult: boolean, answer: unknown, size: number, isDirty: boolean): void {
    const job = this.job;
    if (job === undefined) return;
    for (const stream of this.#streams) stream.flush();
    this.job = undefined;
    this.#spawned.socket.unref();
    job.onAnswer(isResult, answer, size);
    this.#owner.onIdle(this, isDirty);
  }

  #onOutput(stream: 0 | 1, chunk: Buffer): void {
    this.#outputBytes += chunk.length;
    if (this.#outputBytes > this.#spawned.bounds.outputBytes) this.kill(tooMuch());
    else this.#streams[stream]?.write(chunk);
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
      killGroup(child);
      const end = () => {
        this.#end(describeEnd(exitCode, signal, this.isReady, this.#lastLines));
        resolve();
      };
      const timer = setTimeout(end, LAST_WORDS_MS);
      child.once('close', () => {
        clearTimeout(timer);
        end();
      });
    });
  }

  #end(error: PypesError): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#lastStep?.();
    for (const stream of this.#streams) stream.flush();
    for (const stream of this.#child.stdio) stream?.destroy();
    const job = this.job;
    this.job = undefined;
    job?.onEnd(this.#reason ?? error);
    this.#owner.onGone(this, error);
  }
}

function tooMuch(): PypesError {
  return new PypesError('resource_exhausted', 'The agent wrote more to its output than a call may', {
    details: { limit: 'output' },
  });
}
