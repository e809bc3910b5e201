// Runs a program with text on its standard input and gives what it writes.
import { spawn } from 'node:child_process';
import { PypesError } from '@pypes/contract';

/** @throws PypesError `unavailable` where there is no such program, `handler_failed` where it ends with an error */
export function runProgram(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', () =>
      reject(
        new PypesError('unavailable', `There is no "${command}" on this machine; install it, or put it on the PATH`),
      ),
    );
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else
        reject(
          new PypesError(
            'handler_failed',
            `"${command}" ended with code ${code}: ${Buffer.concat(err).toString('utf8').trim().slice(-2000)}`,
          ),
        );
    });
    child.stdin.end(input);
  });
}
