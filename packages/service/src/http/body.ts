// Reads a JSON body of bounded size.
import { isJsonObject, isTooDeep, type Json, type JsonObject, MOST_JSON_DEPTH, PypesError } from '@pypes/contract';
import type { WireRequest } from './wire-request.ts';

/**
 * The body as a JSON object; an empty one reads as `{}`.
 *
 * @throws PypesError `too_large`, `invalid_json`, `invalid_request`
 */
export function readJsonObject(request: WireRequest, mostBytes: number): JsonObject | Promise<JsonObject> {
  checkLength(request, mostBytes);
  const hasLength = request.headers.has('content-length');
  const text = hasLength ? request.text() : readStream(request.body, mostBytes);
  return typeof text === 'string' ? parseJsonObject(text) : text.then(parseJsonObject);
}

/**
 * The text of a body as a JSON object; an empty one reads as `{}`.
 *
 * @throws PypesError `invalid_json`, `invalid_request`
 */
export function parseJsonObject(text: string): JsonObject {
  if (text.trim() === '') return {};
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new PypesError(
      'invalid_json',
      `The body is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (!isJsonObject(value)) throw new PypesError('invalid_request', 'The body has to be a JSON object');
  return value;
}

/** The same body, where it is nested no deeper than what is kept or handed on may be. @throws PypesError `too_large` */
export function checkDepth(body: JsonObject): JsonObject {
  if (!isTooDeep(body)) return body;
  throw new PypesError('too_large', `The body is nested deeper than ${MOST_JSON_DEPTH}`, {
    details: { limit: 'json_depth', maximum: MOST_JSON_DEPTH },
  });
}

/** What a request says of its length. @throws PypesError `too_large` */
export function checkLength(request: WireRequest, mostBytes: number): void {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge(mostBytes);
}

/** A body that does not say how long it is: read until its end or its limit. */
async function readStream(body: ReadableStream<Uint8Array> | null, mostBytes: number): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > mostBytes) {
      await reader.cancel();
      throw tooLarge(mostBytes);
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** The error of a body that is too large. */
export function tooLarge(mostBytes: number): PypesError {
  return new PypesError('too_large', `The body has more than ${mostBytes} bytes`, {
    details: { limit: 'body_bytes', maximum: mostBytes },
  });
}
