// The check knows the numbers of WIT by the patterns that their schemas have: both packages write them, neither may
// import the other.
import type { JsonObject } from '@pypes/contract';
import { bitsOf } from '@pypes/guard';
import type { ResolvedWit } from '@pypes/wit/resolved';
import { toJsonSchema } from '@pypes/wit/schema';
import { expect, it } from 'vitest';

it.each(['u64', 's64', 'f32', 'f64'] as const)('%s has 64 bits', (type) => {
  const resolved: Pick<ResolvedWit, 'types'> = { types: [] };
  expect(bitsOf(toJsonSchema(resolved as ResolvedWit, type) as JsonObject)).toBe(64);
});
