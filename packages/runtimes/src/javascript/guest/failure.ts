// Turns what an agent threw into text for the host: the message, the line, the frames of the agent's own code.
import { fileURLToPath } from 'node:url';
import { HostError, OutputError } from '../../threads/guest/failure.ts';
import type { AgentSource, FailureText } from '../../threads/wire/messages.ts';

const TRACE_LINES = 20;

export function toFailure(thrown: unknown, source: Pick<AgentSource, 'url' | 'path'>): FailureText {
  if (thrown instanceof OutputError) return { code: thrown.code, message: thrown.message };
  if (!(thrown instanceof Error)) return { code: 'handler_failed', message: `Threw ${describe(thrown)}, not an Error` };
  const frames = toFrames(thrown.stack, source);
  const place = findPlace(thrown.stack, source.url);
  return {
    code: 'handler_failed',
    message: thrown instanceof HostError ? `${thrown.code}: ${thrown.message}` : toMessage(thrown),
    ...(frames.length > 0 ? { trace: frames } : {}),
    ...place,
    ...(thrown instanceof HostError ? { cause: thrown.code } : {}),
  };
}

function toMessage(error: Error): string {
  const name = error.name || error.constructor.name;
  return error.message === '' ? name : `${name}: ${error.message}`;
}

/** The frames of the agent's file and of files that it imported, none of the runtime's or Node's own. */
function toFrames(stack: unknown, { url, path }: Pick<AgentSource, 'url' | 'path'>): string[] {
  if (typeof stack !== 'string') return [];
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && line.includes('file://') && !line.includes(OWN_FOLDER))
    .slice(0, TRACE_LINES)
    .map((line) =>
      line
        .trim()
        .replaceAll(url, path)
        .replace(/file:\/\/[^\s)]*?(?=(?::\d+)*\)?$)/, toPath),
    );
}

/** That of all runtimes. */
const OWN_FOLDER = new URL('../..', import.meta.url).href;

function toPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

/** Line and column of the innermost frame in the agent's file; of a syntax error, the line that V8 names first. */
function findPlace(stack: unknown, url: string): { line?: number; column?: number } {
  if (typeof stack !== 'string') return {};
  const at = stack.indexOf(`${url}:`);
  if (at < 0) return {};
  const [, line, column] = /^:(\d+)(?::(\d+))?/.exec(stack.slice(at + url.length)) ?? [];
  return {
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
  };
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 200));
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : String(value);
}
