// One client's server: what a host offers through MCP, in the protocol that the client speaks.
import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import { TASKS_EXTENSION } from '../call/long.ts';
import type { McpCaller } from '../caller.ts';
import { completeArgument } from '../completions.ts';
import type { McpCore } from '../core.ts';
import { listPrompt, toPromptArguments, toPromptResult, unknownPrompt } from '../prompts.ts';
import { findResource, listResource, toReadResult } from '../resources.ts';
import { SERVER_INFO } from '../server-info.ts';
import { callFor } from './ask-server.ts';
import { type Client, type Era, exchangeOf, roundOf } from './exchange-of.ts';
import { type ListMode, pageOf } from './lists.ts';
import { ProtocolServer } from './protocol-server.ts';
import { addTaskMethods, addTaskMethods2025 } from './task-methods.ts';
import { addToolMethods } from './tool-methods.ts';

/** Whose server it is. */
export type ServerFor = {
  readonly caller: McpCaller;
  /** What its tasks belong to. */
  readonly owner: string;
  readonly era: Era;
  readonly mode: ListMode;
  /** Addresses of resources that the client follows (2025-11-25). */
  readonly followed: Set<string>;
  /** Told after each call of a tool. */
  readonly called: () => void;
};

const MOST_FOLLOWED = 1_000;
const INSTRUCTIONS =
  'Each tool is an agent that a guard stands before: a call may be refused, or wait for a person, and the answer says so. ' +
  'Where search_tools is listed, there are more tools than are listed: find them with it, and call them with call_tool.';

/** A server that is not connected yet. */
export function createMcpServer(
  core: McpCore,
  { caller, owner, era, mode, followed, called }: ServerFor,
): ProtocolServer {
  const server = new ProtocolServer(
    { ...SERVER_INFO, version: core.version },
    {
      instructions: INSTRUCTIONS,
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        completions: {},
        logging: {},
        ...(era === 'modern'
          ? { extensions: { [TASKS_EXTENSION]: {} } }
          : { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } }),
      },
      requestState: { verify: (sealed) => core.seal.open(sealed) },
    },
  );
  const capabilities = () => server.getClientCapabilities();
  const client: Client = { caller, owner, era, capabilities, onEvent: core.onEvent };
  addToolMethods(server, core, client, { mode, called });
  if (era === 'modern') addTaskMethods(server, core, owner);
  else {
    addTaskMethods2025(server, core, owner);
    server.setRequestHandler('resources/subscribe', ({ params }) => {
      if (followed.size < MOST_FOLLOWED) followed.add(params.uri);
      return {};
    });
    server.setRequestHandler('resources/unsubscribe', ({ params }) => {
      followed.delete(params.uri);
      return {};
    });
  }
  addPromptMethods(server, core, client);
  addResourceMethods(server, core, client);
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument } }) => {
    const offers = core.catalogs.last(caller) ?? (await core.catalogs.read(caller));
    const offer =
      ref.type === 'ref/prompt'
        ? offers.prompts.get(ref.name)
        : offers.templates.find(({ options }) => options.uri === ref.uri);
    if (offer === undefined) throw unknownPrompt(ref.type === 'ref/prompt' ? ref.name : ref.uri);
    const values = [...completeArgument(offer, argument.name, argument.value)];
    return { completion: { values, total: values.length, hasMore: false } };
  });
  return server;
}

function addPromptMethods(server: ProtocolServer, core: McpCore, client: Client): void {
  server.setRequestHandler('prompts/list', async ({ params }) => {
    const { prompts } = await core.catalogs.read(client.caller);
    const { page, ...more } = pageOf([...prompts.values()].map(listPrompt), params?.cursor);
    return { prompts: page as never, ...more };
  });
  server.setRequestHandler('prompts/get', async ({ params: { name, arguments: given = {} } }, context) => {
    const offer =
      core.catalogs.last(client.caller)?.prompts.get(name) ??
      (await core.catalogs.read(client.caller)).prompts.get(name);
    if (offer === undefined) throw unknownPrompt(name);
    const args = toPromptArguments(offer, given);
    const what = { method: 'prompts/get', name, offer, args };
    return callFor(core, what, exchangeOf(client, context, offer.entry.name), roundOf(context), toPromptResult);
  });
}

function addResourceMethods(server: ProtocolServer, core: McpCore, client: Client): void {
  server.setRequestHandler('resources/list', async ({ params }) => {
    const { resources } = await core.catalogs.read(client.caller);
    const { page, ...more } = pageOf([...resources.values()].map(listResource), params?.cursor);
    return { resources: page as never, ...more };
  });
  server.setRequestHandler('resources/templates/list', async ({ params }) => {
    const { templates } = await core.catalogs.read(client.caller);
    const { page, ...more } = pageOf(templates.map(listResource), params?.cursor);
    return { resourceTemplates: page as never, ...more };
  });
  server.setRequestHandler('resources/read', async ({ params: { uri } }, context) => {
    const last = core.catalogs.last(client.caller);
    const found =
      (last === undefined ? undefined : findResource(last, uri)) ??
      findResource(await core.catalogs.read(client.caller), uri);
    if (found === undefined) throw new ResourceNotFoundError(uri);
    const { offer, args } = found;
    const what = { method: 'resources/read', name: uri, offer, args };
    const toResult = (output: Parameters<typeof toReadResult>[0]) => toReadResult(output, uri, offer);
    return callFor(core, what, exchangeOf(client, context, offer.entry.name), roundOf(context), toResult);
  });
}
