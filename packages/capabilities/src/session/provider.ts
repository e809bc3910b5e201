// Working sessions: a private folder each, a page each, one browser for all of them while any is open.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionProvider, WorkingSession } from '@pypes/contract';
import type { Browser } from 'playwright-core';
import { type FoundChromium, findChromium, launchChromium } from './chromium.ts';
import { createWorkingFolder } from './folder.ts';
import { createSessionPage } from './page.ts';

export type SessionOptions = {
  /** Where working folders lie; what an earlier process left there is removed. */
  readonly root: string;
  readonly chromium?: FoundChromium;
  readonly newId?: () => string;
};

const FILES: readonly string[] = ['read', 'write', 'list', 'delete'];

/**
 * @example
 * const sessions = createSessionProvider({ root: '.pypes/sessions' });
 * const session = await sessions.open({ scope, runId, rules, maxBytes });
 * await session.perform('write', { path: 'a.txt', text: 'hi' }, signal);
 */
export function createSessionProvider(options: SessionOptions): SessionProvider {
  const { root, chromium = findChromium(), newId = () => crypto.randomUUID() } = options;
  const own = join(root, String(process.pid));
  rmSync(own, { recursive: true, force: true });
  const sessions = new Set<WorkingSession>();
  let browser: Promise<Browser> | undefined;

  function getBrowser(): Promise<Browser> {
    const launching = browser ?? launchChromium(chromium);
    browser = launching;
    launching.then(
      (started) =>
        started.on('disconnected', () => {
          if (browser === launching) browser = undefined;
        }),
      () => {
        browser = undefined;
      },
    );
    return launching;
  }

  return {
    async open({ rules, maxBytes }) {
      const folder = createWorkingFolder(join(own, newId()), maxBytes);
      const page = createSessionPage(getBrowser, rules);
      const session: WorkingSession = {
        perform: (operation, parameters, signal) =>
          FILES.includes(operation)
            ? folder.perform(operation as 'read', parameters)
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
      await Promise.all([...sessions].map((session) => session.close()));
      await (await browser?.catch(() => undefined))?.close();
      rmSync(own, { recursive: true, force: true });
    },
  };
}
