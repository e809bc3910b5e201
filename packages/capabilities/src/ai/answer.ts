// What a model answered, in OpenAI's shapes: a completion, or the chunks of one.
import type { JsonObject } from '@pypes/contract';

/** What is the same in all parts of one answer. */
export type Head = { readonly id: string; readonly model: string; readonly created: number };

export type Usage = { readonly inputTokens: number | undefined; readonly outputTokens: number | undefined };

const REASONS: { readonly [reason: string]: string } = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  'tool-calls': 'tool_calls',
};

/** OpenAI's word for why a model stopped. */
export function toFinishReason(reason: string): string {
  return REASONS[reason] ?? 'stop';
}

export function toUsage({ inputTokens = 0, outputTokens = 0 }: Usage) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}

/** One tool call of an answer. */
export type ToolCall = { readonly toolCallId: string; readonly toolName: string; readonly input: unknown };

export function toCompletion(
  head: Head,
  text: string,
  calls: readonly ToolCall[],
  finishReason: string,
  usage: Usage,
): JsonObject {
  const tool_calls = calls.map(({ toolCallId, toolName, input }) => ({
    id: toolCallId,
    type: 'function',
    function: { name: toolName, arguments: JSON.stringify(input) },
  }));
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(calls.length === 0 ? {} : { tool_calls }),
  };
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: toFinishReason(finishReason), logprobs: null }],
    usage: toUsage(usage),
  };
}

export function toChunk(head: Head, delta: JsonObject, finishReason: string | null = null): JsonObject {
  return {
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finishReason, logprobs: null }],
  };
}

/** The last chunk of a stream that was asked for its usage: it has no choices. */
export function toUsageChunk(head: Head, usage: Usage): JsonObject {
  return { ...head, object: 'chat.completion.chunk', choices: [], usage: toUsage(usage) };
}
