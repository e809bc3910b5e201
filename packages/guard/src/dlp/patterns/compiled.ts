// Recognisers made ready: one automaton for each alternative of a pattern, made when a text first asks for it.
import { PypesError } from '@pypes/contract';
import type { Recogniser } from '../recognisers/recogniser.ts';
import { type Automaton, longestOf, prefixOf, toAutomaton } from './automaton.ts';
import { type CharSet, complementOf } from './char-set.ts';
import { type Pattern, parseCharSet, parsePattern } from './parse.ts';
import type { Trigger } from './prefilter.ts';

/** One alternative of a recogniser's pattern. */
export interface Branch {
  readonly recogniser: Recogniser;
  readonly notBefore: CharSet;
  readonly notAfter: CharSet;
  readonly tail?: CharSet;
  readonly back?: { readonly set: CharSet; readonly most: number };
  readonly trigger: Trigger;
  /** How long every match is, where that is as long as what the trigger reads. */
  readonly length?: number;
  readonly automaton: () => Automaton;
}

const WORD = '[A-Za-z0-9_]';
/** Long enough to tell words and dates from keys and numbers, short enough for few states. */
const PREFIX = 20;

const compiled = new WeakMap<Recogniser, readonly Branch[]>();

/** The alternatives of a recogniser. The automata are kept for all scanners. */
export function branchesOf(recogniser: Recogniser): readonly Branch[] {
  const known = compiled.get(recogniser);
  if (known !== undefined) return known;
  const branches = compile(recogniser);
  compiled.set(recogniser, branches);
  return branches;
}

function compile(recogniser: Recogniser): readonly Branch[] {
  const pattern = parsePattern(recogniser.pattern);
  const notBefore = parseCharSet(recogniser.notBefore ?? WORD);
  const shared = {
    recogniser,
    notBefore,
    notAfter: parseCharSet(recogniser.notAfter ?? WORD),
    ...(recogniser.tail === undefined ? {} : { tail: parseCharSet(recogniser.tail) }),
    ...(recogniser.back === undefined ? {} : { back: backOf(recogniser.back) }),
  };
  const alternatives: readonly Pattern[] = pattern.kind === 'choice' ? pattern.items : [pattern];
  return alternatives.map((alternative) => {
    let automaton: Automaton | undefined;
    const prefix = prefixOf(alternative, PREFIX);
    // What a match is extended backwards by stands before it, whatever else does.
    const after = recogniser.back === undefined ? complementOf(notBefore) : parseCharSet(recogniser.back.set);
    return {
      ...shared,
      trigger: { prefix, after },
      ...(longestOf(alternative) === prefix.length ? { length: prefix.length } : {}),
      automaton: () => {
        automaton ??= toAutomaton(alternative);
        return automaton;
      },
    };
  });
}

const MOST_BACK = 128;

function backOf({ set, most }: { readonly set: string; readonly most: number }) {
  if (most <= MOST_BACK) return { set: parseCharSet(set), most };
  throw new PypesError('invalid_request', `A match may begin at most ${MOST_BACK} characters earlier, not ${most}`);
}
