/** Reading for tools: the forms of a source with their places. */
import type { SourcePlace } from './errors.ts';
import { type LispyLimits, withDefaults } from './limits.ts';
import { readForms } from './reader/read.ts';
import type { Value } from './values/value.ts';

/** A form at the top of a source. The places of nested forms are in `List.origin`. */
export type ParsedForm = { readonly value: Value; readonly place: SourcePlace };

/**
 * The forms of a source text; nothing is evaluated.
 *
 * @throws LispyError `parse` or `incomplete`, with file, line and column.
 * @example parseProgram("(+ 1 2)", { file: 'sum.lispy' })[0]?.place.line // 1
 */
export const parseProgram = (
  source: string,
  options: { file?: string; limits?: Partial<LispyLimits> } = {},
): ParsedForm[] =>
  readForms(source, options.file ?? '<lispy>', withDefaults(options.limits)).map(({ value, source: text, offset }) => ({
    value,
    place: text.place(offset),
  }));
