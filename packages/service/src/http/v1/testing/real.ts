// The doors over the real library, with stores in memory, behind a real socket.

import { createRunsClient, type RunsClient } from '@pypes/contract/runs';
import { createHost, type Host, type HostOptions } from '@pypes/host';
import { createRuns, type Runs } from '@pypes/host/runs';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import {
  createMemoryArtifactStore,
  createMemoryMemoryStore,
  createMemoryPackStore,
  createMemoryRunStore,
} from '@pypes/stores/memory';
import { type Listening, listen } from './listen.ts';
import { setup } from './setup.ts';

/** What a test has; `close` ends all of it. */
export type RealWorld = ReturnType<typeof setup> & {
  readonly host: Host;
  readonly runs: Runs;
  readonly server: Listening;
  readonly client: RunsClient;
  close(): Promise<void>;
};

/** Deploys one pack of these agents. */
export async function startReal(
  runtimes: HostOptions['runtimes'],
  agents: readonly { readonly filename: string; readonly source: string }[],
): Promise<RealWorld> {
  const host = createHost({
    runtimes,
    schemas: createAjvCompiler(),
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
  });
  await host.deploy({ schema: 'pack/1.0', name: 'tests', agents: [...agents] });
  const runs = createRuns({ host, store: createMemoryRunStore(), artifacts: createMemoryArtifactStore() });
  const world = setup({ runs });
  const server = await listen(world.fetch);
  return {
    ...world,
    host,
    runs,
    server,
    client: createRunsClient({ baseUrl: server.url }),
    async close() {
      await server.close();
      await runs.close(0);
      await host.close(0);
    },
  };
}
