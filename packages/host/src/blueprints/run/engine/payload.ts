// max_payload_size: how many bytes of JSON text one passage may have, in either direction (spec 4, blueprint).
import { fitsJsonSize, isTooDeep, type Json, jsonSize, MOST_JSON_DEPTH, PypesError } from '@pypes/contract';
import type { Blueprint } from '../../blueprint.ts';

/** The limit of a step, by its id, or of a wire, by `component.import`. */
export function payloadLimit({ maxPayload }: Pick<Blueprint, 'maxPayload'>, edge: string): number {
  return (maxPayload.edges.get(edge) ?? maxPayload.default).value;
}

/** @throws PypesError `too_large` for arguments, `output_too_large` for an output */
export function checkPayload(value: Json, most: number, what: 'arguments' | 'output', edge: string): void {
  if (fitsJsonSize(value, most)) return;
  const size = isTooDeep(value) ? `more than ${MOST_JSON_DEPTH} levels` : `${jsonSize(value)} bytes`;
  throw new PypesError(
    what === 'arguments' ? 'too_large' : 'output_too_large',
    `The ${what} of "${edge}" has ${size}, at most ${most} bytes pass; send less, or raise [max_payload_size]`,
    { details: { limit: 'max_payload_size', edge, maximum: most } },
  );
}
