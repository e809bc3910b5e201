// Digests of steps are the same however they are made.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { digestOfValue } from './events.ts';

test.each([0, 100, 16_383, 16_384, 100_000])('a text of %i letters has its SHA-256', async (length) => {
  const text = 'ü'.padEnd(length, 'x');
  const wanted = createHash('sha256').update(JSON.stringify(text)).digest('hex');
  expect(await digestOfValue(text)).toBe(`sha256:${wanted}`);
});
