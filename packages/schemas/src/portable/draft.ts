// Which draft a schema is written in: 2020-12, unless it says 7.
import type { JsonSchema } from '@pypes/contract';

export type Draft = 7 | 2020;

/** @throws Error where `$schema` names another draft */
export function draftOf(schema: JsonSchema): Draft {
  const { $schema: named } = schema;
  if (named === undefined) return 2020;
  const address = typeof named === 'string' ? named.replace(/#$/, '') : named;
  if (address === 'https://json-schema.org/draft/2020-12/schema') return 2020;
  if (address === 'http://json-schema.org/draft-07/schema') return 7;
  throw new Error(`"$schema" is ${JSON.stringify(named)}, and only the drafts 2020-12 and 7 are known`);
}
