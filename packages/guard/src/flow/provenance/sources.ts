// What a model has read in one context, kept apart by whom it came from: the person, trusted results, everybody else.
import type { Json, JsonObject } from '@pypes/contract';
import { type FieldLabels, hasMark, isWithin, type Labels, labelsAt, NO_LABELS, toStep } from '../lattice.ts';
import { leavesOf } from '../leaves.ts';
import { fold } from './fold.ts';
import { mentionIn } from './mention.ts';
import { Vocabulary } from './vocabulary.ts';
import { isIdentifier, wordsOf } from './words.ts';

/** The sources of one context. */
export class Sources {
  /** What the person asked for. */
  readonly prompt: Vocabulary;
  /** Results, and fields of results, that nobody else can write. */
  readonly trusted: Vocabulary;
  /** Everything else. */
  readonly untrusted: Vocabulary;

  /** @param mostWords how many words of each of the three are remembered */
  constructor(mostWords: number) {
    this.prompt = new Vocabulary('proof', mostWords);
    this.trusted = new Vocabulary('proof', mostWords);
    this.untrusted = new Vocabulary('mention', mostWords);
  }

  /**
   * Takes in a result field by field. `args` are those of the call that it answers: a part that repeats what nothing
   * proves is no proof of it.
   */
  read(value: Json, labels: Labels, fields: FieldLabels, args: JsonObject): void {
    const echoes = echoesOf(args, this);
    const isUntrusted = (pointer: string) =>
      hasMark(labels, 'untrusted') || hasMark(labelsAt(fields, pointer), 'untrusted');
    const take = (part: Json, isMarked: boolean) => {
      const marked = isMarked || echoes.some((echo) => fold(String(part)).includes(echo));
      (marked ? this.untrusted : this.trusted).add(part);
    };
    const walk = (part: Json, pointer: string): void => {
      if (typeof part !== 'object' || part === null) {
        take(part, isUntrusted(pointer));
        return;
      }
      if (Array.isArray(part)) {
        part.forEach((item: Json, index) => void walk(item, pointer + toStep(index)));
        return;
      }
      const namesAreMarked = hasMark(labelsAround(fields, pointer), 'untrusted') || hasMark(labels, 'untrusted');
      for (const [name, item] of Object.entries(part)) {
        take(name, namesAreMarked);
        walk(item, pointer + toStep(name));
      }
    };
    walk(value, '');
  }

  /** Whether one of the arguments says what only untrusted texts say, so that they chose what will be read. */
  isChosenByUntrusted(args: JsonObject): boolean {
    return !this.untrusted.isEmpty && [...leavesOf(args)].some(({ value }) => mentionIn(value, this) !== undefined);
  }
}

/** Shorter texts stand in everything. */
const SHORTEST_ECHO = 3;

/** What a result must not prove: texts of the arguments, and identifiers in them, that nothing has proven yet. */
function echoesOf(args: JsonObject, { prompt, trusted, untrusted }: Sources): readonly string[] {
  if (untrusted.isEmpty) return [];
  const echoes = new Set<string>();
  for (const { value } of leavesOf(args)) {
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const words = wordsOf(String(value));
    if (words.length === 0 || prompt.hasPhrase(words) || trusted.hasPhrase(words)) continue;
    if (typeof value === 'string') echoes.add(fold(value).trim());
    for (const word of words) {
      if (isIdentifier(word.text) && !prompt.hasWord(word) && !trusted.hasWord(word)) echoes.add(word.text);
    }
  }
  return [...echoes].filter((echo) => echo.length >= SHORTEST_ECHO);
}

/** Labels that hold for a whole object, names of its members included. */
function labelsAround(fields: FieldLabels, pointer: string): Labels {
  let found = NO_LABELS;
  for (const [at, labels] of fields) if (isWithin(pointer, at)) found = new Set([...found, ...labels]);
  return found;
}
