// Compiles JSON Schemas to closures, with the decisions of the Ajv driver and no generated code.
import { isPypesError, type JsonSchema, PypesError, type SchemaCompiler } from '@pypes/contract';
import { createCompilation } from './compilation.ts';
import { draftOf } from './draft.ts';
import { createRun, TooMuchWork } from './run.ts';
import { checkShape } from './shape/shape.ts';

/**
 * A compiler for drafts 2020-12 (the default) and 7 (where `$schema` names it), for hosts that may not generate code.
 * It takes the schemas and the values that the Ajv driver takes. `$ref` stays within its schema. A value or a schema
 * that nests too deeply, or whose check would take too long, is a violation at its root, never an overflow.
 *
 * @example
 * const check = createPortableCompiler().compile({ type: 'object', required: ['city'] });
 * check({}); // [{ path: '', message: 'must have the property "city"' }]
 */
export function createPortableCompiler(): SchemaCompiler {
  return {
    compile(schema) {
      const check = compileOrRefuse(schema);
      return (value) => {
        try {
          if (check(value, createRun(false))) return [];
          const run = createRun(true);
          check(value, run);
          return run.violations;
        } catch (error) {
          if (error instanceof TooMuchWork || error instanceof RangeError) return [{ path: '', message: TOO_DEEP }];
          throw error;
        }
      };
    },
  };
}

const TOO_DEEP = 'is nested too deeply, or takes too long to check against this schema';

function compileOrRefuse(schema: JsonSchema): ReturnType<typeof createCompilation>['root'] {
  try {
    const draft = draftOf(schema);
    checkShape(schema, draft);
    return createCompilation(schema, draft).root;
  } catch (error) {
    if (isPypesError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new PypesError('agent_broken', `The JSON Schema cannot be used: ${reason}`);
  }
}
