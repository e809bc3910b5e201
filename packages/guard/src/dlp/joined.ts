// Fields laid end to end, so that what was split over them is seen: in document order, by key, and digits alone.
import type { Subject } from './recognisers/recogniser.ts';
import type { TextNode } from './walk.ts';

/** A part of a field's text in a joined text. */
export type Piece = {
  /** The field; nothing when it is from an earlier call. */
  readonly node?: TextNode;
  /** Where the piece begins in the field's text, and in the joined text. */
  readonly offset: number;
  readonly start: number;
  readonly length: number;
};

/** Fields laid end to end. */
export type Joined = Subject & { readonly breaks: ReadonlySet<number>; readonly pieces: readonly Piece[] };

/** The end of a joined text, for the next call. Places of breaks count from its first character. */
export type Tail = { readonly text: string; readonly breaks: readonly number[] };

/** So many characters of a field's begin and end are laid to its neighbours. */
export const REACH = 256;
/** Nothing that is looked for goes over it. */
const GAP = '\n\n\n\n\n';
/** Larger numbers are identifiers; what is laid together of them means nothing. */
const MOST_NUMBER_DIGITS = 8;

/** The joined texts of a value by name, each begun with what earlier calls left under that name. */
export function joinTexts(
  nodes: readonly TextNode[],
  tailOf: (name: string) => Tail | undefined,
): ReadonlyMap<string, Joined> {
  const builders = new Map<string, Builder>();
  const addTo = (name: string, node: TextNode) => {
    let builder = builders.get(name);
    if (builder === undefined) {
      builder = startJoined(tailOf(name));
      builders.set(name, builder);
    }
    addNode(builder, node);
  };
  for (const node of nodes) {
    if (node.text === '' || (node.kind === 'number' && !isFragmentNumber(node.text))) continue;
    if (isDigits(node.text)) addTo(DIGITS_ONLY, node);
    if (node.kind === 'key') continue;
    addTo(EVERYTHING, node);
    addTo(`key ${node.key.slice(0, REACH)}`, node);
  }
  return builders;
}

/** Those of the joined texts that are worth a look: what consists of one field, or of the same ones, is not. */
export function withoutRepeats(joined: ReadonlyMap<string, Joined>): readonly Joined[] {
  const all = joined.get(EVERYTHING);
  return [...joined.values()].filter(
    (one) => one.pieces.length > 1 && (one === all || one.text !== all?.text || one.breaks.size !== all.breaks.size),
  );
}

/** The last characters of a joined text. */
export function tailOfJoined({ text, breaks }: Joined): Tail {
  const from = Math.max(0, text.length - REACH);
  return { text: text.slice(from), breaks: [...breaks].filter((at) => at >= from).map((at) => at - from) };
}

/** What a key or a run may be called cannot be one of these. */
const EVERYTHING = 'everything';
const DIGITS_ONLY = 'digits';

type Builder = { text: string; readonly breaks: Set<number>; readonly pieces: Piece[] };

function startJoined(tail: Tail | undefined): Builder {
  if (tail === undefined) return { text: '', breaks: new Set(), pieces: [] };
  return {
    text: tail.text,
    breaks: new Set(tail.breaks),
    pieces: [{ offset: 0, start: 0, length: tail.text.length }],
  };
}

function addNode(builder: Builder, node: TextNode): void {
  const { text } = node;
  if (text.length <= 2 * REACH) {
    addPiece(builder, node, 0, text);
    return;
  }
  addPiece(builder, node, 0, text.slice(0, REACH));
  builder.text += GAP;
  addPiece(builder, node, text.length - REACH, text.slice(-REACH));
}

function addPiece(builder: Builder, node: TextNode, offset: number, part: string): void {
  const start = builder.text.length;
  builder.breaks.add(start);
  builder.pieces.push({ node, offset, start, length: part.length });
  builder.text += part;
}

function isFragmentNumber(text: string): boolean {
  return text.length <= MOST_NUMBER_DIGITS && isDigits(text);
}

const MOST_FRAGMENT = 64;

/** Only digits and what stands between them. */
function isDigits(text: string): boolean {
  return text.length <= MOST_FRAGMENT && /^[0-9][0-9 ._/-]*$/.test(text);
}
