import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPypesError } from '@pypes/contract';
import { expect, test } from 'vitest';
import { startRestate, whyNoRestate } from '../testing/restate-server.ts';
import { until } from '../testing/until.ts';
import { startWorkers } from '../testing/workers.ts';
import { createRestateEngine } from './index.ts';

const RUNS = 400;
const missing = whyNoRestate();

test.skipIf(missing !== undefined)(
  `a node of three dies under load: every run is executed${missing ?? ''}`,
  { timeout: 180_000 },
  async () => {
    const cluster = await startRestate(3);
    const connection = { ingressUrl: cluster.ingressUrls, adminUrl: cluster.adminUrl };
    const workers = await startWorkers(join(import.meta.dirname, 'worker.fixture.ts'), 2, connection);
    try {
      const engine = createRestateEngine(connection);
      /** As the run service does: what could not be handed on is handed on later. */
      const submit = async (run_id: string): Promise<void> => {
        for (;;) {
          try {
            return await engine.submit({ tenant: 't', run_id });
          } catch (error) {
            expect(isPypesError(error) && error.code).toBe('unavailable');
            await sleep(100);
          }
        }
      };
      let next = 0;
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          for (let index = next++; index < RUNS; index = next++) {
            // Not the one that workers made themselves known to: that is asked again by no one.
            if (index === RUNS / 4) await cluster.nodes[2]!.kill();
            await submit(`load-${index}-20`);
          }
        }),
      );
      const notes = await until(
        workers.notes,
        (all) => new Set(all.filter((note) => note.what === 'end').map((note) => note.run_id)).size >= RUNS,
        120_000,
      );
      expect(new Set(notes.map((note) => note.run_id)).size).toBe(RUNS);
    } finally {
      await workers.stop();
      await cluster.stop();
    }
  },
);
