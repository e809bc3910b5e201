// Query values, checked against what the route documents: a wrong name is an error too, not a silence.
import { PypesError } from '@pypes/contract';
import type { RunsParameter, RunsRoute } from '@pypes/contract/runs';

/** Values by name. */
export type Query = ReadonlyMap<string, string>;

const MOST_CHARACTERS = 4_096;

/** @throws PypesError `invalid_request` that names the value and what may stand there */
export function readQuery(text: string, route: RunsRoute): Query {
  if (text.length > MOST_CHARACTERS) {
    throw new PypesError(
      'invalid_request',
      `The query has ${text.length} characters; at most ${MOST_CHARACTERS} are read`,
    );
  }
  const known = route.query ?? [];
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    const parameter = known.find((one) => one.name === name);
    if (parameter === undefined) throw unknownName(name, known);
    if (values.has(name)) throw new PypesError('invalid_request', `"${name}" stands in the query twice`);
    checkValue(parameter, value);
    values.set(name, value);
  }
  return values;
}

/** A whole number of the query, or its default. */
export function readInteger(query: Query, route: RunsRoute, name: string): number {
  const fallback = route.query?.find((one) => one.name === name)?.schema.default;
  return Number(query.get(name) ?? fallback);
}

function checkValue({ name, schema }: RunsParameter, value: string): void {
  const wrong = (wanted: string) =>
    new PypesError('invalid_request', `"${name}" is "${value.slice(0, 100)}"; it has to be ${wanted}`);
  if (Array.isArray(schema.enum)) {
    if (!schema.enum.includes(value)) throw wrong(`one of ${schema.enum.join(', ')}`);
  } else if (schema.type === 'integer') {
    const { minimum, maximum } = schema as { readonly minimum: number; readonly maximum: number };
    if (!/^(0|[1-9]\d{0,8})$/.test(value) || Number(value) < minimum || Number(value) > maximum) {
      throw wrong(`a whole number from ${minimum} to ${maximum}`);
    }
  } else if (
    value.length < Number(schema.minLength ?? 0) ||
    value.length > Number(schema.maxLength ?? MOST_CHARACTERS)
  ) {
    throw wrong(`a text of ${String(schema.minLength ?? 0)} to ${String(schema.maxLength)} characters`);
  }
}

function unknownName(name: string, known: readonly RunsParameter[]): PypesError {
  const names = known.map((one) => one.name).join(', ');
  const there = names === '' ? 'no values are taken here' : `there are ${names}`;
  return new PypesError('invalid_request', `"${name.slice(0, 100)}" is no value of this query; ${there}`);
}
