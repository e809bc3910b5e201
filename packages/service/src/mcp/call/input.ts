// What an agent asks the client's user, and how its answers come back: as an output, and as an argument.
import { type InputRequests, isSpecType } from '@modelcontextprotocol/server';
import { isJsonObject, type Json, type JsonObject, PypesError } from '@pypes/contract';

/** What an agent that asks puts out: `{input_required: {key: request}, state?}`, with MCP's own requests. */
export type AgentQuestion = { readonly requests: InputRequests; readonly state?: Json };

/** What its parameter `mcp` holds: what the client can be asked, its answers, and the state that the agent gave. */
export type AgentInput = { readonly capabilities: JsonObject; readonly answers: JsonObject; readonly state?: Json };

const MOST_REQUESTS = 16;
const MOST_CHARACTERS = 65_536;

/** The question that an output is, or undefined for an answer. @throws PypesError `invalid_output` */
export function questionOf(output: Json): AgentQuestion | undefined {
  if (!isJsonObject(output) || !isJsonObject(output.input_required)) return undefined;
  const { input_required: requests, state } = output;
  const entries = Object.entries(requests);
  if (entries.length === 0 || entries.length > MOST_REQUESTS || JSON.stringify(output).length > MOST_CHARACTERS) {
    throw new PypesError(
      'invalid_output',
      `An agent may ask for 1 to ${MOST_REQUESTS} things at once, in ${MOST_CHARACTERS} characters; this one asks for ${entries.length}`,
    );
  }
  for (const [key, request] of entries) {
    if (isSpecType.ElicitRequest(request) || isSpecType.CreateMessageRequest(request)) continue;
    if (isSpecType.ListRootsRequest(request)) continue;
    throw new PypesError(
      'invalid_output',
      `The agent asks for "${key}", which is none of elicitation/create, sampling/createMessage and roots/list`,
    );
  }
  return { requests: requests as unknown as InputRequests, ...(state === undefined ? {} : { state }) };
}
