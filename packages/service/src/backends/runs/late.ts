// Parts of a service that are loaded when they are first needed: one that only answers calls starts without their weight.
import type { RunEvent, RunRecord } from '@pypes/contract/runs';
import type { BlueprintRunner } from '@pypes/host/runs';
import type { Telemetry } from '@pypes/telemetry';

/** Loaded with the first run of a blueprint. */
export function lateBlueprints(load: () => Promise<BlueprintRunner>): BlueprintRunner {
  const runner = once(load);
  return {
    find: async (name) => (await runner()).find(name),
    start: async (name, start) => (await runner()).start(name, start),
  };
}

/** Events that may wait until it is there. */
const MOST_WAITING = 8_192;

/** Loaded with the first event, or when somebody asks for metrics; what happens meanwhile is told afterwards. */
export function lateTelemetry(load: () => Promise<Telemetry>): Telemetry {
  const opening = once(load);
  const waiting: (readonly [RunRecord, RunEvent])[] = [];
  let telemetry: Telemetry | undefined;
  let isOpening = false;

  async function open(): Promise<Telemetry> {
    isOpening = true;
    const opened = await opening();
    for (const [record, event] of waiting.splice(0)) opened.observe(record, event);
    telemetry = opened;
    return opened;
  }

  return {
    observe(record, event) {
      if (telemetry !== undefined) {
        telemetry.observe(record, event);
        return;
      }
      if (waiting.length < MOST_WAITING) waiting.push([record, event]);
      if (!isOpening) void open();
    },
    metricsText: async () => (telemetry ?? (await open())).metricsText(),
    async close() {
      if (isOpening) await (await open()).close();
    },
  };
}

/** The same result for all; loaded again where it failed. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
