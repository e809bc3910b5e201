// Whether a consequential call, decided by a model that has read untrusted texts, is one that they did not decide.
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '@pypes/contract';
import { isWithin, valueAt } from '../lattice.ts';
import { type Leaf, leavesOf } from '../leaves.ts';
import { mentionIn, type Read } from './mention.ts';
import {
  type Doubt,
  joinProofs,
  type Proof,
  proveDestination,
  proveMessage,
  proveNumber,
  proveText,
  withBits,
} from './prove.ts';
import { Vocabulary } from './vocabulary.ts';
import { isCommon, wordsOf } from './words.ts';

/** What is known about the arguments of a tool. */
export type ArgumentsOf = {
  /** The name of the tool. */
  readonly name: string;
  /** JSON pointers of the arguments that decide where something goes. */
  readonly destinations?: readonly string[];
  readonly parameters?: JsonSchema;
};

/** A doubt, and the argument that it is about. `unanchored`: nothing in the call is proven. */
export type ArgumentDoubt =
  | (Doubt & { readonly pointer: string; readonly isDestination: boolean })
  | { readonly why: 'unanchored'; readonly part: ''; readonly pointer: ''; readonly isDestination: false };

/** What speaks against a call, and the bits of what nothing proves. */
export type Judgement = { readonly doubts: readonly ArgumentDoubt[]; readonly bits: number };

/**
 * Judges the arguments at the leaves for which `isExempt` does not hold. Where a destination is given it has to be
 * proven, and the rest may be text, but no dictation; where none is given, all that the call names has to be proven.
 */
export function judgeArguments(
  args: JsonObject,
  about: ArgumentsOf,
  read: Read,
  isExempt: (pointer: string) => boolean = () => false,
): Judgement {
  const { destinations = [] } = about;
  const isDestination = (pointer: string) => destinations.some((at) => isWithin(pointer, at));
  const hasDestination = destinations.some((at) => isGiven(valueAt(args, at)));
  const leaves = [...leavesOf(args)].filter(({ pointer }) => !isExempt(pointer));
  const judged = leaves.map((leaf) => ({
    ...leaf,
    isDestination: isDestination(leaf.pointer),
    proof: isDestination(leaf.pointer)
      ? proveDestination(leaf.value, read)
      : proveOther(leaf, about, read, hasDestination),
  }));
  const all = joinProofs(judged.map(({ proof }) => proof));
  const doubts = judged.flatMap(({ pointer, isDestination, proof }) =>
    proof.doubts.map((doubt): ArgumentDoubt => ({ ...doubt, pointer, isDestination })),
  );
  const isCounted =
    judged.length > 0 && judged.every(({ value, proof }) => typeof value !== 'string' || proof.bits > 0);
  const isAllJudged = judged.length === [...leavesOf(args)].length;
  if (doubts.length === 0 && isAllJudged && !all.isAnchored && !isCounted)
    return { doubts: [UNANCHORED], bits: all.bits };
  const action = doubts.length === 0 && isAllJudged ? contestedAction(about.name, judged, read) : undefined;
  if (action !== undefined) return { doubts: [{ ...UNANCHORED, why: 'named', part: action }], bits: all.bits };
  return { doubts, bits: all.bits };
}

const NOTHING_SAID = new Vocabulary('proof', 0);

/**
 * Where untrusted texts name everything that speaks for a call, who named the action decides: the word of the tool's
 * name that they have and the prompt has not; undefined where there is none.
 */
function contestedAction(
  name: string,
  judged: readonly (Leaf & { readonly proof: Proof })[],
  read: Read,
): string | undefined {
  const unheard = { ...read, prompt: NOTHING_SAID, trusted: NOTHING_SAID };
  const anchored = judged.filter(({ proof }) => proof.isAnchored);
  if (anchored.length === 0 || anchored.some(({ value }) => mentionIn(value, unheard) === undefined)) return undefined;
  const words = wordsOf(name.replaceAll(/[^\p{L}]+|(?<=\p{Ll})(?=\p{Lu})/gu, ' '));
  const action = words.find(
    (word) => !isCommon(word.text) && read.untrusted.hasWord(word) && !read.prompt.hasWord(word),
  );
  return action?.text;
}

/** Texts of the model's own, with nothing beside them that anybody asked for. */
const UNANCHORED = { why: 'unanchored', part: '', pointer: '', isDestination: false } as const;

function isGiven(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (typeof value !== 'object') return true;
  return Object.entries(value).some(([name, item]) => (!Array.isArray(value) && name !== '') || isGiven(item));
}

function proveOther({ pointer, value }: Leaf, about: ArgumentsOf, read: Read, hasDestination: boolean): Proof {
  const bounded = boundedBits(schemaAt(about.parameters, pointer), value);
  if (bounded !== undefined) return withBits(bounded);
  if (typeof value === 'boolean') return withBits(1);
  if (typeof value === 'number')
    return boundNumber(proveNumber(value, read, true), schemaAt(about.parameters, pointer));
  if (typeof value !== 'string') return withBits(value === null ? 0 : 1);
  return hasDestination ? proveMessage(value, read) : proveText(value, read);
}

/** A number costs no more bits than its schema leaves it. */
function boundNumber(proof: Proof, schema: JsonSchema | undefined): Proof {
  if (schema?.type !== 'integer' || typeof schema.minimum !== 'number' || typeof schema.maximum !== 'number')
    return proof;
  return { ...proof, bits: Math.min(proof.bits, Math.log2(Math.max(1, schema.maximum - schema.minimum + 1))) };
}

/** The schema of an argument, found by its names; undefined where the way to it is not plain. */
function schemaAt(schema: JsonSchema | undefined, pointer: string): JsonSchema | undefined {
  let found: Json | undefined = schema;
  for (const step of pointer.split('/').slice(1)) {
    if (found === undefined || !isJsonObject(found)) return undefined;
    const members: Json | undefined = found.properties;
    if (members !== undefined && isJsonObject(members) && Object.hasOwn(members, step)) found = members[step];
    else found = found.type === 'array' ? found.items : undefined;
  }
  return found !== undefined && isJsonObject(found) ? found : undefined;
}

/** Bits of a value whose schema allows only so many; undefined where it allows more, or not this one. */
function boundedBits(schema: JsonSchema | undefined, value: Json): number | undefined {
  if (schema === undefined || !Array.isArray(schema.anyOf)) {
    return Array.isArray(schema?.enum) && schema.enum.includes(value) ? Math.log2(schema.enum.length) : undefined;
  }
  const members = schema.anyOf.filter(isJsonObject).filter(({ type }) => type !== 'null');
  return members.length === 1 ? boundedBits(members[0], value) : undefined;
}
