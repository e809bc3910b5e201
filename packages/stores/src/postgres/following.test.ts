// Who follows a run hears of its events, in the process that writes them and in others, and of nothing that is not read.
import type { RunLines, RunStore } from '@pypes/contract/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, postgresSkipReason, startPostgres } from '../testing/postgres.ts';
import { finished, linesOf, startRun } from '../testing/runs-made.ts';
import { createPostgresRunStore } from './index.ts';

const ROUNDS = 20;

describe.skipIf(postgresSkipReason !== undefined)(`following (${postgresSkipReason ?? 'on a server'})`, () => {
  let server: PostgresServer;
  let stores: readonly [RunStore, RunStore];

  beforeAll(async () => {
    server = await startPostgres();
    const open = () => createPostgresRunStore({ connectionString: server.connectionString });
    stores = await Promise.all([open(), open()]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all((stores ?? []).map((store) => store.close()));
    await server?.stop();
  });

  it.each([
    ['here', 0],
    ['elsewhere', 1],
  ] as const)('%s: recorded calls call nobody back, the event after them does', async (_, index) => {
    const [writer] = stores;
    const follower = stores[index];
    const run = { ...(await startRun(writer, 900_000 + index)), attempt: 1 };
    let calls = 0;
    let told: PromiseWithResolvers<void> = Promise.withResolvers();
    const stop = follower.follow(run, () => {
      calls++;
      told.resolve();
    });
    await writer.append(run, 'events', linesOf(1, 1));
    await told.promise;
    const before = calls;
    for (let round = 1; round <= ROUNDS; round++) await writer.append(run, 'calls', linesOf(round, 1));
    told = Promise.withResolvers();
    await writer.append(run, 'events', linesOf(2, 1));
    await told.promise;
    stop();
    // What happened before the run was followed may be heard late.
    expect(calls - before).toBeLessThan(ROUNDS / 2);
    expect(await follower.last(run, 'calls')).toBe(ROUNDS);
  });

  it('is told the lines that this process wrote, and of the others that there are some', async () => {
    const [here, elsewhere] = stores;
    const run = { ...(await startRun(here, 910_000)), attempt: 1 };
    const told = { here: [] as (RunLines | undefined)[], elsewhere: [] as (RunLines | undefined)[] };
    const heard = Promise.withResolvers<void>();
    here.follow(run, (added) => told.here.push(added));
    elsewhere.follow(run, (added) => {
      told.elsewhere.push(added);
      heard.resolve();
    });
    await here.append(run, 'events', linesOf(1, 2));
    await here.append(run, 'events', linesOf(9, 1));
    await here.update(run, finished(run), linesOf(3, 1));
    await heard.promise;
    expect(told.here).toEqual([linesOf(1, 2), undefined, linesOf(3, 1)]);
    expect(new Set(told.elsewhere)).toEqual(new Set([undefined]));
  });
});
