// tools/list and tools/call.
import { inputRequired, type ServerContext } from '@modelcontextprotocol/server';
import { isJsonObject, type JsonObject } from '@pypes/contract';
import { TASKS_EXTENSION, type TaskRequest } from '../call/long.ts';
import { callTool, type ToolAnswer } from '../call/tool.ts';
import { CALL_TOOL } from '../catalog/offers.ts';
import type { McpCore } from '../core.ts';
import { type Client, capabilitiesOf, exchangeOf, roundOf } from './exchange-of.ts';
import { type ListMode, pageOf, toolsFor } from './lists.ts';
import { type ProtocolServer, RawResult } from './protocol-server.ts';
import { toCreated, toTask2025 } from './task-wire.ts';

/** Adds the two methods. `called` is told after each call. */
export function addToolMethods(
  server: ProtocolServer,
  core: McpCore,
  client: Client,
  { mode, called }: { readonly mode: ListMode; readonly called: () => void },
): void {
  server.setRequestHandler('tools/list', async ({ params }) => {
    const offers = await core.catalogs.read(client.caller);
    const { page, ...more } = pageOf(toolsFor(offers, mode, core.mostListed), params?.cursor);
    return { tools: page as never, ...more };
  });
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const { name, arguments: args = {} } = params;
    const inner = name === CALL_TOOL && typeof args.name === 'string' ? args.name : name;
    const agent = core.catalogs.last(client.caller)?.tools.get(inner)?.entry.name ?? inner;
    const request = {
      name,
      args: args as JsonObject,
      round: roundOf(context),
      tasks: tasksOf(client, params, context),
    };
    try {
      return server.allow(toResult(await callTool(core, request, exchangeOf(client, context, agent)), client));
    } finally {
      called();
    }
  });
}

/** Whether the client knows tasks, or asked for one. */
function tasksOf(client: Client, params: object, context: ServerContext): TaskRequest {
  if (client.era === 'modern') {
    const { extensions } = capabilitiesOf(client, context) as { readonly extensions?: JsonObject };
    return extensions?.[TASKS_EXTENSION] === undefined ? 'none' : 'extension';
  }
  const { task } = params as { readonly task?: unknown };
  if (!isJsonObject(task)) return 'none-2025';
  return typeof task.ttl === 'number' ? { ttlMs: task.ttl } : {};
}

function toResult(answer: ToolAnswer, { era }: Client): Parameters<ProtocolServer['allow']>[0] {
  if (answer.kind === 'result') return answer.result;
  if (answer.kind === 'task') {
    return new RawResult(era === 'modern' ? toCreated(answer.task) : { task: toTask2025(answer.task) });
  }
  const { requests, requestState } = answer;
  return inputRequired({ inputRequests: requests, ...(requestState === undefined ? {} : { requestState }) });
}
