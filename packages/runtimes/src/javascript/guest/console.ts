// What an agent prints becomes log events of the call that printed it: console, process.stdout and process.stderr.
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { currentCall } from '../../threads/guest/current-call.ts';

const LEVELS = { debug: 'debug', trace: 'debug', warn: 'warn', error: 'error', assert: 'error' } as const;

/** Redirects this thread's output. What is printed outside any call, as by a module's top level, is dropped. */
export function captureOutput(): void {
  let level: string | undefined;
  const sink = (standard: string) =>
    ({
      write(text: string): boolean {
        currentCall.getStore()?.log.write(level ?? standard, text.replace(/\n$/, ''));
        return true;
      },
    }) as unknown as Writable;
  const console = new Console({ stdout: sink('info'), stderr: sink('error'), ignoreErrors: false });
  for (const method of Object.keys(LEVELS) as (keyof typeof LEVELS)[]) {
    const print = console[method] as (...values: unknown[]) => void;
    console[method] = (...values: unknown[]): void => {
      level = LEVELS[method];
      try {
        print(...values);
      } finally {
        level = undefined;
      }
    };
  }
  globalThis.console = console;
  Object.defineProperty(process, 'stdout', { value: createStream('info'), configurable: true });
  Object.defineProperty(process, 'stderr', { value: createStream('warn'), configurable: true });
}

function createStream(level: string): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      currentCall.getStore()?.log.print(level, text);
      done();
    },
  });
}
