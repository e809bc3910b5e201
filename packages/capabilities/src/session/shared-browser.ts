// One browser process for all sessions: started by the first page, closed when there was none for a while.
import type { Browser } from 'playwright-core';

export type SharedBrowser = {
  /** A browser that runs until `release` was called. @throws what launching throws */
  take(): Promise<{ readonly browser: Browser; release(): void }>;
  close(): Promise<void>;
};

/** @param idleMs how long it waits for another page before it ends */
export function createSharedBrowser(launch: () => Promise<Browser>, idleMs: number): SharedBrowser {
  let launching: Promise<Browser> | undefined;
  let users = 0;
  let idle: NodeJS.Timeout | undefined;

  /** One that has ended, or did not start, is forgotten. */
  function start(): Promise<Browser> {
    const started = launch();
    const forget = () => {
      if (launching === started) launching = undefined;
    };
    started.then((browser) => browser.once('disconnected', forget), forget);
    return started;
  }

  async function close(): Promise<void> {
    clearTimeout(idle);
    const ending = launching;
    launching = undefined;
    const browser = await ending?.catch(() => undefined);
    await browser?.close();
  }

  return {
    async take() {
      clearTimeout(idle);
      users += 1;
      let taken = true;
      const release = () => {
        if (!taken) return;
        taken = false;
        users -= 1;
        if (users === 0) idle = setTimeout(() => void close(), idleMs).unref();
      };
      try {
        launching ??= start();
        return { browser: await launching, release };
      } catch (error) {
        release();
        throw error;
      }
    },
    close,
  };
}
