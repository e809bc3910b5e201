// What can stand in a drafted blueprint: a skill or a local agent file with its functions, found and not yet installed.
import type { ComponentFacts } from '../blueprints/index.ts';

/** One function of an offer; its types and labels are in the facts. Both texts are a stranger's. */
export type OfferedFunction = { readonly name: string; readonly description: string };

/** A component that a blueprint may name. Everything here was read, nothing of it has run. */
export type Offer = {
  /** What the component is called in the blueprint; no two offers of one catalog have the same. */
  readonly name: string;
  readonly reference: { readonly skill: string } | { readonly path: string };
  /** For people: `stock-prices@1.0.0`, or the path of a file. */
  readonly title: string;
  readonly description: string;
  readonly origin: 'registry' | 'installed' | 'local';
  /** The ids of the keys that vouch for it; empty for files of this machine. */
  readonly signers: readonly string[];
  /** The digest of what was looked at, of a skill. */
  readonly digest?: string;
  readonly functions: readonly OfferedFunction[];
  readonly facts: ComponentFacts;
};

/** A function by its offer: what searches find and plans name. */
export type Candidate = { readonly offer: Offer; readonly function: OfferedFunction };

/** How a candidate is called: `stock-prices.get-stock-price`. */
export function nameOf({ offer, function: called }: Candidate): string {
  return `${offer.name}.${called.name}`;
}

/** Every function of every offer. */
export function candidatesOf(offers: readonly Offer[]): readonly Candidate[] {
  return offers.flatMap((offer) => offer.functions.map((called) => ({ offer, function: called })));
}

/** What a catalog found for some words. */
export type Found = {
  readonly offers: readonly Offer[];
  /** What could not be looked at, and why: for the person. */
  readonly notes: readonly string[];
};

/** Where offers come from. */
export interface OfferCatalog {
  find(words: string): Promise<Found>;
}
