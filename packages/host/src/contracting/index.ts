// The contract agent: from a wish to a blueprint that was checked and explained.
export { createTextCheck } from './check-draft.ts';
export type { Choice } from './draft/choose.ts';
export type { OpenInput } from './draft/open-inputs.ts';
export type { Model } from './model/model.ts';
export { type Drafted, negotiate, type Outcome, type Person } from './negotiate.ts';
export type { Found, Offer, OfferCatalog } from './offer.ts';
export { plain } from './words/plain.ts';
export { createSearch } from './words/search.ts';
