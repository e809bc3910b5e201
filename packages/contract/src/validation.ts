// JSON Schema behind one small interface, since not every platform may generate code (spec 2, back ends).
import type { Json, JsonSchema } from './json.ts';

/** One thing that is wrong with a value: `path` is a JSON pointer into it, empty for the whole value. */
export type Violation = { readonly path: string; readonly message: string };

/** Checks values against one schema: an empty list means that the value is valid. Lists every violation. */
export type SchemaCheck = (value: Json) => readonly Violation[];

/** A JSON Schema implementation. */
export interface SchemaCompiler {
  /** @throws PypesError `agent_broken` where the schema itself is not valid, with the reason */
  compile(schema: JsonSchema): SchemaCheck;
}
