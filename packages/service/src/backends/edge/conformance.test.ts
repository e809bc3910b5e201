// The edge passes the project's own suite, open and closed; what is skipped is what it does not declare.
import { runConformance } from '@pypes/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EdgePlace, edgeSkipReason, packageForTests } from './testing/edge.ts';

const TOKEN = 'the-token-of-the-operator';
const LONGEST_MS = 300_000;

describe.skipIf(edgeSkipReason !== undefined)(`conformance of the edge ${edgeSkipReason ?? ''}`, () => {
  let place: EdgePlace;
  beforeAll(async () => {
    place = await packageForTests();
  });
  afterAll(() => place?.remove());

  it.each([
    ['open', { PYPES_OPEN: 'true' }, {}],
    ['closed', { PYPES_OPEN: '', PYPES_TOKEN: TOKEN }, { token: TOKEN }],
  ] as const)(
    '%s',
    async (_name, settings, given) => {
      const edge = await place.start({ PYPES_LOG_LEVEL: 'error', ...settings });
      const report = await runConformance({ url: edge.url, ...given });
      edge.kill();
      await edge.gone;
      expect(report.outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(report.conformant).toBe(true);
      const declared = ['javascript', 'lispy', 'local', 'lua', 'sandbox', ...('token' in given ? ['auth'] : [])];
      expect([...report.declares]).toEqual(expect.arrayContaining(declared));
    },
    LONGEST_MS,
  );
});
