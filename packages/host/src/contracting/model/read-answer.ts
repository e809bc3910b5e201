// The text of an answer → a value of the schema that was asked for, or a refusal. No repairs, no guesses.
import { isJsonObject, type Json, type JsonObject, type JsonSchema, type SchemaCompiler } from '@pypes/contract';
import { plain } from '../words/plain.ts';
import { ModelRefusal } from './refusal.ts';

const LONGEST = 65_536;
const MOST_PROBLEMS = 5;

/** @throws ModelRefusal */
export function readAnswer(text: string, schema: JsonSchema, schemas: SchemaCompiler): JsonObject {
  if (text.length > LONGEST) throw new ModelRefusal([`it has ${text.length} characters, at most ${LONGEST} are read`]);
  const value = parse(text);
  const strange = unknownKeys(value, schema);
  if (strange.length > 0) throw new ModelRefusal(strange);
  const violations = schemas.compile(schema)(value);
  if (violations.length > 0) {
    throw new ModelRefusal(
      violations.slice(0, MOST_PROBLEMS).map(({ path, message }) => plain(`${path || 'it'} ${message}`, 200)),
    );
  }
  return value;
}

function parse(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw new ModelRefusal([`it is no JSON: "${plain(text, 60)}"`]);
  }
  if (isJsonObject(value)) return value;
  throw new ModelRefusal(['it is no JSON object']);
}

/** Said by name: what a model adds that nobody asked for is the thing to know about it. */
function unknownKeys(value: JsonObject, { properties }: JsonSchema): readonly string[] {
  const known = isJsonObject(properties) ? Object.keys(properties) : [];
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `it says "${plain(key, 40)}", which is not a model's to say; it may say ${known.join(' and ')}`);
}
