// The edge passes the project's own suite where it is open and alone; closed and with others: cli/src/e2e/everywhere.
import { runConformance } from '@pypes/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EdgePlace, edgeSkipReason, packageForTests } from './testing/edge.ts';

const LONGEST_MS = 300_000;

describe.skipIf(edgeSkipReason !== undefined)(`conformance of the edge ${edgeSkipReason ?? ''}`, () => {
  let place: EdgePlace;
  beforeAll(async () => {
    place = await packageForTests();
  });
  afterAll(() => place?.remove());

  it(
    'open, without another endpoint',
    async () => {
      const edge = await place.start({ PYPES_LOG_LEVEL: 'error' });
      const report = await runConformance({ url: edge.url });
      expect(report.outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(report.conformant).toBe(true);
      expect([...report.declares].sort()).toEqual([
        'bundles',
        'component',
        'javascript',
        'lispy',
        'local',
        'lua',
        'sandbox',
      ]);
    },
    LONGEST_MS,
  );
});
