// tools/call: finds the tool, calls its agent, and gives back a result, a question, or a task.
import {
  type CallToolResult,
  type InputRequests,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { isPypesError, type JsonObject } from '@pypes/contract';
import { CALL_TOOL, SEARCH_TOOL, type ToolOffer } from '../catalog/offers.ts';
import type { McpCore } from '../core.ts';
import type { Task } from '../tasks/tasks.ts';
import type { Exchange, Round } from './exchange.ts';
import { invoke } from './invoke.ts';
import { runAsTask, type TaskRequest } from './long.ts';
import { toErrorResult, toToolResult } from './result.ts';
import { callSearch, unwrapCall } from './search-tools.ts';
import { bindRequest, type CallState } from './state.ts';

/** What a client asks for. */
export type ToolRequest = {
  readonly name: string;
  readonly args: JsonObject;
  readonly round: Round;
  readonly tasks: TaskRequest;
};

/** What it gets. */
export type ToolAnswer =
  | { readonly kind: 'result'; readonly result: CallToolResult }
  | { readonly kind: 'input'; readonly requests: InputRequests; readonly requestState?: string }
  | { readonly kind: 'task'; readonly task: Task };

/** One attempt: a result, or what has to be asked first. */
export type ToolAttempt =
  | { readonly kind: 'result'; readonly result: CallToolResult }
  | { readonly kind: 'input'; readonly requests: InputRequests; readonly state: Omit<CallState, 'of'> };

/** @throws ProtocolError for what is wrong with the request, not with the call */
export async function callTool(core: McpCore, request: ToolRequest, exchange: Exchange): Promise<ToolAnswer> {
  if (request.name === SEARCH_TOOL) return { kind: 'result', result: await callSearch(core, request.args, exchange) };
  const { name, args } = request.name === CALL_TOOL ? unwrapCall(request.args) : request;
  const before = request.round.state;
  const of = before === undefined ? undefined : await checkState(before, exchange, name, args);
  const offer = core.catalogs.last(exchange.caller)?.tools.get(name) ?? (await findAnew(core, exchange, name));
  const attempt = (round: Round, within: Exchange): Promise<ToolAttempt> =>
    attemptTool(core, offer, args, within, round);
  const outcome = await runAsTask(core, offer, { ...request, attempt }, exchange);
  if (outcome.kind !== 'input') return outcome;
  const { kind, requests, state } = outcome;
  if (Object.keys(state).length === 0) return { kind, requests };
  const bound = of ?? (await bindRequest(exchange.owner, 'tools/call', name, args));
  return { kind, requests, requestState: await core.seal.mint({ ...state, of: bound }) };
}

/** A state counts for the request that it was made for. */
async function checkState(state: CallState, { owner }: Exchange, name: string, args: JsonObject): Promise<string> {
  const of = await bindRequest(owner, 'tools/call', name, args);
  if (state.of === of) return of;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The requestState belongs to another request', {
    reason: 'invalid_request_state',
  });
}

async function findAnew(core: McpCore, { caller }: Exchange, name: string): Promise<ToolOffer> {
  const offer = (await core.catalogs.read(caller)).tools.get(name);
  if (offer !== undefined) return offer;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name.slice(0, 200)}`);
}

/** What was looked at a while ago may be gone: then the tool is looked for once more. */
async function attemptTool(
  core: McpCore,
  offer: ToolOffer,
  args: JsonObject,
  exchange: Exchange,
  round: Round,
): Promise<ToolAttempt> {
  try {
    return await attemptOnce(core, offer, args, exchange, round);
  } catch (error) {
    if (!isGone(error)) return { kind: 'result', result: toErrorResult(error) };
  }
  const now = await findAnew(core, exchange, offer.name);
  return attemptOnce(core, now, args, exchange, round).catch((error: unknown) => ({
    kind: 'result' as const,
    result: toErrorResult(error),
  }));
}

async function attemptOnce(
  core: McpCore,
  offer: ToolOffer,
  args: JsonObject,
  exchange: Exchange,
  round: Round,
): Promise<ToolAttempt> {
  const attempt = await invoke(core, offer, args, exchange, round);
  if (attempt.kind === 'input') return attempt;
  return { kind: 'result', result: toToolResult(attempt.output, offer) };
}

function isGone(error: unknown): boolean {
  return isPypesError(error) && (error.code === 'unknown_agent' || error.code === 'not_found');
}
