// One long-lived worker that reads files without running any of their code, many at a time.
import { type Json, type JsonObject, PypesError } from '@pypes/contract';
import type { Job, Worker } from '../process/worker.ts';

/** One agent of a file: its selector is the class, or empty for the function `run`. */
export type FoundAgent = { readonly selector: string; readonly metadata: Json };

/** What reading a file tells: its agents, what is wrong with it, or that it has to be run to be known. */
export type Finding =
  | { readonly agents: readonly FoundAgent[] }
  | { readonly failure: { readonly message: string; readonly details: JsonObject } }
  | { readonly dynamic: string };

export type FileText = { readonly path: string; readonly source: string; readonly folder?: string };

export type Inspector = {
  /** Starts the worker before there is a file to read. */
  start(): void;
  read(file: FileText): Promise<Finding>;
  close(): void;
};

type Question = { readonly file: FileText; resolve(finding: Finding): void; reject(error: Error): void };

const BATCH = 64;

const closedError = () => new PypesError('unavailable', 'The Python runtime is closed');

export function createInspector(start: () => Worker, idleMs: number): Inspector {
  const questions: Question[] = [];
  const alone: Question[] = [];
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function ensureWorker(): void {
    if (worker !== undefined || isClosed) return;
    worker = start();
    worker.owner = {
      onReady: ask,
      onIdle: ask,
      onGone(gone, error) {
        if (gone !== worker) return;
        worker = undefined;
        if (!gone.isReady) rejectAll(error);
        else if (questions.length + alone.length > 0) ensureWorker();
      },
    };
  }

  function ask(): void {
    if (worker === undefined || !worker.isReady || worker.job !== undefined) return;
    clearTimeout(timer);
    const next = alone.length > 0 ? alone.splice(0, 1) : questions.splice(0, BATCH);
    if (next.length > 0) worker.start(toJob(next));
    else timer = setTimeout(endIdle, idleMs).unref();
  }

  /** Files that come while it ends are for the next one. */
  function endIdle(): void {
    const idle = worker;
    worker = undefined;
    idle?.kill();
  }

  function toJob(asked: readonly Question[]): Job {
    return {
      message: { op: 'inspect', ...{ files: asked.map((question) => question.file) } },
      onRequest: () => {},
      onNotice: () => {},
      onLine: () => {},
      onAnswer(isResult, answer) {
        const findings = isResult ? (answer as Finding[]) : [];
        for (const [index, question] of asked.entries())
          question.resolve(findings[index] ?? { dynamic: 'the inspector failed' });
      },
      onEnd: (error) => retry(asked, error),
    };
  }

  /** A file that ended the worker must not take the others of its batch with it. */
  function retry(asked: readonly Question[], error: PypesError): void {
    const [only] = asked;
    if (asked.length > 1) {
      for (const question of asked) alone.push(question);
    } else if (only !== undefined) {
      const message = `"${only.file.path}" cannot be read by Python: ${error.message}`;
      only.reject(new PypesError('agent_broken', message, { details: { file: only.file.path }, cause: error }));
    }
  }

  function rejectAll(error: PypesError): void {
    for (const question of [...alone.splice(0), ...questions.splice(0)]) question.reject(error);
  }

  function read(file: FileText): Promise<Finding> {
    if (isClosed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      questions.push({ file, resolve, reject });
      ensureWorker();
      ask();
    });
  }

  return {
    start: ensureWorker,
    read,
    close() {
      isClosed = true;
      clearTimeout(timer);
      rejectAll(closedError());
      worker?.kill();
    },
  };
}
