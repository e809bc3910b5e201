// Checks what a worker answers once more on the host's side: the worker's own checks are in the hands of the agent.
import { type Json, type Limits, PypesError } from '@pypes/contract';

/** As deep as the worker itself lets a result be. */
const DEEPEST = 256;

/**
 * What is wrong with a result, where something is; `size` is that of its JSON text, which is ASCII. How deep it is
 * nested is looked at where the worker may be in anybody's hands.
 */
export function checkResult(
  result: unknown,
  size: number,
  { outputBytes }: Limits,
  isConfined: boolean,
): PypesError | undefined {
  if (size > outputBytes) {
    const message = `The result has ${size} bytes as JSON, at most ${outputBytes} may leave a call`;
    return new PypesError('output_too_large', message);
  }
  // A text needs two characters for each level.
  if (!isConfined || size < 2 * DEEPEST || !isDeeper(result as Json, DEEPEST)) return undefined;
  return new PypesError('invalid_output', `The result is nested more than ${DEEPEST} levels deep`);
}

function isDeeper(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  const inner = Array.isArray(value) ? value : Object.values(value);
  return inner.some((each) => isDeeper(each as Json, levels - 1));
}
