// Which fields a match in a joined text lies in.
import type { Joined, Piece } from './joined.ts';
import type { Range } from './recognisers/recogniser.ts';
import { UNINSPECTED } from './recognisers/uninspected.ts';
import type { Hit } from './scan-text.ts';
import type { TextNode } from './walk.ts';

/** A part of a field of this value. */
export type FieldPart = Range & { readonly node: TextNode };

/**
 * The parts of a hit that lie in this value; none, when all of it lies in one field, or when it touches what was found
 * in one (`hits`, by node).
 */
export function piecesOf({ pieces }: Joined, hit: Hit, hits: readonly (readonly Hit[])[]): readonly FieldPart[] {
  const { start, end, recogniser } = hit;
  if (recogniser.split === false && recogniser !== UNINSPECTED) return [];
  const parts: FieldPart[] = [];
  const first = pieceAt(pieces, start);
  for (let n = first; n < pieces.length && (pieces[n] as Piece).start < end; n++) {
    const piece = pieces[n] as Piece;
    if (n === first && end <= piece.start + piece.length) return [];
    const from = Math.max(start, piece.start) - piece.start + piece.offset;
    const to = Math.min(end, piece.start + piece.length) - piece.start + piece.offset;
    if (from >= to || piece.node === undefined) continue;
    const known = hits[piece.node.node] ?? [];
    if (known.some((one) => one.recogniser.id === recogniser.id && one.start < to && one.end > from)) return [];
    parts.push({ node: piece.node, start: from, end: to });
  }
  return parts;
}

/** The last piece that begins at or before a place. */
function pieceAt(pieces: readonly Piece[], place: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle] as Piece).start <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
