// Downloads with an end: bounded in bytes and in time, whatever the other side sends or does not send.
import { isPypesError } from '@pypes/contract';
import { fault } from '../faults.ts';

/** What downloads need of the platform. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** The bounds of one download. */
export type DownloadLimits = {
  readonly maxBytes: number;
  /** The longest wait for the first byte, and between two chunks, in milliseconds. */
  readonly idleMs: number;
  /** The longest time for all of it, in milliseconds. */
  readonly totalMs: number;
};

/**
 * The body of a response to GET.
 *
 * @throws PypesError with the reason `missing` (404, 403, 410), `unreachable`, `too_large`, `endless` or `too_slow`
 */
export async function download(
  fetch: Fetch,
  url: string,
  limits: DownloadLimits,
  init: RequestInit = {},
): Promise<Buffer> {
  return request(fetch, url, limits, init, async (response, guard) => {
    if (response.ok) return readBody(response, url, limits, guard);
    const missing = [403, 404, 410].includes(response.status);
    throw fault(
      missing ? 'missing' : 'unreachable',
      `${url} answers ${response.status}; check the address, or try again later`,
      {
        url,
        status: response.status,
      },
    );
  });
}

/** Keeps one wait within the limits. */
export type Guard = <T>(wait: Promise<T>) => Promise<T>;

/** Sends a request whose every wait is bounded; the connection is given up when `read` ends, however it ends. */
export async function request<T>(
  fetch: Fetch,
  url: string,
  limits: DownloadLimits,
  init: RequestInit,
  read: (response: Response, guard: Guard) => Promise<T>,
): Promise<T> {
  const control = new AbortController();
  const end = performance.now() + limits.totalMs;
  const guard: Guard = (wait) => within(wait, Math.min(limits.idleMs, end - performance.now()), url);
  try {
    const response = await guard(fetch(url, { ...init, signal: control.signal }));
    return await read(response, guard);
  } catch (cause) {
    if (isPypesError(cause)) throw cause;
    throw fault(
      'unreachable',
      `${url} cannot be reached: ${reasonOf(cause)}; check the network and the address`,
      { url },
      cause,
    );
  } finally {
    control.abort();
  }
}

/** The whole body of a response, within the limits. */
export async function readBody(
  response: Response,
  url: string,
  { maxBytes }: DownloadLimits,
  guard: Guard,
): Promise<Buffer> {
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (announced > maxBytes && response.headers.get('content-encoding') === null) {
    throw fault(
      'too_large',
      `${url} has ${announced} bytes, and at most ${maxBytes} are expected; nothing was loaded`,
      { url, maxBytes },
    );
  }
  if (response.body === null) return Buffer.alloc(0);
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await guard(reader.read());
    if (done) return Buffer.concat(chunks, total);
    total += value.length;
    if (total > maxBytes) {
      throw fault('endless', `${url} goes on after ${maxBytes} bytes, where it should have ended; nothing was loaded`, {
        url,
        maxBytes,
      });
    }
    chunks.push(value);
  }
}

async function within<T>(wait: Promise<T>, ms: number, url: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(
          fault('too_slow', `${url} sends too slowly; it was given up, try again or take another mirror`, { url }),
        );
      },
      Math.max(0, ms),
    );
  });
  try {
    return await Promise.race([wait, late]);
  } finally {
    clearTimeout(timer);
    // The loser of the race fails when the connection is given up; nobody waits for it any more.
    wait.catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
