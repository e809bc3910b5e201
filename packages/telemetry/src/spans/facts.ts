// What attributes of events say, whatever else may stand there.
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The code of an event's error. */
export function errorTypeOf({ error }: JsonObject): string | undefined {
  return isJsonObject(error) ? textOf(error.type) : undefined;
}

/** Tokens as OpenAI names them, or as others do. */
export function tokensOf({ usage }: JsonObject): { readonly input?: number; readonly output?: number } {
  if (!isJsonObject(usage)) return {};
  const [input, output] = [
    countOf(usage.prompt_tokens ?? usage.input_tokens),
    countOf(usage.completion_tokens ?? usage.output_tokens),
  ];
  return { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) };
}

/** A counter takes nothing below 0. */
function countOf(value: Json | undefined): number | undefined {
  const number = numberOf(value);
  return number !== undefined && number >= 0 ? number : undefined;
}
