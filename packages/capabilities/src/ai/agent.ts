// What `context.ai.complete` gives an agent: the answer alone, and a typed one where it asked for a schema.
import {
  type AiCaller,
  type AiGateway,
  isJsonObject,
  type Json,
  type JsonObject,
  PypesError,
  type SchemaCompiler,
} from '@pypes/contract';
import { invalid } from './refusal.ts';

/** The gateway as agents see it: `complete` takes `schema` too and answers `{text, tool_calls, object?, model, finish_reason, usage}`. */
export function forAgents(gateway: AiGateway, schemas: SchemaCompiler): AiGateway {
  return {
    ...gateway,
    complete: (request, caller, signal) => completeForAgent(gateway, schemas, request, caller, signal),
  };
}

async function completeForAgent(
  gateway: AiGateway,
  schemas: SchemaCompiler,
  { schema, ...request }: JsonObject,
  caller: AiCaller,
  signal: AbortSignal,
): Promise<JsonObject> {
  if (schema === undefined || schema === null) return toAnswer(await gateway.complete(request, caller, signal));
  if (!isJsonObject(schema)) throw invalid('"schema" has to be a JSON Schema');
  const check = schemas.compile(schema);
  const typed = { ...request, response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } };
  const first = toAnswer(await gateway.complete(typed, caller, signal));
  const problem = problemOf(first, check);
  if (problem === undefined) return { ...first, object: JSON.parse(String(first.text)) as Json };
  // One chance to mend it, told what was wrong.
  const messages = [
    ...(request.messages as readonly Json[]),
    { role: 'assistant', content: String(first.text) },
    { role: 'user', content: `That does not match the schema: ${problem}. Answer again, with JSON alone.` },
  ];
  const second = toAnswer(await gateway.complete({ ...typed, messages }, caller, signal));
  const left = problemOf(second, check);
  if (left === undefined) return { ...second, object: JSON.parse(String(second.text)) as Json };
  throw new PypesError(
    'unavailable',
    `The model ${String(second.model)} did not answer what the schema asks for: ${left}`,
  );
}

function problemOf(answer: JsonObject, check: ReturnType<SchemaCompiler['compile']>): string | undefined {
  let value: Json;
  try {
    value = JSON.parse(String(answer.text)) as Json;
  } catch {
    return 'it is no JSON';
  }
  const violations = check(value);
  if (violations.length === 0) return undefined;
  return violations
    .slice(0, 5)
    .map(({ path, message }) => `${path} ${message}`.trim())
    .join('; ');
}

function toAnswer(completion: JsonObject): JsonObject {
  const [choice] = completion.choices as readonly JsonObject[];
  const message = choice?.message as JsonObject;
  return {
    text: (message.content as string | null) ?? '',
    tool_calls: message.tool_calls ?? [],
    model: completion.model ?? null,
    finish_reason: choice?.finish_reason ?? null,
    usage: completion.usage ?? null,
  };
}
