// `AGENT.mcp`: how an agent shows itself to MCP clients, where its author says so.
import { type AgentMetadata, isJsonObject, type Json, type JsonObject } from '@pypes/contract';

/**
 * `never`: a call is answered when it is done. `auto` (the default): one that takes long becomes a task. `always`: each
 * is a task, for clients that know tasks. `required`: other clients are refused.
 */
export type TaskMode = 'never' | 'auto' | 'always' | 'required';

/** Hints for clients, which decide by them what they ask a person first. */
export type ToolHints = {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
};

/** What an agent says of itself, with defaults. */
export type McpOptions = {
  readonly as: 'tool' | 'prompt' | 'resource';
  /** Of a resource: its address, or a template of addresses, whose variables are the agent's parameters. */
  readonly uri?: string;
  readonly media_type?: string;
  /** The output is MCP content: a block, a list of blocks, or `{content, is_error?, structured?}`. */
  readonly content: boolean;
  /** The agent may ask the client, and is called again with the answers (`input.ts`). */
  readonly asks: boolean;
  readonly task: TaskMode;
  readonly hints: ToolHints;
};

const PLAIN: McpOptions = { as: 'tool', content: false, asks: false, task: 'auto', hints: {} };
const HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;
const TASKS: readonly unknown[] = ['never', 'auto', 'always', 'required'];
const TEXTS = { uri: 2_048, media_type: 128 };

/**
 * Reads `AGENT.mcp`. Of strangers' agents, only what concerns the agent alone counts: they offer tools, ask nobody, and
 * give no hints by which a client could leave out its own question. `wrong` names what was not understood.
 */
export function readMcpOptions(
  metadata: AgentMetadata,
  trusted: boolean,
): { readonly options: McpOptions; readonly wrong: readonly string[] } {
  const given = metadata.mcp as Json | undefined;
  if (given === undefined) return { options: PLAIN, wrong: [] };
  if (!isJsonObject(given)) return { options: PLAIN, wrong: ['mcp'] };
  const wrong: string[] = [];
  const take = <T>(key: string, fits: (value: Json) => boolean, otherwise: T): T => {
    const value = given[key];
    if (value === undefined) return otherwise;
    if (fits(value)) return value as T;
    wrong.push(`mcp.${key}`);
    return otherwise;
  };
  const text = (key: keyof typeof TEXTS): string | undefined =>
    take(key, (value) => typeof value === 'string' && value !== '' && value.length <= TEXTS[key], undefined);
  const isBoolean = (value: Json) => typeof value === 'boolean';
  const uri = text('uri');
  const mediaType = text('media_type');
  let as = take<McpOptions['as']>(
    'as',
    (value) => value === 'tool' || value === 'prompt' || value === 'resource',
    'tool',
  );
  if (as === 'resource' && uri === undefined) {
    wrong.push('mcp.uri');
    as = 'tool';
  }
  const content = take('content', isBoolean, false);
  const task = take<TaskMode>('task', (value) => TASKS.includes(value), 'auto');
  if (!trusted) return { options: { ...PLAIN, content, task }, wrong };
  const options: McpOptions = {
    as,
    content,
    task,
    asks: take('asks', isBoolean, false),
    hints: hintsOf(take<JsonObject>('hints', isJsonObject, {})),
    ...(uri === undefined ? {} : { uri }),
    ...(mediaType === undefined ? {} : { media_type: mediaType }),
  };
  return { options, wrong };
}

function hintsOf(given: JsonObject): ToolHints {
  return Object.fromEntries(HINTS.filter((key) => typeof given[key] === 'boolean').map((key) => [key, given[key]]));
}
