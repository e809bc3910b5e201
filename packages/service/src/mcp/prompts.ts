// Prompts: agents of the operator that say so, listed with their parameters, called for the messages that they make.
import { type GetPromptResult, isSpecType, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { isJsonObject, type Json, type JsonObject, PypesError } from '@pypes/contract';
import type { NamedOffer } from './catalog/offers.ts';
import { DESCRIPTION_LENGTH, NOTE_LENGTH, toPlainText } from './text.ts';

/** A prompt as `prompts/list` says it. */
export function listPrompt({ name, entry }: NamedOffer): JsonObject {
  const { description, parameters, title } = entry.metadata;
  const required = Array.isArray(parameters.required) ? (parameters.required as readonly Json[]) : [];
  const properties = Object.entries(isJsonObject(parameters.properties) ? parameters.properties : {});
  return {
    name,
    ...(typeof title === 'string' ? { title: toPlainText(title, NOTE_LENGTH) } : {}),
    description: toPlainText(description, DESCRIPTION_LENGTH),
    arguments: properties
      .filter(([key]) => key !== 'mcp')
      .map(([key, property]) => ({
        name: key,
        ...(isJsonObject(property) && typeof property.description === 'string'
          ? { description: toPlainText(property.description, NOTE_LENGTH) }
          : {}),
        required: required.includes(key),
      })),
  };
}

/** Arguments of prompts are texts; those of agents are what their schema says. */
export function toPromptArguments({ entry }: NamedOffer, given: { readonly [key: string]: string }): JsonObject {
  const { properties } = entry.metadata.parameters;
  return Object.fromEntries(
    Object.entries(given).map(([key, text]) => [
      key,
      isText(isJsonObject(properties) ? properties[key] : undefined) ? text : parse(text),
    ]),
  );
}

/** Messages from what an agent put out: a text, a list of messages, or `{messages, description?}`. @throws PypesError */
export function toPromptResult(output: Json): GetPromptResult {
  if (typeof output === 'string') {
    return { messages: [{ role: 'user', content: { type: 'text', text: output } }] };
  }
  const result = Array.isArray(output) ? { messages: output } : output;
  if (isSpecType.GetPromptResult(result)) return result as GetPromptResult;
  throw new PypesError('invalid_output', 'A prompt has to put out a text, a list of messages, or {messages}');
}

/** @throws ProtocolError */
export function unknownPrompt(name: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown prompt: ${name.slice(0, 200)}`);
}

function isText(property: Json | undefined): boolean {
  return !isJsonObject(property) || property.type === undefined || property.type === 'string';
}

/** A text that is no JSON stays a text, and the guard says what is wrong with it. */
function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
