// Runs that are repeated: with recorded host calls or without, with other input, on the same version (spec 5).
import { afterEach, expect, test } from 'vitest';
import { createFakeDrivers } from '../testing/fake-drivers.ts';
import type { Runs } from './index.ts';
import { createBench, ended, eventsOf, inShort, refOf, runToEnd } from './testing/setup.ts';

const opened: Runs[] = [];
const keep = (runs: Runs) => {
  opened.push(runs);
  return runs;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((runs) => runs.close(0)));
});

function setup() {
  const asked: string[] = [];
  const drivers = createFakeDrivers(new Map());
  const bench = createBench(
    {
      trip: async (context, { cities }) => {
        const found = [];
        for (const city of cities as string[]) found.push(await context.call('weather', { city }));
        await context.use('objects.put', { name: 'plan.txt', text: found.join() });
        return found;
      },
      weather: (_context, { city }) => {
        asked.push(String(city));
        return `${city} ${asked.length}`;
      },
      fail: async (context) => {
        try {
          return await context.call('broken', {});
        } catch (error) {
          return (error as Error).message;
        }
      },
      broken: () => {
        asked.push('broken');
        throw new Error(`Broke ${asked.length} times`);
      },
    },
    { capabilities: drivers.capabilities },
  );
  return { ...bench, asked, reached: drivers.reached };
}

test('recorded calls are answered from the record, in events and bundle as if they had been made', async () => {
  const { open, store, asked, reached, artifacts } = setup();
  const runs = keep(open());
  const original = await runToEnd(runs, 'trip', { cities: ['Oslo', 'Rome', 'Oslo'] });
  expect(original.result).toEqual(['Oslo 1', 'Rome 2', 'Oslo 3']);
  const again = await runs.replay(refOf(original), { recordedCalls: true });
  const repeated = await ended(runs, refOf(again));
  expect(repeated.result).toEqual(original.result);
  expect(asked).toHaveLength(3);
  expect(reached).toEqual(['list', 'put']);
  expect(again.replay_of).toEqual({ run_id: original.run_id, recorded_calls: true });
  const told = async (ref: typeof again) => inShort(await eventsOf(store, refOf(ref)));
  expect(await told(repeated)).toEqual(await told(original));
  expect((await artifacts.list(refOf(repeated))).map(({ path }) => path)).toEqual(['files/plan.txt']);
  // A repetition can be repeated in turn: its own record is whole.
  const third = await ended(runs, refOf(await runs.replay(refOf(repeated), { recordedCalls: true })));
  expect(third.result).toEqual(original.result);
  expect(asked).toHaveLength(3);
});

test('with other input what was not asked before is done, and the rest is not', async () => {
  const { open, asked } = setup();
  const runs = keep(open());
  const original = await runToEnd(runs, 'trip', { cities: ['Oslo', 'Rome'] });
  const again = await runs.replay(refOf(original), {
    recordedCalls: true,
    input: { cities: ['Rome', 'Paris', 'Rome'] },
  });
  expect((await ended(runs, refOf(again))).result).toEqual(['Rome 2', 'Paris 3', 'Rome 4']);
  expect(asked).toEqual(['Oslo', 'Rome', 'Paris', 'Rome']);
});

test('without the record everything is done again', async () => {
  const { open, asked } = setup();
  const runs = keep(open());
  const original = await runToEnd(runs, 'trip', { cities: ['Oslo'] });
  const again = await ended(runs, refOf(await runs.replay(refOf(original))));
  expect(again.result).toEqual(['Oslo 2']);
  expect(asked).toHaveLength(2);
});

test('a recorded failure fails again, in the same words', async () => {
  const { open, asked } = setup();
  const runs = keep(open());
  const original = await runToEnd(runs, 'fail');
  const again = await ended(runs, refOf(await runs.replay(refOf(original), { recordedCalls: true })));
  expect([original.result, again.result]).toEqual(['Broke 1 times', 'Broke 1 times']);
  expect(asked).toHaveLength(1);
});

test('a run that has not ended, or whose agent has changed, is not repeated', async () => {
  const { open, host } = setup();
  const door = keep(open({ works: false }));
  const waiting = await door.create({ agent: 'trip', input: { cities: [] } });
  await expect(door.replay(refOf(waiting))).rejects.toMatchObject({ code: 'conflict' });
  await door.cancel(refOf(waiting));

  const runs = keep(open());
  const source = (mark: string) => JSON.stringify([{ name: 'own', does: 'weather', mark }]);
  const bundle = (mark: string, guid?: string) => ({
    schema: 'pack/1.0',
    ...(guid === undefined ? {} : { pack_guid: guid }),
    agents: [{ filename: 'own.fake', source: source(mark) }],
  });
  const { packGuid } = await host.deploy(bundle('one'));
  const original = await runToEnd(runs, 'own', { city: 'Oslo' });
  await host.deploy(bundle('two', packGuid));
  await expect(runs.replay(refOf(original))).rejects.toMatchObject({
    code: 'conflict',
    details: { changed: ['pack_digest', 'agent_digest'] },
  });
  const again = await runs.replay(refOf(original), { anyVersion: true });
  expect(await ended(runs, refOf(again))).toMatchObject({ status: 'finished', request: { pack: packGuid } });
});

test('a finished run is a case of a suite, another one is none', async () => {
  const { open } = setup();
  const runs = keep(open());
  const record = await runToEnd(runs, 'trip', { cities: ['Oslo'] });
  expect(await runs.toCase(refOf(record))).toEqual({
    id: record.run_id,
    agent: 'trip',
    input: { cities: ['Oslo'] },
    expect: ['Oslo 1'],
  });
  const failed = await runToEnd(runs, 'broken');
  await expect(runs.toCase(refOf(failed))).rejects.toMatchObject({ code: 'conflict' });
});
