// The contract agent: from a wish to a blueprint that was checked and explained.
export { type Checked, type CheckText, createTextCheck, isProven } from './check-draft.ts';
export type { Choice } from './draft/choose.ts';
export { newGrantOf } from './draft/draft.ts';
export type { OpenInput } from './draft/open-inputs.ts';
export type { ComponentExplanation, Explanation, WayOut } from './explain.ts';
export { MOST_CALLS, type Model } from './model/model.ts';
export { type Drafted, type NegotiateOptions, negotiate, type Outcome, type Person } from './negotiate.ts';
export type { Candidate, Found, Offer, OfferCatalog, OfferedFunction } from './offer.ts';
export { nameOf } from './offer.ts';
export { plain } from './words/plain.ts';
export { createSearch } from './words/search.ts';
