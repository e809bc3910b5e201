// One agent as an MCP tool: its name, what it is for, and schemas that every client can read.
import { isJsonObject, type JsonObject, type JsonSchema, type LoadedAgent } from '@pypes/contract';
import type { AgentEntry } from '@pypes/host';
import { toInputSchema, toOutputSchema } from '../schema/client-schema.ts';
import { DESCRIPTION_LENGTH, NOTE_LENGTH, toPlainText } from '../text.ts';
import type { McpOptions } from './options.ts';

/** A tool as it is listed, and what its results need. */
export type ToolDefinition = {
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  /** Results stand in the property `result` of the structured content. */
  readonly wrapped: boolean;
  readonly title?: string;
  /** What clients are not told, and why. */
  readonly findings: readonly string[];
};

const known = new WeakMap<LoadedAgent, ToolDefinition>();

/** The definition of an agent, made once for each version of its file. */
export function defineTool({ loaded, metadata }: AgentEntry, options: McpOptions): ToolDefinition {
  const before = known.get(loaded);
  if (before !== undefined) return before;
  const input = toInputSchema(options.asks ? withoutInput(metadata.parameters) : metadata.parameters);
  const output = metadata.returns === undefined || options.content ? undefined : toOutputSchema(metadata.returns);
  const title = metadata.title;
  const definition: ToolDefinition = {
    description: toPlainText(metadata.description, DESCRIPTION_LENGTH),
    inputSchema: input.schema,
    ...(output?.schema === undefined ? {} : { outputSchema: output.schema }),
    wrapped: output?.schema !== undefined && output.wrapped,
    ...(typeof title === 'string' && title !== '' ? { title: toPlainText(title, NOTE_LENGTH) } : {}),
    findings: [
      ...input.findings.map((finding) => `parameters: ${finding}`),
      ...(output?.findings ?? []).map((finding) => `returns: ${finding}`),
    ],
  };
  known.set(loaded, definition);
  return definition;
}

/** A tool as `tools/list` says it. */
export function listTool(name: string, definition: ToolDefinition, options: McpOptions): JsonObject {
  const { title, description, inputSchema, outputSchema } = definition;
  return {
    name,
    ...(title === undefined ? {} : { title }),
    description,
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(Object.keys(options.hints).length === 0 ? {} : { annotations: options.hints as JsonObject }),
    ...(options.task === 'never'
      ? {}
      : { execution: { taskSupport: options.task === 'required' ? 'required' : 'optional' } }),
  };
}

/** The parameter through which an agent gets answers is filled by the door, never by a model. */
function withoutInput(parameters: JsonSchema): JsonSchema {
  const { properties, required, ...rest } = parameters;
  return {
    ...rest,
    ...(isJsonObject(properties)
      ? { properties: Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'mcp')) }
      : {}),
    ...(Array.isArray(required) ? { required: required.filter((name) => name !== 'mcp') } : {}),
  };
}
