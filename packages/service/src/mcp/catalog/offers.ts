// What a caller is offered at one moment: tools, prompts and resources of every pack that it may use.

import { UriTemplate } from '@modelcontextprotocol/server';
import type { JsonObject, PackManifest } from '@pypes/contract';
import type { AgentEntry, CatalogView, Host, Pack } from '@pypes/host';
import type { McpCaller } from '../caller.ts';
import { nameTools } from './names.ts';
import { type McpOptions, readMcpOptions } from './options.ts';
import { createSearch, type Search } from './search.ts';
import { defineTool, listTool, type ToolDefinition } from './tool.ts';

/** One agent, offered. */
export type Offer = {
  readonly guid: string;
  readonly manifest: PackManifest;
  readonly entry: AgentEntry;
  readonly options: McpOptions;
};
export type ToolOffer = Offer & { readonly name: string; readonly definition: ToolDefinition };
export type TemplateOffer = Offer & { readonly name: string; readonly template: UriTemplate };
export type NamedOffer = Offer & { readonly name: string };

/** All that is offered to one scope of callers. */
export interface Offers {
  readonly tools: ReadonlyMap<string, ToolOffer>;
  readonly prompts: ReadonlyMap<string, NamedOffer>;
  /** By address. */
  readonly resources: ReadonlyMap<string, NamedOffer>;
  readonly templates: readonly TemplateOffer[];
  /** What was looked at: the same views mean the same offers. */
  readonly views: readonly CatalogView[];
  /** Every tool as `tools/list` says it, sorted by name. */
  listed(): readonly JsonObject[];
  /** The same as JSON, as 2026-07-28 has it. */
  listedText(): string;
  search(): Search;
}

/** Names of the tools that find and call others. */
export const SEARCH_TOOL = 'search_tools';
export const CALL_TOOL = 'call_tool';
const RESERVED: ReadonlySet<string> = new Set([SEARCH_TOOL, CALL_TOOL]);

/**
 * Reads the packs as they are now; where nothing came, went or changed, that is what was there `before`. `report` is
 * told of what authors wrote that is not understood.
 */
export async function readOffers(
  host: Host,
  caller: McpCaller,
  report: (agent: AgentEntry, wrong: readonly string[]) => void,
  before?: Offers,
): Promise<Offers> {
  const packs = (await host.list()).filter(({ manifest }) => caller.mayUse(manifest));
  const views = await Promise.all(packs.map(({ catalog }) => catalog.view()));
  if (before !== undefined && isSameList(before.views, views)) return before;
  const offers = packs.flatMap((pack, index) => offersOf(pack, [...(views[index]?.agents.values() ?? [])], report));
  const named = nameTools(offers, RESERVED);
  const tools = new Map<string, ToolOffer>();
  const prompts = new Map<string, NamedOffer>();
  const resources = new Map<string, NamedOffer>();
  const templates: TemplateOffer[] = [];
  for (const [name, offer] of named) {
    const { as, uri } = offer.options;
    if (as === 'tool') tools.set(name, { ...offer, name, definition: defineTool(offer.entry, offer.options) });
    else if (as === 'prompt') prompts.set(name, { ...offer, name });
    else if (uri !== undefined && UriTemplate.isTemplate(uri)) {
      templates.push({ ...offer, name, template: new UriTemplate(uri) });
    } else if (uri !== undefined && !resources.has(uri)) resources.set(uri, { ...offer, name });
  }
  return { views, tools, prompts, resources, templates, ...lazily(tools) };
}

function offersOf(
  pack: Pack,
  entries: readonly AgentEntry[],
  report: (agent: AgentEntry, wrong: readonly string[]) => void,
): readonly (Offer & { readonly alias: string; readonly operators: boolean })[] {
  return entries.map((entry) => {
    const { options, wrong } = readMcpOptions(entry.metadata, pack.trusted);
    if (wrong.length > 0) report(entry, wrong);
    const { guid, manifest } = pack;
    return { guid, manifest, entry, options, alias: entry.alias, operators: pack.folder !== undefined };
  });
}

function lazily(tools: ReadonlyMap<string, ToolOffer>): Pick<Offers, 'listed' | 'listedText' | 'search'> {
  let listed: readonly JsonObject[] | undefined;
  let search: Search | undefined;
  let text: string | undefined;
  const list = () => {
    listed ??= [...tools.values()].map(({ name, definition, options }) => listTool(name, definition, options));
    return listed;
  };

  return {
    listed: list,
    listedText() {
      text ??= JSON.stringify(list().map(({ execution: _tasks2025, ...tool }) => tool));
      return text;
    },
    search() {
      search ??= createSearch(
        [...tools.values()].map(({ name, definition }) => ({
          name,
          description: `${definition.title ?? ''} ${definition.description}`,
          words: Object.keys((definition.inputSchema.properties as JsonObject | undefined) ?? {}),
        })),
      );
      return search;
    },
  };
}

function isSameList(before: readonly CatalogView[], after: readonly CatalogView[]): boolean {
  return before.length === after.length && before.every((view, index) => view === after[index]);
}
