// What one session has of the browser: a context that shares nothing with others, whose only way out is a proxy of its own.
import { setTimeout } from 'node:timers/promises';
import type { NetworkRule } from '@pypes/contract';
import type { BrowserContext, Dialog, Page } from 'playwright-core';
import { createEgressProxy, type EgressProxy } from '../egress/proxy.ts';
import type { Resolve } from '../egress/route.ts';
import { NO_BYPASS } from './chromium.ts';
import type { SharedBrowser } from './shared-browser.ts';

export type PageOptions = {
  readonly rules: readonly NetworkRule[];
  readonly resolve?: Resolve;
  /** Milliseconds that one operation may take. */
  readonly operationMs?: number;
};

export type SessionContext = {
  readonly proxy: EgressProxy;
  /** The session's page; a new one where there is none. */
  page(): Promise<Page>;
  /** Closes a page that cannot be relied on: it crashed, or nobody knows what it is doing. */
  readonly forget: (page: Page) => void;
  /** Tells whether it can still be used: it cannot after the browser ended. */
  isOpen(): boolean;
  close(): Promise<void>;
};

/** The page itself, and what it opened. */
const MOST_PAGES = 8;
const CRASH_MS = 2_000;

export async function openContext(browsers: SharedBrowser, options: PageOptions): Promise<SessionContext> {
  const { browser, release } = await browsers.take();
  let proxy: EgressProxy | undefined;
  let open = true;

  async function end(): Promise<void> {
    open = false;
    await proxy?.close();
    release();
  }

  try {
    proxy = await createEgressProxy(options);
    const { url: server, username, password } = proxy;
    const context = await browser.newContext({
      proxy: { server, username, password, bypass: NO_BYPASS },
      acceptDownloads: false,
      serviceWorkers: 'block',
      permissions: [],
    });
    context.once('close', () => void end());
    let current: Promise<Page> | undefined;

    function forget(page: Page): void {
      void current?.then((known) => {
        if (known === page) current = undefined;
      });
      void stop(context, page);
    }

    context.on('page', (page) => {
      page.on('dialog', (dialog) => void answer(dialog).catch(() => undefined));
      page.once('crash', forget);
      if (context.pages().length > MOST_PAGES) void page.close().catch(() => undefined);
    });
    return {
      proxy,
      async page() {
        const known = current;
        const page = await known?.catch(() => undefined);
        if (page !== undefined && !page.isClosed() && current === known) return page;
        if (current === known) current = context.newPage();
        return current ?? context.newPage();
      },
      forget,
      isOpen: () => open,
      async close() {
        await context.close().catch(() => undefined);
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** A script that never ends would hold its page, and what shares its process: ending that does not need its consent. */
async function stop(context: BrowserContext, page: Page): Promise<void> {
  const crash = context.newCDPSession(page).then((session) => session.send('Page.crash'));
  const crashed = new Promise((resolve) => page.once('crash', resolve));
  // There is no answer from a page that has crashed, nor from one that crashes now.
  await Promise.race([crash.catch(() => undefined), crashed, setTimeout(CRASH_MS, undefined, { ref: false })]);
  await page.close().catch(() => undefined);
}

/** A page is asked nothing, and may not hold on to itself. */
function answer(dialog: Dialog): Promise<void> {
  return dialog.type() === 'beforeunload' ? dialog.accept() : dialog.dismiss();
}
