// Prompts and resources over agents that may ask: the same rounds as tools, with protocol errors instead of results.
import {
  type InputRequiredResult,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { type Json, type JsonObject, toPypesError } from '@pypes/contract';
import type { Exchange, Round } from '../call/exchange.ts';
import { invoke } from '../call/invoke.ts';
import { bindRequest } from '../call/state.ts';
import type { Offer } from '../catalog/offers.ts';
import type { McpCore } from '../core.ts';
import { toPlainText } from '../text.ts';

const MOST_ERROR = 2_000;

/** Calls an agent for what is not a tool. @throws ProtocolError */
export async function callFor<T>(
  core: McpCore,
  what: { readonly method: string; readonly name: string; readonly offer: Offer; readonly args: JsonObject },
  exchange: Exchange,
  round: Round,
  toResult: (output: Json) => T,
): Promise<T | InputRequiredResult> {
  const of = await bindRequest(exchange.owner, what.method, what.name, what.args);
  if (round.state !== undefined && round.state.of !== of) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The requestState belongs to another request', {
      reason: 'invalid_request_state',
    });
  }
  try {
    const attempt = await invoke(core, what.offer, what.args, exchange, round);
    if (attempt.kind === 'output') return toResult(attempt.output);
    const remembers = Object.keys(attempt.state).length > 0;
    return inputRequired({
      inputRequests: attempt.requests,
      ...(remembers ? { requestState: await core.seal.mint({ ...attempt.state, of }) } : {}),
    });
  } catch (error) {
    const { code, message } = toPypesError(error);
    const number = code === 'invalid_input' ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
    throw new ProtocolError(number, toPlainText(message, MOST_ERROR), { code });
  }
}
