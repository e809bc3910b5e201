// What a Lua call threw, as the host is told it: `agent.lua:3: boom` has the line in its text.
import { HostError, LimitError, OutputError } from '../../threads/guest/failure.ts';
import type { AgentSource, FailureText } from '../../threads/wire/messages.ts';
import { LuaFailure } from './outcome.ts';

const PLACE = /^([^\n]{1,80}?):(\d+): /;

export function toFailure(thrown: unknown, _source: AgentSource): FailureText {
  if (thrown instanceof OutputError) return { code: thrown.code, message: thrown.message };
  if (thrown instanceof LimitError) {
    return { code: thrown.code, message: thrown.message, limit: thrown.limit, maximum: thrown.maximum };
  }
  if (thrown instanceof HostError) return { code: 'handler_failed', message: thrown.message, cause: thrown.code };
  if (!(thrown instanceof LuaFailure)) return { code: 'handler_failed', message: String(thrown) };
  const line = PLACE.exec(thrown.message)?.[2];
  return {
    code: thrown.code ?? 'handler_failed',
    message: thrown.message,
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(thrown.refusal === undefined ? {} : { cause: thrown.refusal }),
  };
}
