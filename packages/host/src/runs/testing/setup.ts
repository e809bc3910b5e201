// A host without languages and runs over it, for tests: agents are functions, stores are maps.
import type { Json, JsonObject } from '@pypes/contract';
import type { ArtifactStore, RunEvent, RunRecord, RunRef, RunStore } from '@pypes/contract/runs';
import {
  createMemoryArtifactStore,
  createMemoryMemoryStore,
  createMemoryPackStore,
  createMemoryRunStore,
} from '@pypes/stores/memory';
import { createHost, type Host, type HostOptions } from '../../index.ts';
import { type Behaviour, createFakeFolder, createFakeRuntime, fake, requiredOnly } from '../../testing/fake.ts';
import { createRuns, type Runs, type RunsOptions } from '../index.ts';

/** What one test has; several workers can share it. */
export type Bench = {
  readonly host: Host;
  readonly store: RunStore;
  readonly artifacts: ArtifactStore;
  /** Runs of a worker of its own. */
  readonly open: (options?: Partial<RunsOptions>) => Runs;
};

const MILLISECONDS = 60_000;

/** Each behaviour is an agent of the one pack. */
export function createBench(
  behaviours: { readonly [name: string]: Behaviour },
  { store = createMemoryRunStore(), ...options }: Partial<HostOptions> & { readonly store?: RunStore } = {},
): Bench {
  const artifacts = createMemoryArtifactStore();
  const files = new Map([['all.fake', fake(...Object.keys(behaviours).map((name) => ({ name, does: name })))]]);
  const host = createHost({
    runtimes: [createFakeRuntime(behaviours).runtime],
    schemas: requiredOnly,
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
    folders: [createFakeFolder(files)],
    ...options,
    limits: { concurrentCalls: 100_000, callMs: MILLISECONDS, ...options.limits },
  });
  return {
    host,
    store,
    artifacts,
    open: (more = {}) => createRuns({ host, store, artifacts, concurrency: 1_000, ...more }),
  };
}

/** The reference to a run. */
export function refOf({ tenant, run_id }: RunRecord): RunRef {
  return { tenant, run_id };
}

/** Waits until the run has ended. */
export async function ended(runs: Runs, ref: RunRef): Promise<RunRecord> {
  for await (const _ of runs.follow(ref));
  return runs.get(ref);
}

/** Runs an agent to its end. */
export async function runToEnd(runs: Runs, agent: string, input: JsonObject = {}): Promise<RunRecord> {
  return ended(runs, refOf(await runs.create({ agent, input })));
}

/** All events of a run, as they were stored. */
export async function eventsOf(store: RunStore, ref: RunRef): Promise<readonly RunEvent[]> {
  const lines = await store.read(ref, 'events', 0, Number.MAX_SAFE_INTEGER);
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

/** Events as `type`, or `log message`. */
export function inShort(events: readonly RunEvent[]): readonly string[] {
  return events.map(({ event_type: type, attrs }) =>
    type === 'log' ? `log ${String(attrs.message)}` : attrs.tool === undefined ? type : `${type} ${String(attrs.tool)}`,
  );
}

/** Resolves when `is` does; a test that waits in vain ends at its own limit. */
export async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await is())) await new Promise((turn) => setTimeout(turn, 1));
}

/** Bytes as one text. */
export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** A worker that died: its store answers nothing any more, and what it still writes is written nowhere. */
export function createMortalStore(store: RunStore): { readonly store: RunStore; readonly kill: () => void } {
  let isDead = false;
  const never = new Promise<never>(() => undefined);
  const mortal = Object.fromEntries(
    Object.entries(store).map(([name, method]) => [
      name,
      (...given: readonly Json[]) =>
        isDead ? never : (method as (...given: readonly unknown[]) => unknown).apply(store, [...given]),
    ]),
  ) as unknown as RunStore;
  return {
    store: mortal,
    kill: () => {
      isDead = true;
    },
  };
}
