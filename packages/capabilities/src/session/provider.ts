// Working sessions: a private folder each, a page each, one browser process behind all pages.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PypesError, type SessionProvider, type WorkingSession } from '@pypes/contract';
import type { Resolve } from '../egress/route.ts';
import { type FoundChromium, findChromium, launchChromium } from './chromium.ts';
import { createWorkingFolder, isFolderOperation } from './folder.ts';
import { createSessionPage } from './page.ts';
import { openRoot } from './root.ts';
import { createSharedBrowser } from './shared-browser.ts';

export type SessionOptions = {
  /** Where working folders lie; what processes left there that are no more is removed. */
  readonly root: string;
  /** Left out, it is looked for. `sandboxed: false` is for machines without user namespaces. */
  readonly chromium?: FoundChromium;
  readonly newId?: () => string;
  /** Every address of a host; the system's when left out. */
  readonly resolve?: Resolve;
  /** Milliseconds that the browser process outlives the last page. */
  readonly browserIdleMs?: number;
  /** Milliseconds that one operation of a page may take. */
  readonly operationMs?: number;
};

const BROWSER_IDLE_MS = 30_000;

/**
 * @example
 * const sessions = createSessionProvider({ root: '.pypes/sessions' });
 * const session = await sessions.open({ scope, runId, rules, maxBytes });
 * await session.perform('write', { path: 'a.txt', text: 'hi' }, signal);
 */
export function createSessionProvider(options: SessionOptions): SessionProvider {
  const { newId = () => crypto.randomUUID(), browserIdleMs = BROWSER_IDLE_MS } = options;
  const own = openRoot(options.root, newId());
  const sessions = new Set<WorkingSession>();
  const browser = createSharedBrowser(
    () => launchChromium(options.chromium ?? findChromium(), join(own, 'browser')),
    browserIdleMs,
  );
  let closed = false;

  return {
    async open({ rules, maxBytes }) {
      if (closed) throw new PypesError('unavailable', 'The sessions of this host were closed');
      const folder = createWorkingFolder(join(own, newId()), maxBytes);
      const page = createSessionPage(browser, { ...options, rules });
      const session: WorkingSession = {
        perform: (operation, parameters, signal) =>
          isFolderOperation(operation)
            ? folder.perform(operation, parameters, signal)
            : page.perform(operation, parameters, signal),
        screenshot: (parameters, signal) => page.screenshot(parameters, signal),
        async close() {
          sessions.delete(session);
          await Promise.all([folder.close(), page.close()]);
        },
      };
      sessions.add(session);
      return session;
    },
    async close() {
      closed = true;
      await Promise.all([...sessions].map((session) => session.close()));
      await browser.close();
      await rm(own, { recursive: true, force: true });
    },
  };
}
