// Reads what a file exported as AGENT: checked, with the defaults of spec 1 filled in.
import type { AgentExample, AgentMetadata } from './agent.ts';
import { PypesError } from './errors.ts';
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from './json.ts';

const LONGEST_NAME = 200;
const OPEN_OBJECT: JsonSchema = { type: 'object', properties: {} };

/**
 * Checks and completes an exported `AGENT`: description defaults to the empty text, parameters to an open object;
 * unknown keys are kept (spec 1).
 *
 * @throws PypesError `agent_broken` that says which key is wrong and what it should be
 * @example
 * parseAgentMetadata({ name: 'echo' }).parameters; // { type: 'object', properties: {} }
 */
export function parseAgentMetadata(value: unknown): AgentMetadata {
  if (!isJsonObject(value)) throw broken(`AGENT is ${describe(value)}, it has to be an object with at least a name`);
  const { name, description, parameters, returns, examples } = value;
  if (typeof name !== 'string' || name.trim() === '') {
    throw broken(`AGENT.name is ${describe(name)}, it has to be a text that is not empty`);
  }
  if (name.length > LONGEST_NAME) throw broken(`AGENT.name has ${name.length} characters, at most ${LONGEST_NAME} fit`);
  if (description !== undefined && description !== null && typeof description !== 'string') {
    throw broken(`AGENT.description is ${describe(description)}, it has to be a text`);
  }
  const { returns: _returns, examples: _examples, ...rest } = value;
  return {
    ...rest,
    name,
    description: description ?? '',
    parameters: parseParameters(parameters),
    ...(returns === undefined || returns === null ? {} : { returns: parseReturns(returns) }),
    ...(examples === undefined || examples === null ? {} : { examples: parseExamples(examples) }),
  };
}

function parseParameters(value: Json | undefined): JsonSchema {
  if (value === undefined || value === null) return OPEN_OBJECT;
  if (!isJsonObject(value)) throw broken(`AGENT.parameters is ${describe(value)}, it has to be a JSON Schema object`);
  if (value.type === undefined) return { type: 'object', ...value };
  if (value.type !== 'object') {
    throw broken(`AGENT.parameters has the type ${JSON.stringify(value.type)}, arguments are always an "object"`);
  }
  return value;
}

function parseReturns(value: Json): JsonSchema {
  if (isJsonObject(value)) return value;
  throw broken(`AGENT.returns is ${describe(value)}, it has to be a JSON Schema object`);
}

function parseExamples(value: Json): readonly AgentExample[] {
  if (!Array.isArray(value))
    throw broken(`AGENT.examples is ${describe(value)}, it has to be a list of {args, returns?}`);
  return value.map((example: Json, index) => {
    if (isJsonObject(example) && isJsonObject(example.args)) return example as JsonObject & AgentExample;
    throw broken(`AGENT.examples[${index}] has no object "args"`);
  });
}

function broken(message: string): PypesError {
  return new PypesError('agent_broken', message);
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(value) ?? typeof value;
}
