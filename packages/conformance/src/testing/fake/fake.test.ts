// The fake endpoint passes every check: what fails on a mutant of it fails by the mutation.
import { expect, it } from 'vitest';
import { CHECKS } from '../../checks/checks.ts';
import { runConformance } from '../../run-checks.ts';
import { createFake } from './fake.ts';
import { toTransport } from './http.ts';

it('is conformant, with nothing skipped but what only a slow endpoint shows', { timeout: 60_000 }, async () => {
  const fake = createFake();
  const report = await runConformance({ url: 'http://127.0.0.1:1', transport: toTransport(fake.handle), slow: true });
  expect(report.outcomes.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(report.outcomes).toHaveLength(CHECKS.length);
  expect(report).toMatchObject({ conformant: true, left: [] });
  expect(fake.packs.size).toBe(0);
});

it('is conformant without tokens, too', { timeout: 60_000 }, async () => {
  const fake = createFake({ open: true });
  const report = await runConformance({ url: 'http://127.0.0.1:1', transport: toTransport(fake.handle) });
  expect(report.outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
  expect(report.declares).not.toContain('auth');
});
