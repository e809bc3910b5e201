// TOML as data in which every key and value knows where it stands.
import type { Edit, Where } from '../guard-check.ts';

type Base = { readonly where: Where };

/** A text; `at` gives the place of one of its characters, whatever escapes it was written with. */
export type LocatedText = Base & { readonly kind: 'text'; readonly value: string; at(offset: number): Where };
/** A number or a truth value. */
export type LocatedScalar = Base & { readonly kind: 'scalar'; readonly value: number | boolean };
export type LocatedList = Base & { readonly kind: 'list'; readonly items: readonly Located[] };
export type LocatedTable = Base & { readonly kind: 'table'; readonly entries: ReadonlyMap<string, LocatedEntry> };

/** One key of a table with its value. */
export type LocatedEntry = {
  readonly where: Where;
  readonly value: Located;
  /** Takes the whole line out, where it is one `key = value`. */
  readonly remove?: Edit;
};

/** Any value. */
export type Located = LocatedText | LocatedScalar | LocatedList | LocatedTable;

/** One thing that is wrong with a text. */
export type Problem = { readonly where: Where; readonly message: string };
