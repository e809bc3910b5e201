// Text to resolved WIT: the names that others may use.
export { renderWitError, WitError, type WitErrorDetails, type WitErrorOrigin } from './errors.ts';
export { type ParseWitOptions, parseWit, type WitBinary, type WitDependency } from './parse-wit.ts';
export type { Location, Span, WitSource } from './source.ts';
