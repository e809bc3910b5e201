// The schemas that policies of a blueprint name by their path, read when it is opened: a run reads no file for them, so
// that none can keep the process waiting, and a wrong one is told before anything is accepted.
import { isJsonObject, type Json, type JsonSchema, PypesError, toPypesError } from '@pypes/contract';
import { type Blueprint, type Problem, problemText } from '@pypes/host/blueprints';
import { placeOf, readOrdinary } from './beside.ts';

/** Schemas by their path, as the blueprint writes it. */
export type OpenedSchemas = ReadonlyMap<string, JsonSchema>;

const MOST_BYTES = 1024 * 1024;
/** The keys that take a schema or the path of one, by policy. */
const KEYS: { readonly [use: string]: readonly string[] } = { schema: ['input', 'output'], allow: ['args'] };

/** @throws PypesError `invalid_request` with every schema that cannot be used in `details.problems` */
export async function openSchemas({ policies }: Blueprint, folder: string): Promise<OpenedSchemas> {
  const schemas = new Map<string, JsonSchema>();
  const problems: Problem[] = [];
  for (const { use, settings, where } of policies) {
    for (const key of Object.hasOwn(KEYS, use) ? (KEYS[use] ?? []) : []) {
      const path = settings[key];
      if (typeof path !== 'string' || schemas.has(path)) continue;
      try {
        schemas.set(path, await readSchema(folder, path));
      } catch (error) {
        problems.push({ where, message: `"${key}" names no schema: ${toPypesError(error).message}` });
      }
    }
  }
  if (problems.length === 0) return schemas;
  const lines = problems.map(problemText).join('\n');
  throw new PypesError('invalid_request', `The blueprint names ${problems.length} schema(s) wrongly:\n${lines}`, {
    details: { problems: problems.map(({ where, message }): Json => ({ ...where, message })) },
  });
}

/** What it cannot parse it does not quote: whoever starts a run need not be who may read the file. */
async function readSchema(folder: string, path: string): Promise<JsonSchema> {
  const bytes = await readOrdinary(await placeOf(folder, path), path, MOST_BYTES);
  const value = parse(bytes.toString('utf8'));
  if (isJsonObject(value)) return value;
  throw new PypesError('invalid_request', `"${path}" holds no JSON object`);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
