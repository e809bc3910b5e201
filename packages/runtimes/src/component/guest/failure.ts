// What a call of a component threw, as the host is told it.
import { HostError, LimitError, OutputError } from '../../threads/guest/failure.ts';
import type { AgentSource, FailureText } from '../../threads/wire/messages.ts';

/** The function gave an error of its own, as its WIT says that it may. */
export class SkillError extends Error {
  /** JSON text. */
  readonly payload: string;
  constructor(payload: string) {
    super(`The function gave an error: ${payload.slice(0, 1_000)}`);
    this.payload = payload;
  }
}

/** The arguments are not what the function's WIT says. */
export class InputError extends Error {}

/** The component ended itself through wasi:cli/exit. */
export class ExitError extends Error {}

export function toFailure(thrown: unknown, _source: AgentSource): FailureText {
  if (thrown instanceof SkillError) {
    return { code: 'handler_failed', message: thrown.message, payload: thrown.payload };
  }
  if (thrown instanceof InputError) return { code: 'invalid_input', message: thrown.message };
  if (thrown instanceof OutputError) return { code: thrown.code, message: thrown.message };
  if (thrown instanceof LimitError) {
    return { code: thrown.code, message: thrown.message, limit: thrown.limit, maximum: thrown.maximum };
  }
  if (thrown instanceof HostError) return { code: 'handler_failed', message: thrown.message, cause: thrown.code };
  if (thrown instanceof Error && thrown.name === 'WitValueError') {
    return { code: 'invalid_output', message: `A value is not of its WIT type: ${thrown.message}` };
  }
  if (thrown instanceof WebAssembly.RuntimeError) {
    return { code: 'handler_failed', message: `The component trapped: ${thrown.message.replace(/^wasm trap: /, '')}` };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'handler_failed', message };
}
