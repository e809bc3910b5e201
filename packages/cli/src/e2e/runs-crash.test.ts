// Nothing accepted is ever lost: the service is killed at each of the twenty events of a run, and comes back.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type PostgresServer, postgresSkipReason, startPostgres } from '../../../stores/src/testing/postgres.ts';
import { freePort, pollRun, streamRun, TWENTY } from './runs.fixtures.ts';
import { newFolder, type Server, startServer, stopServers } from './server.ts';

const EVENTS = 20;
/** At every event with PYPES_KILLS=20, else at some: starts of the service are what CI waits for. */
const stepFor = (kills: number) => Math.ceil(EVENTS / Number(process.env.PYPES_KILLS ?? kills));
const JSON_BODY = { 'content-type': 'application/json' };
/** What a takeover may take, with room for a machine that has other things to do. */
const WITHIN_MS = 60_000;

afterEach(stopServers);

/** Kills the service when a reader has seen event `index`, for each index that is a step further; one run each. */
async function killAtEach(start: () => Promise<Server>, step = 1): Promise<void> {
  let server = await start();
  for (let index = 1; index <= EVENTS; index += step) {
    const accepted = await server.post('/v1/runs', { agent: 'twenty', input: {} }, JSON_BODY);
    expect(accepted.status).toBe(202);
    const id = String(accepted.body.run_id);
    const [polled, streamed] = [pollRun(server.url, id), streamRun(server.url, id)];
    await expect.poll(() => polled.lines.length, { timeout: WITHIN_MS, interval: 1 }).toBeGreaterThanOrEqual(index);
    await server.stop('SIGKILL');
    server = await start();
    await Promise.race([
      Promise.all([polled.done, streamed.done]),
      new Promise((_, late) => setTimeout(late, WITHIN_MS, new Error(`The run did not end after a crash at ${index}`))),
    ]);
    // Byte for byte the same for both, numbered without a gap, each thing said once.
    expect(streamed.lines).toEqual(polled.lines);
    const events = polled.lines.map((line) => JSON.parse(line) as JsonObject);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    const types = events.map(({ event_type: type }) => type);
    expect(types[0]).toBe('run.started');
    expect(types.filter((type) => /^run\.(finished|failed|canceled)$/.test(String(type)))).toEqual(['run.finished']);
    expect(types.at(-1)).toBe('run.finished');
    const said = events.filter(({ actor }) => actor === 'tool').map(({ attrs }) => JSON.stringify(attrs));
    expect(said).toHaveLength(EVENTS - 2);
    expect(new Set(said).size).toBe(EVENTS - 2);
    const { body } = await server.get(`/v1/runs/${id}`);
    expect(body).toMatchObject({ status: 'finished', result: 'done' });
  }
}

describe('a service that is killed at every event of a run', () => {
  it('on the file system goes on where it was', { timeout: 600_000 }, async () => {
    const [port, root] = [await freePort(), join(newFolder(), 'data')];
    const folder = join(newFolder(), 'agents');
    await killAtEach(
      () => startServer({ 'twenty.mjs': TWENTY }, { root, folder, args: ['--port', String(port)] }),
      stepFor(10),
    );
  });

  describe.skipIf(postgresSkipReason !== undefined)(`on Postgres (${postgresSkipReason ?? 'found'})`, () => {
    let postgres: PostgresServer | undefined;
    afterAll(() => postgres?.stop());

    it('goes on where it was', { timeout: 600_000 }, async () => {
      postgres = await startPostgres();
      const [port, root, config] = [await freePort(), join(newFolder(), 'data'), join(newFolder(), 'pypes.toml')];
      const folder = join(newFolder(), 'agents');
      writeFileSync(
        config,
        '[store]\nkind = "postgres"\nurl_env = "TEST_DATABASE"\n[engine]\nkind = "embedded"\nlease_ms = 1000\nmax_attempts = 5\n',
      );
      const env = { TEST_DATABASE: postgres.connectionString };
      const args = ['--port', String(port), '--config', config];
      await killAtEach(() => startServer({ 'twenty.mjs': TWENTY }, { root, folder, args, env }), stepFor(4));
    });
  });
});
