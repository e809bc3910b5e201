// Finds what recognisers describe in one text: one pass for places where a pattern could begin, then only those.

import { BASE64_TRIGGER } from './decode/base64.ts';
import { HEX_PAIRS_TRIGGER, HEX_TRIGGER } from './decode/hex.ts';
import { addEscapes, ESCAPE_BEGINS, type EscapeRange } from './decode/unescape.ts';
import { isMasked } from './mask.ts';
import { matchEnds, prefixOf } from './patterns/automaton.ts';
import { complementOf, isIn } from './patterns/char-set.ts';
import { type Branch, branchesOf } from './patterns/compiled.ts';
import { parseCharSet, parsePattern } from './patterns/parse.ts';
import { createPrefilter, type Trigger } from './patterns/prefilter.ts';
import type { Range, Recogniser, Subject } from './recognisers/recogniser.ts';
import { UNINSPECTED } from './recognisers/uninspected.ts';

/** What a text holds: matches, and places where something encoded begins. */
export type Found = {
  readonly matches: readonly Match[];
  readonly encoded: readonly { readonly kind: BytesKind; readonly start: number }[];
  /** Where escapes stand: ranges that are further apart than their surroundings reach. */
  readonly escaped: readonly Range[];
};

/** A range that a recogniser describes. */
type Match = Range & { readonly recogniser: Recogniser };

/** Which decoder of bytes a place is for. */
export type BytesKind = 'base64' | 'hex' | 'hex-pairs';

/** Counts what was done: characters read by the first pass, by automata and by decoders. */
export type Meter = { steps: number };

/** Looks through one text. */
export type Find = (subject: Subject, meter: Meter) => Found;

const ENCODED: readonly (readonly [BytesKind, Trigger])[] = [
  ['base64', triggerOf(BASE64_TRIGGER, '[A-Za-z0-9+/_-]')],
  ['hex', triggerOf(HEX_TRIGGER, '[0-9A-Fa-f]')],
  ['hex-pairs', triggerOf(HEX_PAIRS_TRIGGER, '[0-9A-Fa-f]')],
];

/** With more matches the rest of a text counts as not inspected. */
const MOST_MATCHES = 20_000;

/** The search for the given recognisers, in time linear in the text's length. */
export function createFind(recognisers: readonly Recogniser[]): Find {
  const branches = recognisers.flatMap(branchesOf);
  const triggers = [...branches.map(({ trigger }) => trigger), ...ENCODED.map(([, trigger]) => trigger)];
  const prefilter = createPrefilter(triggers, ESCAPE_BEGINS);

  return (subject, meter) => {
    const { text, breaks } = subject;
    const matches: Match[] = [];
    const encoded: { readonly kind: BytesKind; readonly start: number }[] = [];
    const escaped: EscapeRange[] = [];
    // Up to where each recogniser has matched: it begins no further match before that.
    const until = new Map<Recogniser, number>();
    const tryAt = (branch: Branch, start: number) => {
      if (start < (until.get(branch.recogniser) ?? 0) || matches.length > MOST_MATCHES) return;
      const { match, end } = matchAt(branch, subject, start, meter);
      if (end > start) until.set(branch.recogniser, end);
      if (match === undefined) return;
      matches.push({ ...match, recogniser: branch.recogniser });
      if (matches.length === MOST_MATCHES) matches.push({ start, end: text.length, recogniser: UNINSPECTED });
    };
    meter.steps += text.length;
    const onTrigger = (trigger: number, start: number) => {
      const branch = branches[trigger];
      const bytes = ENCODED[trigger - branches.length];
      if (branch !== undefined) {
        if (breaks !== undefined || mayEnd(branch, text, start)) tryAt(branch, start);
      } else if (bytes !== undefined) encoded.push({ kind: bytes[0], start });
    };
    prefilter.sweep(text, onTrigger, (start, end) => addEscapes(escaped, text, start, end));
    // What stands before the place where a field begins does not matter there.
    until.clear();
    for (const place of breaks ?? []) for (const branch of branches) tryAt(branch, place);
    return { matches, encoded, escaped };
  };
}

/** Whether what follows a match of known length lets it count: most numbers are parts of longer ones. */
function mayEnd({ length, notAfter, tail }: Branch, text: string, start: number): boolean {
  return length === undefined || tail !== undefined || !isIn(notAfter, text, start + length);
}

/** Written over by each attempt: hostile texts make millions. */
const ends: number[] = [];

/** The longest match that counts, and the place up to which the recogniser is done. */
function matchAt(
  branch: Branch,
  subject: Subject,
  start: number,
  meter: Meter,
): { readonly match?: Range; readonly end: number } {
  const { recogniser, tail, back } = branch;
  const { text, breaks } = subject;
  ends.length = 0;
  meter.steps += matchEnds(branch.automaton(), text, start, ends);
  if (ends.length === 0) return { end: start };
  let from = start;
  if (back !== undefined) while (start - from < back.most && isIn(back.set, text, from - 1)) from--;
  meter.steps += start - from;
  if (back !== undefined && from === start) return { end: start };
  for (let n = ends.length - 1; n >= 0; n--) {
    let end = ends[n] as number;
    if (tail !== undefined) while (isIn(tail, text, end)) end++;
    meter.steps += end - (ends[n] as number) + 1;
    if (isIn(branch.notAfter, text, end) && breaks?.has(end) !== true) {
      if (tail !== undefined) return { end };
      continue;
    }
    const checked = recogniser.check === undefined || recogniser.check(subject, { start: from, end });
    const match = checked === true ? { start: from, end } : checked;
    if (match !== false && !isMasked(text.slice(match.start, match.end))) return { match, end };
    // A tail is read once, whatever it turns out to be.
    if (tail !== undefined) return { end };
  }
  return { end: start };
}

function triggerOf(pattern: string, notBefore?: string): Trigger {
  const prefix = prefixOf(parsePattern(pattern), 32);
  return notBefore === undefined ? { prefix } : { prefix, after: complementOf(parseCharSet(notBefore)) };
}
