// Events as server-sent events: what polling answers, pushed; a reader that stops reading stops the reading behind it.
import { parseEventCursor, toEventCursor } from '@pypes/contract/runs';
import type { EventLines, RunsOptions } from '../door.ts';
import { type RunsCall, withRun } from './handler.ts';

const KEEP_ALIVE_MS = 15_000;
/** How long a client waits before it connects again. */
const RETRY = 'retry: 1000\n\n';
const KEEP_ALIVE = ': keep-alive\n\n';
/** What a stream holds at most between two reads, roughly: the next batch is as long as the last ones let expect. */
const BATCH_CHARACTERS = 65_536;
const FIRST_BATCH = 16;
const LARGEST_BATCH = 500;

export async function stream(call: RunsCall): Promise<Response> {
  const { request, query, ref, options } = call;
  const cursor = request.headers.get('last-event-id') || query.get('cursor');
  // What is wrong with the run or the cursor is a status, as without a stream.
  const first = await withRun(call, () =>
    options.runs.events(ref, { limit: FIRST_BATCH, waitMs: 0, ...(cursor === undefined ? {} : { cursor }) }),
  );
  // No status but this one keeps a browser from connecting again.
  if (first.complete && first.lines.length === 0) return new Response(null, { status: 204 });
  const seq = cursor === undefined ? 0 : parseEventCursor(ref.run_id, cursor);
  const body = request.method === 'HEAD' ? null : toStream(call, first, seq);
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // Proxies that gather answers would hold events back.
      'x-accel-buffering': 'no',
    },
  });
}

function toStream({ ref, options }: RunsCall, first: EventLines, after: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const gone = new AbortController();
  let seq = after;
  let limit = FIRST_BATCH;
  let batch: EventLines | undefined = first;
  let start = RETRY;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          batch ??= await options.runs.events(ref, {
            cursor: toEventCursor(ref.run_id, seq),
            limit,
            waitMs: keepAliveMs(options),
            signal: gone.signal,
          });
        } catch {
          // The client connects again where it stopped; the service may be going down.
          if (!gone.signal.aborted) controller.close();
          return;
        }
        const { lines, complete } = batch;
        const text = lines.map((line, index) => toMessage(toEventCursor(ref.run_id, seq + index + 1), line)).join('');
        batch = undefined;
        seq += lines.length;
        limit = nextLimit(limit, text.length, lines.length);
        controller.enqueue(encoder.encode(start + (text === '' && !complete ? KEEP_ALIVE : text)));
        start = '';
        if (complete) controller.close();
      },
      cancel: () => gone.abort(),
    },
    // Nothing is read before somebody asks for it.
    { highWaterMark: 0 },
  );
}

/** A line has no line breaks; were there one, it would begin another line of data and never another field. */
function toMessage(cursor: string, line: string): string {
  const data = line.includes('\n') || line.includes('\r') ? line.replace(/\r\n|\r|\n/g, '\ndata: ') : line;
  return `id: ${cursor}\ndata: ${data}\n\n`;
}

function nextLimit(limit: number, characters: number, lines: number): number {
  if (lines === 0) return limit;
  const fitting = Math.floor(BATCH_CHARACTERS / (characters / lines));
  return Math.max(1, Math.min(fitting, limit * 4, LARGEST_BATCH));
}

function keepAliveMs({ keepAliveMs = KEEP_ALIVE_MS }: RunsOptions): number {
  return keepAliveMs;
}
