// The JSON Schema of each WIT primitive.
import type { Primitive } from '../resolved.ts';
import { WitUnsupportedError } from './errors.ts';
import { ANNOTATION, type JsonSchema } from './json.ts';
import { FLOAT_PATTERN, LARGEST_F32, S64_PATTERN, SMALL_INTEGERS, U64_PATTERN } from './numbers.ts';

/**
 * The schema of a primitive.
 *
 * @throws WitUnsupportedError `error-context`
 */
export function primitiveSchema(primitive: Primitive): JsonSchema {
  switch (primitive) {
    case 'bool':
      return { type: 'boolean' };
    case 'string':
      return { type: 'string' };
    case 'char':
      return { type: 'string', minLength: 1, maxLength: 1, [ANNOTATION]: 'char' };
    case 'u64':
      return { ...wide(0, U64_PATTERN), [ANNOTATION]: 'u64' };
    case 's64':
      return { ...wide(Number.MIN_SAFE_INTEGER, S64_PATTERN), [ANNOTATION]: 's64' };
    case 'f32':
      return { ...FLOAT, minimum: -LARGEST_F32, maximum: LARGEST_F32, [ANNOTATION]: 'f32' };
    case 'f64':
      return { ...FLOAT, [ANNOTATION]: 'f64' };
    case 'error-context':
      throw new WitUnsupportedError('error-context', '', 'An error-context has no JSON form');
    default: {
      const [minimum, maximum] = SMALL_INTEGERS[primitive];
      return { type: 'integer', minimum, maximum };
    }
  }
}

/** The schema of the text of a map's key. */
export function keySchema(primitive: Primitive): JsonSchema {
  switch (primitive) {
    case 'string':
    case 'char':
      return primitiveSchema(primitive);
    case 'bool':
      return { enum: ['false', 'true'], [ANNOTATION]: 'bool' };
    default:
      return { pattern: primitive.startsWith('u') ? U64_PATTERN : S64_PATTERN, [ANNOTATION]: primitive };
  }
}

const FLOAT: JsonSchema = { type: ['number', 'string'], pattern: FLOAT_PATTERN };

function wide(minimum: number, pattern: string): JsonSchema {
  return { type: ['integer', 'string'], minimum, maximum: Number.MAX_SAFE_INTEGER, pattern };
}
