// How a program ended, as a value or as an error that says what to do about it.
import { existsSync, readFileSync } from 'node:fs';
import { type Json, PypesError } from '@pypes/contract';
import type { ProgramEnd } from './program.ts';

const SHOWN = 80;

/** @throws PypesError `invalid_output` with the beginning of what was printed instead of JSON */
export function toJson(output: string): Json {
  if (output.trim() === '') {
    throw new PypesError(
      'invalid_output',
      'The program printed nothing on stdout; print the result as JSON, "null" for none',
    );
  }
  try {
    return JSON.parse(output) as Json;
  } catch {
    const shown = JSON.stringify(output.trimStart().slice(0, SHOWN));
    throw new PypesError(
      'invalid_output',
      `The program printed no JSON on stdout: ${shown}; print the result alone there, and messages on stderr`,
    );
  }
}

export function toExitError({ exitCode, exitSignal, errorLines }: ProgramEnd): PypesError {
  const how = exitCode === null ? `was ended by ${exitSignal}` : `exited with code ${exitCode}`;
  const last = errorLines.findLast((line) => line.trim() !== '');
  return new PypesError(
    'handler_failed',
    `The program ${how}${last === undefined ? '' : `: ${last.trim().slice(0, 500)}`}`,
    {
      details: { ...(exitCode === null ? {} : { exit_code: exitCode }), trace: errorLines.join('\n') },
    },
  );
}

/** Why the system could not start the file. */
export function toStartError(error: NodeJS.ErrnoException, location: string): PypesError {
  return new PypesError('agent_broken', explain(error, location), { details: { file: location }, cause: error });
}

function explain({ code, message }: NodeJS.ErrnoException, location: string): string {
  if (!existsSync(location)) return `The file "${location}" is gone`;
  const interpreter = /^#!\s*(.*)/.exec(readFileSync(location, 'latin1').slice(0, 256))?.[1]?.trim();
  switch (code) {
    case 'ENOENT':
      return interpreter === undefined
        ? `"${location}" needs a program loader that this machine does not have; it was built for another system`
        : `"${location}" asks for the interpreter "${interpreter}", which is not installed`;
    case 'ENOEXEC':
    case 'ENOTSUP':
      return `"${location}" has no first line "#!/…" and is no program of this machine; begin it with one such as "#!/usr/bin/env python3"`;
    case 'EACCES':
      return `"${location}" may not be executed here; run "chmod +x" on it, or move it from a place mounted without execution`;
    default:
      return `"${location}" cannot be started: ${message}`;
  }
}
