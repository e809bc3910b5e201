// A run that was followed to its end has its result, also where the service is started again at that very moment.
import { PypesError } from '@pypes/contract';
import type { RunsClient, RunView } from '@pypes/contract/runs';
import { afterEach, expect, it, vi } from 'vitest';
import { followRun } from './follow-run.ts';

const AWAY = new PypesError('unavailable', 'Nothing answers');
const FINISHED = { run_id: 'run_1', status: 'finished', result: 'done' } as unknown as RunView;

afterEach(() => {
  vi.restoreAllMocks();
});

/** A client whose service is away for so many questions after the last event. */
function clientThatMisses(misses: number, error = AWAY): RunsClient {
  let asked = 0;
  return {
    follow: async function* () {},
    get: async () => {
      asked += 1;
      if (asked <= misses) throw error;
      return FINISHED;
    },
  } as unknown as RunsClient;
}

it('asks again where the service is away', async () => {
  expect(await followRun(clientThatMisses(2), 'run_1', {}, 1)).toEqual(FINISHED);
});

it('says which run it was where the service stays away', async () => {
  await expect(followRun(clientThatMisses(Number.POSITIVE_INFINITY), 'run_1', {}, 1)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/^Nothing answers\. .*pypes runs show run_1$/),
    details: { run: 'run_1' },
  });
});

it('asks no more where that is no use', async () => {
  const gone = new PypesError('not_found', 'There is no such run');
  await expect(followRun(clientThatMisses(1, gone), 'run_1', {}, 1)).rejects.toBe(gone);
});
