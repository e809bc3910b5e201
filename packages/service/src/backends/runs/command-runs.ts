// Durable runs of one command: executed by its process alone, beside whatever other processes do with the same root.
import { createDirectEngine } from './direct-engine.ts';
import { createNodeRuns, type NodeRuns, type NodeRunsOptions, openRunStore } from './node-runs.ts';

export function createCommandRuns(options: Omit<NodeRunsOptions, 'engine'>): NodeRuns {
  const engine = createDirectEngine();
  const kept = createNodeRuns({ store: openRunStore(options.root, options.log, false), ...options, engine });
  const { runs, store } = kept;
  // Another process may cancel what runs here; without this it would be heard when the lease is renewed.
  store.watch?.(() => void runs.recover());
  const create = runs.create;
  return {
    ...kept,
    runs: Object.assign(runs, {
      create: async (...given: Parameters<typeof create>) => {
        const record = await create(...given);
        // The same key again, and the process that had the run is gone: this one goes on with it.
        if (record.status === 'running') await engine.submit({ tenant: record.tenant, run_id: record.run_id });
        return record;
      },
    }),
  };
}
