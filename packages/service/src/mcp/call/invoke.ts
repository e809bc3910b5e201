// One attempt to call an agent: through the guard, with what the client was asked before, or up to the next question.
import type { InputRequests } from '@modelcontextprotocol/server';
import { isPypesError, type Json, type JsonObject, PypesError } from '@pypes/contract';
import type { Offer } from '../catalog/offers.ts';
import type { McpCore } from '../core.ts';
import { approvalOf, askForApproval, settleApproval } from './approval.ts';
import type { Exchange, Round } from './exchange.ts';
import { type AgentInput, questionOf } from './input.ts';
import type { CallState } from './state.ts';

/** What came of it. */
export type Attempt =
  | { readonly kind: 'output'; readonly output: Json }
  | { readonly kind: 'input'; readonly requests: InputRequests; readonly state: Omit<CallState, 'of'> };

const NO_ROUND: Round = { answers: {} };

/** @throws PypesError `not_found` where the pack is gone or not the caller's any more, and what host.call throws */
export async function invoke(
  core: McpCore,
  offer: Offer,
  args: JsonObject,
  exchange: Exchange,
  round: Round = NO_ROUND,
): Promise<Attempt> {
  const { state } = round;
  const asked = state?.approval;
  if (asked !== undefined && !(await settle(core, asked, exchange, round))) return askAgain(core, asked, state);
  const answers = asked === undefined ? round.answers : (state?.answers ?? {});
  const { options, entry } = offer;
  const { signal, onEvent, caller } = exchange;
  const pack = await core.host.get(offer.guid);
  if (pack === undefined || !caller.mayUse(pack.manifest)) {
    throw new PypesError('not_found', `The pack of "${entry.name}" is gone`);
  }
  try {
    const output = await core.host.call(pack, {
      agent: entry.name,
      args: options.asks ? withInput(args, answers, state?.state, exchange) : args,
      from: 'mcp',
      signal,
      ...(caller.userGuid === undefined ? {} : { userGuid: caller.userGuid }),
      ...(onEvent === undefined ? {} : { onEvent }),
    });
    const question = options.asks ? questionOf(output) : undefined;
    if (question === undefined) return { kind: 'output', output };
    const remembered = question.state === undefined ? {} : { state: question.state };
    return { kind: 'input', requests: question.requests, state: remembered };
  } catch (error) {
    const id = isPypesError(error) && mayDecide(core, exchange) ? approvalOf(error) : undefined;
    const request = id === undefined ? undefined : await core.approvals?.get(id);
    if (id === undefined || request === undefined) throw error;
    const remembered = { approval: id, answers, ...(state?.state === undefined ? {} : { state: state.state }) };
    return { kind: 'input', requests: askForApproval(request), state: remembered };
  }
}

/** The yes is asked of whoever holds this machine or its token, where the client can show a question. */
export function mayDecide(core: McpCore, { caller, capabilities }: Pick<Exchange, 'caller' | 'capabilities'>): boolean {
  const { elicitation } = capabilities;
  if (core.approvals === undefined || !caller.operator || elicitation === undefined) return false;
  // A client that says no more than that it asks people shows forms.
  return elicitation.form !== undefined || Object.keys(elicitation).length === 0;
}

async function settle(core: McpCore, id: string, exchange: Exchange, { answers }: Round): Promise<boolean> {
  if (core.approvals === undefined || !exchange.caller.operator) {
    throw new PypesError('forbidden', 'Only the operator may decide about approvals here');
  }
  return settleApproval(core.approvals, id, answers, core.now());
}

async function askAgain(core: McpCore, id: string, state: CallState | undefined): Promise<Attempt> {
  const request = await core.approvals?.get(id);
  if (request === undefined) throw new PypesError('not_found', `There is no request "${id}" any more`);
  const { of: _of, ...remembered } = state ?? { of: '' };
  return { kind: 'input', requests: askForApproval(request), state: remembered };
}

/** Answers come from the client beside the arguments; what a model puts in their place is refused. */
function withInput(args: JsonObject, answers: JsonObject, state: Json | undefined, exchange: Exchange): JsonObject {
  if (Object.hasOwn(args, 'mcp')) {
    throw new PypesError('invalid_input', 'The argument "mcp" is filled by the server; leave it out');
  }
  const { elicitation, sampling, roots } = exchange.capabilities;
  const input: AgentInput = {
    capabilities: {
      elicitation: elicitation !== undefined,
      sampling: sampling !== undefined,
      roots: roots !== undefined,
    },
    answers,
    ...(state === undefined ? {} : { state }),
  };
  return { ...args, mcp: input as unknown as Json };
}
