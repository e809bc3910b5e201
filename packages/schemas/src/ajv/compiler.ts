// Compiles JSON Schemas with Ajv, drafts 2020-12 and 7, with patterns matched in linear time.
import { type Json, type JsonSchema, PypesError, type SchemaCheck, type SchemaCompiler } from '@pypes/contract';
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { findTwins } from '../find-twins.ts';
import { linearPattern } from '../linear-pattern.ts';
import { isUrl } from '../url-format.ts';

const MOST_VIOLATIONS = 100;

const OPTIONS: Options = {
  allErrors: true,
  strict: false,
  validateFormats: true,
  ownProperties: true,
  logger: false,
  code: { regExp: linearPattern },
};

/**
 * A compiler for drafts 2020-12 (the default) and 7 (where `$schema` names it). Every compilation stands alone: two
 * agents may use one `$id`, and a schema that is gone leaves nothing behind.
 *
 * @example
 * const check = createAjvCompiler().compile({ type: 'object', required: ['city'] });
 * check({}); // [{ path: '', message: 'must have required property "city"' }]
 */
export function createAjvCompiler(): SchemaCompiler {
  return {
    compile(schema) {
      const validate = compileWithAjv(schema);
      return (value) => {
        try {
          if (validate(value) === true) return [];
          return (validate.errors ?? []).slice(0, MOST_VIOLATIONS).map(toViolation);
        } catch (error) {
          // The generated code is recursive where the schema is: a value can nest beyond the stack.
          if (error instanceof RangeError) return [{ path: '', message: 'is nested too deeply for this schema' }];
          // Ajv's own fault, for a few odd schemas: nothing passes that nobody has checked.
          const reason = error instanceof Error ? error.message : String(error);
          throw new PypesError('agent_broken', `The JSON Schema cannot be used: its check fails with ${reason}`);
        }
      };
    },
  };
}

let draft2020: Ajv | undefined;
let draft7: Ajv | undefined;

function compileWithAjv(schema: JsonSchema): ValidateFunction {
  const ajv = instanceFor(schema);
  try {
    return ajv.compile(schema);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PypesError('agent_broken', `The JSON Schema cannot be used: ${reason}`);
  } finally {
    ajv.removeSchema(schema);
    if (typeof schema.$id === 'string') ajv.removeSchema(schema.$id);
  }
}

function instanceFor(schema: JsonSchema): Ajv {
  if (typeof schema.$schema === 'string' && schema.$schema.includes('draft-07')) {
    draft7 ??= prepare(new Ajv(OPTIONS));
    return draft7;
  }
  draft2020 ??= prepare(new Ajv2020(OPTIONS) as unknown as Ajv);
  return draft2020;
}

/** With the formats, and without what takes more than linear time. */
function prepare(ajv: Ajv): Ajv {
  formats.default(ajv).addFormat('url', isUrl);
  return ajv.removeKeyword('uniqueItems').addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must have different items' },
    validate: (wanted: boolean, items: readonly Json[]) => !wanted || findTwins(items) === undefined,
  });
}

function toViolation(error: ErrorObject): ReturnType<SchemaCheck>[number] {
  return { path: error.instancePath, message: messageOf(error) };
}

/** Ajv's message, with the property, choice or value that it leaves out. */
function messageOf(error: ErrorObject): string {
  const params: { readonly [key: string]: unknown } = error.params;
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    return `must not have the property "${String(params.additionalProperty ?? params.unevaluatedProperty)}"`;
  }
  if (error.keyword === 'required') return `must have the property "${String(params.missingProperty)}"`;
  if (error.keyword === 'enum') return `must be one of ${JSON.stringify(params.allowedValues)}`;
  if (error.keyword === 'const') return `must be ${JSON.stringify(params.allowedValue)}`;
  return error.message ?? `does not satisfy "${error.keyword}"`;
}
