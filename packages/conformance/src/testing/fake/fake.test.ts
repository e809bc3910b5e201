// The fake endpoint passes every check: what fails on a mutant of it fails by the mutation.
import { expect, it } from 'vitest';
import { CHECKS } from '../../checks/checks.ts';
import { runConformance } from '../../run-checks.ts';
import { parse, refuse } from '../mutants/mutate.ts';
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

it('is conformant where new packs ask for the token of the endpoint', { timeout: 60_000 }, async () => {
  const fake = createFake({
    mutation: async (request, next) => {
      const { pack_guid, swarm_guid } = parse(request.body) ?? {};
      const guid = String(pack_guid ?? swarm_guid)
        .trim()
        .toLowerCase();
      const isNew = request.path.endsWith('/deploy') && request.method === 'POST' && !fake.packs.has(guid);
      const { authorization } = request.headers;
      return isNew && authorization !== 'Bearer operator' && request.headers.origin === undefined
        ? refuse(authorization === undefined ? 401 : 403)
        : next(request);
    },
  });
  const url = 'http://127.0.0.1:1';
  const report = await runConformance({ url, token: 'operator', transport: toTransport(fake.handle) });
  expect(report.outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
  await expect(runConformance({ url, transport: toTransport(fake.handle) })).rejects.toMatchObject({
    kind: 'unauthorized',
  });
});

it('is conformant without tokens, too', { timeout: 60_000 }, async () => {
  const fake = createFake({ open: true });
  const report = await runConformance({ url: 'http://127.0.0.1:1', transport: toTransport(fake.handle) });
  expect(report.outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
  expect(report.declares).not.toContain('auth');
});
