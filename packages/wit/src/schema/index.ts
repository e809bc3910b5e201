// WIT and JSON Schema, in both directions.
export { JsonSchemaError, type UnsupportedCode, WitUnsupportedError } from './errors.ts';
export { type DerivedTypes, fromJsonSchema, typesFromJsonSchema } from './from-json-schema.ts';
export type { Json, JsonSchema } from './json.ts';
export { type Outcomes, outcomesOf } from './outcomes.ts';
export { printTypes } from './print.ts';
export {
  errorSchema,
  type ParametersSchema,
  parametersSchema,
  resultSchema,
  toJsonSchema,
} from './to-json-schema.ts';
export { toWitName } from './wit-names.ts';
