// Follows a run's events to their end across lost connections: each event exactly once, in order (spec 5).
import { PypesError, toPypesError } from '../errors.ts';
import type { RunEvents } from './answers.ts';
import { toEventCursor } from './cursor.ts';
import type { RunEvent } from './event.ts';
import { readSse } from './sse.ts';

/** One event and the cursor behind it, from which another reader can go on. */
export type FollowedEvent = { readonly cursor: string; readonly event: RunEvent };

/** What following needs of a client. */
export type FollowTransport = {
  /** Opens the stream behind a cursor; undefined where there is nothing left to read. */
  open(cursor: string | undefined, signal: AbortSignal): Promise<Response | undefined>;
  poll(cursor: string | undefined, signal: AbortSignal): Promise<RunEvents>;
  /** Resolves after so many milliseconds. */
  pause(ms: number): Promise<void>;
};

/** Attempts in a row that bring nothing: after so many the stream is left for polling, after so many polling gives up. */
const MOST_STREAMS = 3;
const MOST_POLLS = 8;
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** The service says something every 15 s. */
const SILENT_MS = 45_000;

/**
 * Events behind the cursor until the run has ended.
 *
 * @throws PypesError of the service where trying again is no use, `unavailable` where it was, `canceled`
 */
export async function* followRun(
  runId: string,
  transport: FollowTransport,
  options: { readonly cursor?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<FollowedEvent> {
  const state: State = {
    runId,
    cursor: options.cursor,
    last: undefined,
    ended: false,
    fruitless: 0,
    retryMs: RETRY_MS,
  };
  let isStreaming = true;
  for (;;) {
    checkSignal(options.signal);
    state.fruitless += 1;
    const attempt = withOwnSignal(options.signal);
    try {
      yield* isStreaming ? streamOnce(state, transport, attempt) : pollOnce(state, transport, attempt);
    } catch (error) {
      checkSignal(options.signal);
      if (error instanceof NoStream) isStreaming = false;
      else if (!attempt.signal.aborted && !mayPass(error)) throw error;
      else if (!isStreaming && state.fruitless >= MOST_POLLS) throw error;
    } finally {
      attempt.end();
    }
    if (state.ended) return;
    if (isStreaming && state.fruitless >= MOST_STREAMS) {
      isStreaming = false;
      state.fruitless = 0;
    }
    if (isStreaming || state.fruitless > 0) {
      await transport.pause(Math.min(state.retryMs * 2 ** Math.max(0, state.fruitless - 1), LONGEST_RETRY_MS));
    }
  }
}

type State = {
  readonly runId: string;
  cursor: string | undefined;
  /** Number of the last event; undefined before the first. */
  last: number | undefined;
  ended: boolean;
  /** Attempts in a row that brought nothing. */
  fruitless: number;
  retryMs: number;
};

/** Something stands between us and the service that gives no stream. */
class NoStream extends Error {
  override readonly name = 'NoStream';
}

async function* streamOnce(state: State, transport: FollowTransport, attempt: Attempt): AsyncGenerator<FollowedEvent> {
  attempt.expect(SILENT_MS);
  const response = await transport.open(state.cursor, attempt.signal);
  if (response === undefined) {
    state.ended = true;
    return;
  }
  const type = response.headers.get('content-type') ?? '';
  if (response.body === null || !type.startsWith('text/event-stream')) {
    await response.body?.cancel();
    throw new NoStream(`"${type}" is no stream of events`);
  }
  for await (const message of readSse(response.body)) {
    attempt.expect(SILENT_MS);
    if (message.retryMs !== undefined) state.retryMs = message.retryMs;
    if (message.data === undefined || message.id === undefined) continue;
    yield* accept(state, parseEvent(message.data), message.id);
    if (state.ended) return;
  }
}

async function* pollOnce(state: State, transport: FollowTransport, attempt: Attempt): AsyncGenerator<FollowedEvent> {
  const page = await transport.poll(state.cursor, attempt.signal);
  // An empty page is no failure; but something in between that does not wait is not asked without a pause.
  state.fruitless = page.events.length === 0 ? 1 : 0;
  for (const event of page.events) {
    yield* accept(state, event, toEventCursor(state.runId, event.seq));
    if (state.ended) return;
  }
  state.cursor = page.next_cursor;
  state.ended = page.complete;
}

/** An event that was here already is dropped; one that comes too early means that something was lost on the way. */
function* accept(state: State, event: RunEvent, cursor: string): Generator<FollowedEvent> {
  if (state.last !== undefined && event.seq <= state.last) return;
  if (state.last !== undefined && event.seq !== state.last + 1) {
    throw new PypesError('unavailable', `Event ${state.last + 1} is missing before ${event.seq}`);
  }
  state.last = event.seq;
  state.cursor = cursor;
  state.fruitless = 0;
  // Before the event is handed out: whoever stops here has had it.
  state.ended = ['run.finished', 'run.failed', 'run.canceled'].includes(event.event_type);
  yield { cursor, event };
}

function parseEvent(text: string): RunEvent {
  try {
    return JSON.parse(text) as RunEvent;
  } catch (error) {
    throw new PypesError('unavailable', 'An event arrived damaged', { cause: error });
  }
}

/** Whether another attempt may go better: connections break, services restart. */
function mayPass(error: unknown): boolean {
  const { code } = toPypesError(error);
  return code === 'unavailable' || code === 'rate_limited' || code === 'timeout' || isBroken(error);
}

/** What a platform's fetch throws where a connection breaks is no PypesError. */
function isBroken(error: unknown): boolean {
  return !(error instanceof PypesError);
}

type Attempt = { readonly signal: AbortSignal; expect(ms: number): void; end(): void };

/** A signal that is also aborted where nothing was heard for as long as was expected. */
function withOwnSignal(outer: AbortSignal | undefined): Attempt {
  const controller = new AbortController();
  const abort = () => controller.abort();
  outer?.addEventListener('abort', abort, { once: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    signal: controller.signal,
    expect(ms) {
      clearTimeout(timer);
      timer = setTimeout(abort, ms);
    },
    end() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
      controller.abort();
    },
  };
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new PypesError('canceled', 'Following the run was canceled');
}
