// The schemas of an agent as MCP clients are given them: some drop a tool, or a whole list, over one that they dislike.
import type { JsonSchema } from '@pypes/contract';
import { cleanSchema } from './clean.ts';
import { toObjectRoot } from './object-root.ts';
import { Unfit } from './unfit.ts';

/** A schema for clients, and what it does not say any more. */
export type ClientSchema = {
  readonly schema: JsonSchema;
  /** Empty: it takes exactly what the author's takes. The guard checks calls against the author's in any case. */
  readonly findings: readonly string[];
};

/** A schema of results. `wrapped`: results stand in the property `result`, since clients want an object. */
export type ClientOutputSchema = ClientSchema & { readonly wrapped: boolean };

const MOST_CHARACTERS = 65_536;
const ANYTHING: JsonSchema = { type: 'object', properties: {} };

/**
 * The schema of arguments. One that cannot be given away becomes an open object.
 *
 * @example
 * toInputSchema({ type: 'object', oneOf: [{ required: ['a'] }, { required: ['b'] }] }).schema.oneOf; // undefined
 */
export function toInputSchema(parameters: JsonSchema): ClientSchema {
  try {
    const clean = cleanSchema(parameters);
    return { schema: bounded(toObjectRoot(clean)), findings: clean.weaker };
  } catch (error) {
    return { schema: ANYTHING, findings: [reasonOf(error)] };
  }
}

/** The schema of results, or the reason why clients are given none. */
export function toOutputSchema(
  returns: JsonSchema,
): ClientOutputSchema | { readonly schema: undefined; readonly findings: readonly string[] } {
  try {
    const clean = cleanSchema(returns);
    if (clean.root.type === 'object') {
      return { schema: bounded(toObjectRoot(clean)), findings: clean.weaker, wrapped: false };
    }
    const schema = {
      type: 'object',
      properties: { result: clean.root },
      required: ['result'],
      additionalProperties: false,
      ...(Object.keys(clean.defs).length === 0 ? {} : { $defs: clean.defs }),
    };
    return { schema: bounded(schema), findings: clean.weaker, wrapped: true };
  } catch (error) {
    return { schema: undefined, findings: [reasonOf(error)] };
  }
}

function bounded(schema: JsonSchema): JsonSchema {
  if (JSON.stringify(schema).length > MOST_CHARACTERS)
    throw new Unfit(`it has more than ${MOST_CHARACTERS} characters`);
  return schema;
}

function reasonOf(error: unknown): string {
  if (error instanceof Unfit) return error.message;
  throw error;
}
