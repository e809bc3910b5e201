// An answer that becomes a stream with the first notification before it, and plain JSON where there is none.
import type { JsonObject } from '@pypes/contract';
import type { Answer } from '../../http/answers.ts';

/** One answer under way. */
export interface Answering {
  /** Sends a notification; the answer becomes a stream. */
  notify(method: string, params: JsonObject): void;
  /** Ends it: in the stream where there is one, else as JSON with this status. Undefined ends it without a word. */
  end(message: JsonObject | undefined, status?: number): void;
  /** A Response where it is a stream. */
  readonly response: Promise<Answer | Response>;
  /** Aborted when whoever reads the stream goes away. */
  readonly gone: AbortSignal;
}

const ENCODER = new TextEncoder();
const KEEP_ALIVE_MS = 15_000;
const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};
const JSON_HEADERS = { 'content-type': 'application/json' };

/** Begins an answer; `headers` are those of the response. */
export function beginAnswer(headers?: Readonly<Record<string, string>>): Answering {
  const { promise: response, resolve } = Promise.withResolvers<Answer | Response>();
  let gone: AbortController | undefined;
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  let alive: ReturnType<typeof setInterval> | undefined;
  let over = false;

  function stop(): void {
    over = true;
    clearInterval(alive);
  }

  function open(): ReadableStreamDefaultController<Uint8Array> {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        stream = controller;
      },
      cancel() {
        stop();
        gone?.abort();
      },
    });
    alive = setInterval(() => stream?.enqueue(ENCODER.encode(': keepalive\n\n')), KEEP_ALIVE_MS);
    (alive as { unref?: () => void }).unref?.();
    resolve(new Response(body, { headers: { ...STREAM_HEADERS, ...headers } }));
    return stream as unknown as ReadableStreamDefaultController<Uint8Array>;
  }

  const write = (message: JsonObject) =>
    (stream ?? open()).enqueue(ENCODER.encode(`event: message\ndata: ${JSON.stringify(message)}\n\n`));

  return {
    response,
    get gone() {
      gone ??= new AbortController();
      return gone.signal;
    },
    notify(method, params) {
      if (!over) write({ jsonrpc: '2.0', method, params });
    },
    end(message, status = 200) {
      if (over) return;
      if (stream === undefined && message !== undefined) {
        over = true;
        resolve({
          status,
          headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers },
          body: JSON.stringify(message),
        });
        return;
      }
      if (message === undefined) (stream ?? open()).close();
      else {
        write(message);
        stream?.close();
      }
      stop();
    },
  };
}
