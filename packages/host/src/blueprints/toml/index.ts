// TOML with places: for whatever is configured in a file, and has to say where a mistake stands.
export { suggestion } from '../did-you-mean.ts';
export { createNotes, describe, type Note, readTable, toChoice, toInteger, toTexts } from './fields.ts';
export type { Located, LocatedEntry, LocatedList, LocatedTable, LocatedText, Problem } from './located.ts';
export { type ReadToml, readToml } from './read-toml.ts';
