// The shared suite of run stores: what the runs of any store do, whoever keeps them (spec 5, crash rules).
import type { RunStore } from '@pypes/contract/runs';
import { afterEach, describe } from 'vitest';
import { testRunClaims } from './runs-claims.ts';
import { testRunLines } from './runs-lines.ts';
import { testRunRecords } from './runs-records.ts';
import { testRunReopening } from './runs-reopening.ts';
import { testRunSharing } from './runs-sharing.ts';

export type RunStoreSuite = {
  /** Closes the store and opens the same place again, as the next process would. */
  readonly reopen?: (store: RunStore) => Promise<RunStore>;
  /** Two stores on one new place, as two processes would have them that share all work. */
  readonly twoProcesses?: () => Promise<readonly [RunStore, RunStore]>;
};

/** What every run store does. `createStore` gives an empty one each time. */
export function testRunStore(
  name: string,
  createStore: () => RunStore | Promise<RunStore>,
  { reopen, twoProcesses }: RunStoreSuite = {},
): void {
  describe(`${name} as a run store`, () => {
    let opened: RunStore[] = [];
    const open = async (): Promise<RunStore> => {
      const store = await createStore();
      opened.push(store);
      return store;
    };
    afterEach(async () => {
      const all = opened;
      opened = [];
      await Promise.all(all.map((store) => store.close()));
    });

    testRunRecords(open);
    testRunLines(open);
    testRunClaims(open);
    if (reopen !== undefined) {
      testRunReopening(createStore, reopen);
    }
    if (twoProcesses !== undefined) {
      testRunSharing(async () => {
        const stores = await twoProcesses();
        opened.push(...stores);
        return stores;
      });
    }
  });
}
