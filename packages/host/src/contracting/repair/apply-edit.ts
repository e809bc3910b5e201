// A finding's own edit, made in the text of the blueprint.
import type { Edit } from '../../blueprints/guard-check.ts';

/** Puts the new text between the two places; lines and columns count from 1. */
export function applyEdit(text: string, { start, end, text: instead }: Edit): string {
  const [from, to] = [offsetOf(text, start), offsetOf(text, end)];
  return text.slice(0, from) + instead + text.slice(Math.max(from, to));
}

function offsetOf(text: string, { line, column }: Edit['start']): number {
  let at = 0;
  for (let left = line; left > 1; left--) {
    const next = text.indexOf('\n', at);
    if (next === -1) return text.length;
    at = next + 1;
  }
  const end = text.indexOf('\n', at);
  return Math.min(at + column - 1, end === -1 ? text.length : end);
}
