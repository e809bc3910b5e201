// What a sandboxed call threw, as the host is told it: message, line, the frames of the agent's own file.
import { HostError, LimitError, OutputError } from '../../../threads/guest/failure.ts';
import type { AgentSource, FailureText } from '../../../threads/wire/messages.ts';
import { InnerError } from './inner-error.ts';

const TRACE_LINES = 20;
const OUTPUT_CODES: readonly string[] = ['invalid_output', 'output_too_large'];

/** How QuickJS calls the file. */
export function nameOf({ path }: Pick<AgentSource, 'path'>): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function toFailure(thrown: unknown, source: AgentSource): FailureText {
  if (thrown instanceof LimitError) {
    return { code: thrown.code, message: thrown.message, limit: thrown.limit, maximum: thrown.maximum };
  }
  if (thrown instanceof OutputError) return { code: thrown.code, message: thrown.message };
  if (thrown instanceof HostError) return { code: 'handler_failed', message: thrown.message, cause: thrown.code };
  if (!(thrown instanceof InnerError)) return { code: 'handler_failed', message: 'The sandbox failed' };
  const { code, message, innerStack } = thrown;
  if (code !== undefined && OUTPUT_CODES.includes(code)) {
    return { code: code as 'invalid_output', message: message.replace(/^Error: /, '') };
  }
  const refused = message.startsWith('PypesError: ');
  const frames = toFrames(innerStack, nameOf(source), source.path);
  return {
    code: 'handler_failed',
    message: refused ? message.replace('PypesError', code ?? 'PypesError') : message,
    ...(frames.length > 0 ? { trace: frames } : {}),
    ...placeIn(innerStack, nameOf(source)),
    ...(refused && code !== undefined ? { cause: code } : {}),
  };
}

/** The frames of the agent's file, none of the prelude's. */
function toFrames(stack: string, name: string, path: string): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s*at /.test(line) && line.includes(`${name}:`))
    .slice(0, TRACE_LINES)
    .map((line) => line.trim().replaceAll(`${name}:`, `${path}:`));
}

function placeIn(stack: string, name: string): { line?: number; column?: number } {
  const at = stack.indexOf(`${name}:`);
  if (at < 0) return {};
  const [, line, column] = /^(\d+)(?::(\d+))?/.exec(stack.slice(at + name.length + 1)) ?? [];
  return {
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
  };
}
