// A chat completion request in OpenAI's shape, read strictly: what cannot be honoured is refused by name, never dropped.
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import { jsonSchema, type ModelMessage, type ToolChoice, type ToolSet, tool } from 'ai';
import { toMessages } from './messages.ts';
import { invalid } from './refusal.ts';

/** A request as the AI SDK takes it. */
export type ReadRequest = {
  readonly model: string | undefined;
  readonly messages: ModelMessage[];
  readonly tools: ToolSet | undefined;
  readonly toolChoice: ToolChoice<ToolSet> | undefined;
  readonly settings: {
    readonly temperature?: number;
    readonly topP?: number;
    readonly presencePenalty?: number;
    readonly frequencyPenalty?: number;
    readonly seed?: number;
    readonly stopSequences?: string[];
    readonly maxOutputTokens?: number;
  };
  /** The answer has to be JSON: of this schema, or any object. */
  readonly format: { readonly schema: JsonObject | undefined; readonly name: string } | undefined;
  readonly includeUsage: boolean;
};

const KNOWN = new Set([
  'model',
  'messages',
  'tools',
  'tool_choice',
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'seed',
  'stop',
  'max_tokens',
  'max_completion_tokens',
  'response_format',
  'stream',
  'stream_options',
  'n',
  'user',
  'metadata',
  'store',
]);

/** @throws PypesError `invalid_input` */
export function readRequest(request: JsonObject): ReadRequest {
  const unknown = Object.keys(request).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) throw invalid(`"${unknown}" is not supported by this gateway`);
  const { n, model, stream_options, stop } = request;
  if (n !== undefined && n !== null && n !== 1) throw invalid('"n" has to be 1');
  if (model !== undefined && model !== null && typeof model !== 'string') throw invalid('"model" has to be a text');
  return {
    model: typeof model === 'string' && model !== '' ? model : undefined,
    messages: toMessages(request.messages),
    tools: toTools(request.tools),
    toolChoice: toToolChoice(request.tool_choice),
    settings: {
      ...number(request, 'temperature', 'temperature', 0, 2),
      ...number(request, 'top_p', 'topP', 0, 1),
      ...number(request, 'presence_penalty', 'presencePenalty', -2, 2),
      ...number(request, 'frequency_penalty', 'frequencyPenalty', -2, 2),
      ...number(request, 'seed', 'seed', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      ...number(request, 'max_tokens', 'maxOutputTokens', 1, 10_000_000),
      ...number(request, 'max_completion_tokens', 'maxOutputTokens', 1, 10_000_000),
      ...(stop === undefined || stop === null ? {} : { stopSequences: toStops(stop) }),
    },
    format: toFormat(request.response_format),
    includeUsage: stream_options !== undefined && isJsonObject(stream_options) && stream_options.include_usage === true,
  };
}

function number<K extends string>(
  request: JsonObject,
  name: string,
  key: K,
  least: number,
  most: number,
): { readonly [key in K]?: number } {
  const value = request[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'number' || value < least || value > most) {
    throw invalid(`"${name}" has to be a number from ${least} to ${most}`);
  }
  return { [key]: value } as { readonly [key in K]?: number };
}

function toStops(stop: Json): string[] {
  const stops = typeof stop === 'string' ? [stop] : stop;
  if (!Array.isArray(stops) || stops.length > 4 || !stops.every((one) => typeof one === 'string')) {
    throw invalid('"stop" has to be a text, or up to four');
  }
  return [...(stops as string[])];
}

function toTools(tools: Json | undefined): ToolSet | undefined {
  if (tools === undefined || tools === null) return undefined;
  if (!Array.isArray(tools)) throw invalid('"tools" has to be a list');
  const set: ToolSet = {};
  for (const [index, entry] of (tools as readonly Json[]).entries()) {
    const described = isJsonObject(entry) && entry.type === 'function' ? entry.function : undefined;
    if (described === undefined || !isJsonObject(described) || typeof described.name !== 'string') {
      throw invalid(`"tools[${index}]" has to be {type: "function", function: {name, parameters}}`);
    }
    const { name, description, parameters } = described;
    set[name] = tool({
      ...(typeof description === 'string' ? { description } : {}),
      inputSchema: jsonSchema(isJsonObject(parameters ?? null) ? (parameters as object) : { type: 'object' }),
    });
  }
  return set;
}

function toToolChoice(choice: Json | undefined): ToolChoice<ToolSet> | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'auto' || choice === 'none' || choice === 'required') return choice;
  const named = isJsonObject(choice) && choice.type === 'function' ? choice.function : undefined;
  if (named !== undefined && isJsonObject(named) && typeof named.name === 'string') {
    return { type: 'tool', toolName: named.name };
  }
  throw invalid('"tool_choice" has to be auto, none, required or {type: "function", function: {name}}');
}

function toFormat(format: Json | undefined): ReadRequest['format'] {
  if (format === undefined || format === null) return undefined;
  if (isJsonObject(format)) {
    if (format.type === 'text') return undefined;
    if (format.type === 'json_object') return { schema: undefined, name: 'answer' };
    const described = format.json_schema;
    if (format.type === 'json_schema' && described !== undefined && isJsonObject(described)) {
      const { schema, name } = described;
      if (schema !== undefined && isJsonObject(schema))
        return { schema, name: typeof name === 'string' ? name : 'answer' };
    }
  }
  throw invalid('"response_format" has to be text, json_object or {type: "json_schema", json_schema: {name, schema}}');
}
