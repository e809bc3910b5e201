// All files of a run's bundle, each with a way to make its bytes.
import type { RunRecord, RunRef } from '@pypes/contract/runs';
import type { BundleParts, RenderedFile } from './bundle-parts.ts';
import { renderConfiguration, renderRun } from './render-run.ts';
import { renderCalls, renderEvents } from './render-streams.ts';

const PART = 1024 * 1024;
const JSON_TYPE = 'application/json';

/** Sorted by path. What is stored while somebody reads is not in it. */
export async function renderFiles(parts: BundleParts, record: RunRecord): Promise<readonly RenderedFile[]> {
  const { store, artifacts } = parts;
  const ref: RunRef = { tenant: record.tenant, run_id: record.run_id };
  const [stored, lastEvent, lastCall] = await Promise.all([
    artifacts.list(ref),
    store.last(ref, 'events'),
    store.last(ref, 'calls'),
  ]);
  const kept = stored.map(
    ({ path, bytes, media_type: mediaType }): RenderedFile => ({
      path,
      mediaType,
      body: () => readStored(parts, ref, path, bytes),
    }),
  );
  const made: RenderedFile[] = [
    { path: 'config.snapshot.json', mediaType: JSON_TYPE, body: () => once(() => renderConfiguration(parts, record)) },
    { path: 'events.jsonl', mediaType: 'application/x-ndjson', body: () => renderEvents(parts, record, lastEvent) },
    { path: 'tool_calls.json', mediaType: JSON_TYPE, body: () => renderCalls(parts, record, lastCall) },
  ];
  const paths = [...made, ...kept].map(({ path }) => path);
  paths.push('run.json');
  paths.sort();
  made.push({ path: 'run.json', mediaType: JSON_TYPE, body: () => once(async () => renderRun(record, paths)) });
  return [...made, ...kept].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function* once(make: () => Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await make();
}

async function* readStored(
  { artifacts }: BundleParts,
  ref: RunRef,
  path: string,
  size: number,
): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < size; start += PART) {
    const part = await artifacts.get(ref, path, { start, end: Math.min(size, start + PART) });
    if (part === undefined || part.bytes.length === 0) return;
    yield part.bytes;
  }
}
