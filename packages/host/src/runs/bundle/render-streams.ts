// events.jsonl and tool_calls.json: the streams of a run, page by page, so that none has to fit into memory.
import type { RunEvent, RunRecord } from '@pypes/contract/runs';
import type { RecordedAnswer } from '../execution/journal.ts';
import { type BundleParts, sorted } from './bundle-parts.ts';
import { createStandIns } from './stand-ins.ts';

const PAGE = 500;
const encoder = new TextEncoder();

/** The events up to number `last`: the lines that are stored, or in deterministic mode what stands for them. */
export async function* renderEvents(
  { store }: BundleParts,
  record: RunRecord,
  last: number,
): AsyncGenerator<Uint8Array> {
  const standIn = record.request.mode === 'deterministic' ? createStandIns(record) : undefined;
  for (let after = 0; after < last; after += PAGE) {
    const lines = await store.read(record, 'events', after, Math.min(PAGE, last - after));
    if (lines.length === 0) return;
    const shown = standIn === undefined ? lines : lines.flatMap((line) => toStill(line, standIn));
    if (shown.length > 0) yield encoder.encode(`${shown.join('\n')}\n`);
  }
}

function toStill(line: string, standIn: ReturnType<typeof createStandIns>): readonly string[] {
  const event = standIn(JSON.parse(line) as RunEvent);
  return event === undefined ? [] : [JSON.stringify(sorted(event))];
}

/** The recorded host calls by their numbers. One that was performed again counts as it was last. */
export async function* renderCalls(
  { store }: BundleParts,
  record: RunRecord,
  last: number,
): AsyncGenerator<Uint8Array> {
  const places = new Map<number, number>();
  for (let after = 0; after < last; after += PAGE) {
    const lines = await store.read(record, 'calls', after, Math.min(PAGE, last - after));
    for (const [index, line] of lines.entries()) places.set((JSON.parse(line) as RecordedAnswer).n, after + index);
  }
  const isStill = record.request.mode === 'deterministic';
  let separator = '[\n';
  for (const [, place] of [...places].sort(([a], [b]) => a - b)) {
    const [line = 'null'] = await store.read(record, 'calls', place, 1);
    yield encoder.encode(`${separator}${JSON.stringify(sorted(toShown(JSON.parse(line) as RecordedAnswer, isStill)))}`);
    separator = ',\n';
  }
  yield encoder.encode(separator === '[\n' ? '[]\n' : '\n]\n');
}

function toShown(answer: RecordedAnswer, isStill: boolean): object {
  const { n, key: _key, in: parent, to, fields, started_at, finished_at, recorded, ...rest } = answer;
  return {
    ...rest,
    call: n,
    ...(parent === 0 ? {} : { parent }),
    tool: to,
    ...(fields === undefined ? {} : { fields: Object.fromEntries(fields) }),
    ...(isStill ? {} : { started_at, finished_at, ...(recorded === undefined ? {} : { recorded }) }),
  };
}
