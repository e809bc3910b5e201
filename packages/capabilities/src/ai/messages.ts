// The messages of a chat completion request as the AI SDK takes them.
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import type { ModelMessage } from 'ai';
import { invalid } from './refusal.ts';

type Part = { readonly type: 'text'; readonly text: string } | { readonly type: 'image'; readonly image: URL | string };

/** @throws PypesError `invalid_input` */
export function toMessages(messages: Json | undefined): ModelMessage[] {
  if (!Array.isArray(messages) || messages.length === 0) throw invalid('"messages" has to be a list of messages');
  const toolNames = new Map<string, string>();
  return (messages as readonly Json[]).map((message, index) => {
    if (!isJsonObject(message)) throw invalid(`"messages[${index}]" has to be an object`);
    return toMessage(message, index, toolNames);
  });
}

function toMessage(message: JsonObject, index: number, toolNames: Map<string, string>): ModelMessage {
  const { role, content, tool_calls, tool_call_id } = message;
  const at = `messages[${index}]`;
  switch (role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: toText(content, at) };
    case 'user':
      return { role: 'user', content: typeof content === 'string' ? content : toParts(content, at) };
    case 'assistant':
      return { role: 'assistant', content: [...assistantText(content, at), ...toToolCalls(tool_calls, at, toolNames)] };
    case 'tool': {
      if (typeof tool_call_id !== 'string') throw invalid(`"${at}.tool_call_id" has to be a text`);
      const output = { type: 'text' as const, value: toText(content, at) };
      const toolName = toolNames.get(tool_call_id);
      if (toolName === undefined) throw invalid(`"${at}" answers "${tool_call_id}", which nobody called`);
      return { role: 'tool', content: [{ type: 'tool-result', toolCallId: tool_call_id, toolName, output }] };
    }
    default:
      throw invalid(`"${at}.role" has to be system, user, assistant or tool`);
  }
}

function assistantText(content: Json | undefined, at: string): { type: 'text'; text: string }[] {
  if (content === undefined || content === null || content === '') return [];
  return [{ type: 'text', text: toText(content, at) }];
}

function toToolCalls(calls: Json | undefined, at: string, toolNames: Map<string, string>) {
  if (calls === undefined || calls === null) return [];
  if (!Array.isArray(calls)) throw invalid(`"${at}.tool_calls" has to be a list`);
  return (calls as readonly Json[]).map((call) => {
    const called = isJsonObject(call) ? call.function : undefined;
    if (!isJsonObject(call) || typeof call.id !== 'string' || called === undefined || !isJsonObject(called)) {
      throw invalid(`"${at}.tool_calls" has to be a list of {id, function: {name, arguments}}`);
    }
    const toolName = String(called.name);
    toolNames.set(call.id, toolName);
    return { type: 'tool-call' as const, toolCallId: call.id, toolName, input: parseArguments(called.arguments, at) };
  });
}

function parseArguments(text: Json | undefined, at: string): Json {
  try {
    return JSON.parse(String(text ?? '{}')) as Json;
  } catch {
    throw invalid(`"${at}.tool_calls" has arguments that are no JSON`);
  }
}

function toText(content: Json | undefined, at: string): string {
  if (typeof content === 'string') return content;
  return toParts(content, at)
    .map((part) => {
      if (part.type === 'text') return part.text;
      throw invalid(`"${at}.content" can have texts only`);
    })
    .join('');
}

function toParts(content: Json | undefined, at: string): Part[] {
  if (!Array.isArray(content)) throw invalid(`"${at}.content" has to be a text or a list of parts`);
  return (content as readonly Json[]).map((part) => {
    if (isJsonObject(part) && part.type === 'text' && typeof part.text === 'string') {
      return { type: 'text', text: part.text };
    }
    const image = isJsonObject(part) && part.type === 'image_url' ? part.image_url : undefined;
    const url = image !== undefined && isJsonObject(image) ? image.url : undefined;
    // A picture by its address would be fetched by the provider, or by us, past the egress rules.
    if (typeof url === 'string' && url.startsWith('data:')) return { type: 'image', image: url };
    throw invalid(`"${at}.content" takes parts of type text, and image_url with a data: URL`);
  });
}
