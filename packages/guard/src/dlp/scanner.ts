// The scanner: every text of a value, what is encoded in it, and what is split over fields or calls.
import { isTooDeep, type Json, MOST_JSON_DEPTH, PypesError } from '@pypes/contract';
import { createFind, type Find } from './find.ts';
import type { Finding, Span } from './finding.ts';
import { type Joined, joinTexts, type Piece, withoutRepeats } from './joined.ts';
import { pointerOf } from './pointer.ts';
import { RECOGNISERS } from './recognisers/table.ts';
import { type Budget, budgetFor, type Hit, scanText } from './scan-text.ts';
import { type Place, type TextNode, textsOf } from './walk.ts';
import type { Window } from './window.ts';

/** Which recognisers look, by id. */
export type ScannerOptions = { readonly detect: readonly string[] };

/** Looks through values. */
export interface Scanner {
  /**
   * What is found in a value, in document order. `window` adds the ends of earlier values. What could not be looked
   * into within bounds is a finding too, of id `uninspected`.
   */
  scan(value: Json, window?: Window): readonly Finding[];
  /** As `scan`; also how many characters were read, at any layer. */
  measure(value: Json, window?: Window): { readonly findings: readonly Finding[]; readonly steps: number };
}

/**
 * A scanner for the given recognisers (spec 4, DLP). Time is linear in the size of the value.
 *
 * @example
 * createScanner({ detect: ['payment-card'] }).scan({ note: 'NDExMTExMTExMTExMTExMQ==' });
 * // [{ id: 'payment-card', pointer: '/note', start: 0, end: 22, how: ['base64'], preview: '************1111', … }]
 */
export function createScanner({ detect }: ScannerOptions): Scanner {
  const find = createFind(detect.flatMap(recognisersOf));
  const measure = (value: Json, window?: Window) => {
    if (isTooDeep(value)) {
      throw new PypesError(
        'too_large',
        `The value is nested deeper than ${MOST_JSON_DEPTH} levels, so it was not inspected`,
      );
    }
    const nodes = textsOf(value);
    const budget = budgetFor(nodes.reduce((sum, { text }) => sum + text.length, 0));
    const hits = nodes.map((node) => scanNode(find, node, budget));
    const secret = new Set<Place | undefined>();
    for (const node of nodes) if (node.kind === 'key' && (hits[node.node]?.length ?? 0) > 0) secret.add(node.place);
    const spanOf = (node: TextNode, start: number, end: number): Span => ({
      pointer: pointerOf(node.place, (place) => secret.has(place)),
      part: node.kind === 'key' ? 'key' : 'value',
      node: node.node,
      start,
      end,
    });
    const findings = nodes.flatMap((node) =>
      (hits[node.node] ?? []).map((hit) => toFinding(hit, hit.how, [spanOf(node, hit.start, hit.end)])),
    );
    const seen = new Set<string>();
    for (const joined of withoutRepeats(joinTexts(nodes, (name) => window?.tailOf(name)))) {
      for (const hit of scanText(find, joined, budget)) {
        const spans = spansOf(joined, hit, hits, spanOf);
        const key = `${hit.recogniser.id} ${spans.map(({ node, start, end }) => `${node}:${start}:${end}`)}`;
        if (spans.length === 0 || seen.has(key)) continue;
        seen.add(key);
        findings.push(toFinding(hit, [...hit.how, 'split'], spans));
      }
    }
    return { findings, steps: budget.steps };
  };
  return { measure, scan: (value, window) => measure(value, window).findings };
}

/** What can be detected. */
export const DETECTABLE: readonly string[] = [...new Set(RECOGNISERS.map(({ id }) => id))];

function recognisersOf(id: string) {
  const rows = RECOGNISERS.filter((row) => row.id === id);
  if (rows.length > 0) return rows;
  throw new PypesError(
    'invalid_request',
    `There is nothing called "${id}" to detect; there are ${DETECTABLE.join(', ')}`,
  );
}

const NO_HITS: readonly Hit[] = [];
const LONGEST_CONTEXT = 64;
/** A number with fewer characters is nothing that is looked for. */
const SHORTEST_NUMBER = 7;

/** The key that a value stands under is read with it: `{"api_key": "…"}` says what it is. */
function scanNode(find: Find, node: TextNode, budget: Budget): readonly Hit[] {
  const { kind, key, text } = node;
  if (kind === 'number' && text.length < SHORTEST_NUMBER) return NO_HITS;
  const context = kind === 'key' || key === '' ? '' : `${key.slice(-LONGEST_CONTEXT)}: `;
  const hits = scanText(find, { text: context + text }, budget);
  if (hits.length === 0 || context === '') return hits;
  return hits.flatMap((hit) => {
    const end = hit.end - context.length;
    return end <= 0 ? [] : [{ ...hit, start: Math.max(0, hit.start - context.length), end }];
  });
}

/** The parts of a hit that lie in this value; none, when it lies in one field, or touches what was found in one. */
function spansOf(
  { pieces }: Joined,
  { start, end, recogniser }: Hit,
  hits: readonly (readonly Hit[])[],
  spanOf: (node: TextNode, start: number, end: number) => Span,
): readonly Span[] {
  if (recogniser.split === false && recogniser.id !== 'uninspected') return [];
  const spans: Span[] = [];
  const first = pieceAt(pieces, start);
  for (let n = first; n < pieces.length && (pieces[n] as Piece).start < end; n++) {
    const piece = pieces[n] as Piece;
    const from = Math.max(start, piece.start) - piece.start + piece.offset;
    const to = Math.min(end, piece.start + piece.length) - piece.start + piece.offset;
    if (n === first && end <= piece.start + piece.length) return [];
    if (from >= to || piece.node === undefined) continue;
    const known = hits[piece.node.node] ?? NO_HITS;
    if (known.some((one) => one.recogniser.id === recogniser.id && one.start < to && one.end > from)) return [];
    spans.push(spanOf(piece.node, from, to));
  }
  return spans;
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

function toFinding({ recogniser, preview }: Hit, how: readonly string[], spans: readonly Span[]): Finding {
  const [first, ...rest] = spans as readonly [Span, ...Span[]];
  return {
    id: recogniser.id,
    ...(recogniser.rule === undefined ? {} : { rule: recogniser.rule }),
    ...first,
    how,
    preview,
    ...(rest.length === 0 ? {} : { rest }),
  };
}
