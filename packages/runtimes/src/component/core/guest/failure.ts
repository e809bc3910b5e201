// What a call of a core module threw, as the host is told it.
import { HostError, LimitError, OutputError } from '../../../threads/guest/failure.ts';
import type { AgentSource, FailureText } from '../../../threads/wire/messages.ts';

/** The module broke the rules of the ABI; `code` says in which direction. */
export class AbiError extends Error {
  readonly code: 'handler_failed' | 'invalid_output';
  constructor(message: string, code: AbiError['code'] = 'handler_failed') {
    super(message);
    this.code = code;
  }
}

/** `run` gave a failure of its own. */
export class AgentFailure extends Error {
  /** JSON text. */
  readonly payload: string | undefined;
  /** The code of the host's refusal, where that is what was given. */
  readonly refusal: string | undefined;
  constructor(message: string, payload: string | undefined, refusal: string | undefined) {
    super(message);
    this.payload = payload;
    this.refusal = refusal;
  }
}

const TRACE_LINES = 20;

export function toFailure(thrown: unknown, source: AgentSource): FailureText {
  if (thrown instanceof AgentFailure) {
    return {
      code: 'handler_failed',
      message: thrown.message,
      ...(thrown.payload === undefined ? {} : { payload: thrown.payload }),
      ...(thrown.refusal === undefined ? {} : { cause: thrown.refusal }),
    };
  }
  if (thrown instanceof AbiError || thrown instanceof OutputError) {
    return { code: thrown.code, message: thrown.message };
  }
  if (thrown instanceof LimitError) {
    return { code: thrown.code, message: thrown.message, limit: thrown.limit, maximum: thrown.maximum };
  }
  if (thrown instanceof HostError) return { code: 'handler_failed', message: thrown.message, cause: thrown.code };
  if (!(thrown instanceof Error)) {
    return { code: 'handler_failed', message: 'The module threw an exception that it did not catch' };
  }
  const trace = toTrace(thrown.stack ?? '', source.path);
  return { code: 'handler_failed', message: describe(thrown), ...(trace.length > 0 ? { trace } : {}) };
}

function describe(error: Error): string {
  if (error instanceof WebAssembly.RuntimeError) return `The module trapped: ${error.message}`;
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return 'The module trapped: its functions call each other too deeply';
  }
  return `The module failed: ${error.message}`;
}

/** The functions of the module, innermost first; their names where the file carries them. */
function toTrace(stack: string, path: string): string[] {
  const lines: string[] = [];
  for (const line of stack.split('\n')) {
    const [, name, place] = /^\s*at (?:(.*) \()?wasm:\/\/\S*?(wasm-function\[\d+\]:0x[0-9a-f]+)\)?$/.exec(line) ?? [];
    if (place === undefined) continue;
    lines.push(`at ${name === undefined ? '' : `${name} `}(${path}:${place})`);
    if (lines.length === TRACE_LINES) break;
  }
  return lines;
}
