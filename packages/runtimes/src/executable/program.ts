// One run of a program: its process group, its three streams, and the ways in which it ends.

import { type ChildProcess, spawn } from 'node:child_process';
import { PypesError } from '@pypes/contract';
import { toAbortError } from '../abort.ts';
import { guestEnvironment } from '../environment.ts';
import { createLineSplitter } from './line-splitter.ts';
import { toStartError } from './outcome.ts';

export type Program = {
  readonly location: string;
  readonly folder: string;
  readonly arguments: readonly string[];
  /** What it reads on stdin. */
  readonly input: string;
  /** On top of the host's own. */
  readonly environment: { readonly [name: string]: string };
  readonly outputBytes: number;
  readonly signal: AbortSignal;
  readonly onErrorLine: (line: string) => void;
};

export type ProgramEnd = {
  /** Null: a signal ended it. */
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly output: string;
  /** The last lines of stderr. */
  readonly errorLines: readonly string[];
};

/** What is still in the pipes after the exit comes at once; a grandchild that holds them open is not waited for. */
const DRAIN_MS = 100;
const ERROR_LINES = 20;

/**
 * Runs the program to its end. Whatever happens, nothing of its process group lives on afterwards.
 *
 * @throws PypesError `output_too_large`, `agent_broken` where it cannot be started, the reason of `signal`
 */
export function runProgram(program: Program): Promise<ProgramEnd> {
  const { signal } = program;
  if (signal.aborted) return Promise.reject(toAbortError(signal));
  return new Promise((resolve, reject) => {
    const child = start(program);
    const output: Buffer[] = [];
    const errorLines: string[] = [];
    let bytes = 0;
    let read = 0;
    let isOver = false;
    let open = 2;
    let exit: Pick<ProgramEnd, 'exitCode' | 'exitSignal'> | undefined;
    let drain: NodeJS.Timeout | undefined;

    const errors = createLineSplitter((line) => {
      errorLines.push(line);
      if (errorLines.length > ERROR_LINES) errorLines.shift();
      program.onErrorLine(line);
    });
    const leave = (): void => {
      isOver = true;
      clearTimeout(drain);
      signal.removeEventListener('abort', onAbort);
      killGroup(child);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    };
    const fail = (error: PypesError): void => {
      leave();
      reject(error);
    };
    const succeed = (): void => {
      leave();
      errors.end();
      resolve({
        ...(exit ?? { exitCode: null, exitSignal: null }),
        output: Buffer.concat(output).toString('utf8'),
        errorLines,
      });
    };
    const onAbort = (): void => fail(toAbortError(signal));
    const onStreamEnd = (): void => {
      open--;
      if (open === 0 && exit !== undefined) succeed();
    };

    signal.addEventListener('abort', onAbort);
    child.once('error', (error) => fail(toStartError(error, program.location)));
    child.once('exit', (exitCode, exitSignal) => {
      exit = { exitCode, exitSignal };
      if (open === 0) succeed();
      else waitForRest();
    });
    // On a busy machine the time may be over before anybody has looked: what is there by then is read first.
    const waitForRest = (): void => {
      const before = read;
      drain = setTimeout(() => {
        setImmediate(() => {
          if (isOver) return;
          if (read === before) succeed();
          else waitForRest();
        });
      }, DRAIN_MS);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', () => {
        read += 1;
      });
    }
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      output.push(chunk);
      if (bytes > program.outputBytes) {
        fail(
          new PypesError(
            'output_too_large',
            `The program printed more than ${program.outputBytes} bytes and was stopped`,
          ),
        );
      }
    });
    child.stderr?.on('data', errors.write);
    child.stdout?.once('end', onStreamEnd);
    child.stderr?.once('end', onStreamEnd);
    // A program need not read its arguments: the broken pipe is no failure.
    child.stdin?.on('error', () => {});
    child.stdin?.end(program.input);
  });
}

function start(program: Program): ChildProcess {
  return spawn(program.location, [...program.arguments], {
    cwd: program.folder,
    detached: true,
    env: { ...guestEnvironment(), ...program.environment },
    stdio: 'pipe',
  });
}

/** Detached, the child leads a group of its own id; where all of it is gone already, there is nothing to do. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {}
}
