// Which functions a wish needs, by words alone: for each part of it the best one, and what its other words ask for.
import { type Candidate, candidatesOf, type Offer } from '../offer.ts';
import { contentOf, createSearch, type Hit, type Search, type WordHit } from '../words/search.ts';
import { partsOf } from '../words/wish.ts';
import { argumentsOf, isEnding } from './function-type.ts';

/** A function that was chosen. */
export type Choice = {
  readonly part: string;
  readonly candidate: Candidate;
  /** Which words found it. */
  readonly words: readonly WordHit[];
  /** Others that are about as good: a person may know better. */
  readonly others: readonly Candidate[];
};

/** What was chosen, in the order in which it runs, and the parts of the wish for which there is nothing. */
export type Chosen = { readonly choices: readonly Choice[]; readonly unmet: readonly string[] };

const NAME = 3;
const TEXT = 1;
const ARGUMENT = 0.5;
/** Of the best one's score. */
const ABOUT_AS_GOOD = 0.8;
const MOST_OTHERS = 4;
const MOST_STEPS = 8;

/** Searches the functions of offers, by their names, their descriptions and those of their arguments. */
export function searchOffers(offers: readonly Offer[]): Search<Candidate> {
  return createSearch(
    candidatesOf(offers).map((candidate) => ({
      item: candidate,
      fields: [
        { text: candidate.offer.name, weight: NAME },
        { text: candidate.function.name, weight: NAME },
        { text: candidate.function.description, weight: TEXT },
        { text: candidate.offer.description, weight: TEXT },
        {
          text: argumentsOf(candidate)
            .map(({ name }) => name)
            .join(' '),
          weight: ARGUMENT,
        },
      ],
    })),
  );
}

/** Chooses; what sends, writes or destroys comes after everything that it could be told. */
export function chooseFunctions(wish: string, offers: readonly Offer[]): Chosen {
  const search = searchOffers(offers);
  const choices: Choice[] = [];
  const unmet: string[] = [];
  for (const part of partsOf(wish)) {
    const found = choosePart(part, search);
    if (found.length === 0) unmet.push(part);
    for (const choice of found) {
      const isNew = !choices.some(({ candidate }) => isSame(candidate, choice.candidate));
      if (isNew && choices.length < MOST_STEPS) choices.push(choice);
    }
  }
  const isLast = ({ candidate }: Choice) => isEnding(candidate);
  return { choices: [...choices.filter((choice) => !isLast(choice)), ...choices.filter(isLast)], unmet };
}

function choosePart(part: string, search: Search<Candidate>): readonly Choice[] {
  const hits = search(part);
  const [best] = hits;
  if (best === undefined || !isConvincing(best, part)) return [];
  const first: Choice = { part, candidate: best.item, words: best.words, others: othersOf(best, hits) };
  const left = contentOf(part)
    .map(({ asked }) => asked)
    .filter((asked) => !best.words.some((word) => word.asked === asked))
    .join(' ');
  // "email me the prices of my stocks" is one part, and two functions: what the first has no word for, a name may have.
  const rest = left === '' ? [] : search(left);
  const second = rest.find(
    ({ item, words }) => item.offer !== best.item.offer && words.some(({ weight }) => weight >= NAME),
  );
  if (second === undefined) return [first];
  return [first, { part, candidate: second.item, words: second.words, others: othersOf(second, rest) }];
}

/** A word in a name, or half of what was asked for in a description. */
function isConvincing({ words }: Hit<Candidate>, part: string): boolean {
  return words.some(({ weight }) => weight >= NAME) || words.length * 2 >= contentOf(part).length;
}

function othersOf(best: Hit<Candidate>, hits: readonly Hit<Candidate>[]): readonly Candidate[] {
  return hits
    .filter(({ item, score }) => item !== best.item && score >= best.score * ABOUT_AS_GOOD)
    .slice(0, MOST_OTHERS)
    .map(({ item }) => item);
}

function isSame(a: Candidate, b: Candidate): boolean {
  return a.offer === b.offer && a.function.name === b.function.name;
}
