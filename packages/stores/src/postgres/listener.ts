// One connection that hears what other processes change; it comes back by itself, and says when it may have missed some.
import pg, { type Client } from 'pg';
import { toFailure } from './failures.ts';
import type { Settings } from './options.ts';

export type ListenerParts = {
  readonly settings: Pick<Settings, 'client' | 'onError'>;
  readonly channel: string;
  readonly onMessage: (payload: string) => void;
  /** Something may have happened that nobody will tell: on each connection, and again and again while there is none. */
  readonly onGap: () => void;
};

export interface Listener {
  /** Listens from now on; resolves as soon as it does, or the first try has failed. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const POLL_MS = 500;
const PING_MS = 10_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

export function createListener({ settings, channel, onMessage, onGap }: ListenerParts): Listener {
  const tried = Promise.withResolvers<void>();
  let listening: Promise<void> | undefined;
  let client: Client | undefined;
  let wake = () => {};
  let isClosed = false;
  let isUp = false;

  async function listen(): Promise<void> {
    const poll = setInterval(() => isUp || onGap(), POLL_MS).unref();
    for (let failures = 0; !isClosed; failures++) {
      try {
        await stay(() => {
          failures = 0;
        });
      } catch (error) {
        report(error, failures);
      }
      isUp = false;
      tried.resolve();
      if (!isClosed) await pause(Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS));
    }
    clearInterval(poll);
  }

  /** Listens until the connection is lost. */
  async function stay(onUp: () => void): Promise<void> {
    const mine = new pg.Client(settings.client);
    client = mine;
    const ended = new Promise<void>((done) => mine.once('end', done));
    mine.on('error', (error) => report(error, isUp ? 0 : 1));
    mine.on('notification', ({ payload }) => onMessage(payload ?? ''));
    // A server that is gone without a word is found out.
    const ping = setInterval(() => isUp && mine.query('select 1').catch(() => mine.end()), PING_MS).unref();
    try {
      await mine.connect();
      await mine.query(`listen "${channel}"`);
      isUp = true;
      onUp();
      onGap();
      tried.resolve();
      await ended;
    } finally {
      clearInterval(ping);
      mine.end().catch(() => {});
    }
  }

  /** Once for each time that the connection was lost, not for each try to get it back. */
  function report(error: unknown, failures: number): void {
    if (!isClosed && failures === 0) settings.onError(toFailure(error, 'connecting').error);
  }

  function pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms).unref();
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  return {
    start() {
      listening ??= listen();
      return tried.promise;
    },
    async close() {
      isClosed = true;
      wake();
      client?.end().catch(() => {});
      await listening;
    },
  };
}
