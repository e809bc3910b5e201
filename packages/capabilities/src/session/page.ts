// A real page of one session: opened when first used, with nothing of any other session, its traffic through the proxy.
import { type Json, type JsonObject, type NetworkRule, PypesError } from '@pypes/contract';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createEgressProxy, type EgressProxy } from '../egress/proxy.ts';

/** Milliseconds that one operation of a page may take. */
const OPERATION_MS = 30_000;

export type SessionPage = {
  perform(operation: string, parameters: JsonObject, signal: AbortSignal): Promise<Json>;
  screenshot(parameters: JsonObject, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
};

type Opened = { readonly proxy: EgressProxy; readonly context: BrowserContext; page: Page };

export function createSessionPage(browser: () => Promise<Browser>, rules: readonly NetworkRule[]): SessionPage {
  let opening: Promise<Opened> | undefined;

  async function open(): Promise<Opened> {
    const started = await browser();
    const proxy = await createEgressProxy({ rules });
    try {
      const { url: server, username, password } = proxy;
      const context = await started.newContext({
        proxy: { server, username, password },
        acceptDownloads: false,
        serviceWorkers: 'block',
        permissions: [],
      });
      context.setDefaultTimeout(OPERATION_MS);
      context.on('page', (page) => void page.on('dialog', (dialog) => dialog.dismiss().catch(() => undefined)));
      return { proxy, context, page: await context.newPage() };
    } catch (error) {
      await proxy.close();
      throw error;
    }
  }

  async function page(): Promise<Page> {
    opening ??= open();
    const opened = await opening.catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    // After a crash the next operation gets a new page.
    if (opened.page.isClosed()) opened.page = await opened.context.newPage();
    return opened.page;
  }

  const operations: { readonly [operation: string]: (page: Page, parameters: JsonObject) => Promise<Json> } = {
    goto: async (on, parameters) => {
      const url = textOf(parameters, 'url');
      if (!/^https?:\/\//i.test(url))
        throw new PypesError('policy_denied', 'A page goes to http: and https: addresses alone');
      const response = await on.goto(url, { waitUntil: 'load' });
      return { url: on.url(), title: await on.title(), status: response?.status() ?? null };
    },
    click: async (on, parameters) => {
      await on.click(textOf(parameters, 'selector'));
      return null;
    },
    fill: async (on, parameters) => {
      const { value } = parameters;
      if (typeof value !== 'string') throw new PypesError('invalid_input', 'session.fill takes value, a text');
      await on.fill(textOf(parameters, 'selector'), value);
      return null;
    },
    text: async (on, { selector }) =>
      typeof selector === 'string' && selector !== '' ? on.innerText(selector) : on.innerText('body'),
  };

  return {
    async perform(operation, parameters, signal) {
      const act = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (act === undefined) throw new PypesError('unsupported', `A session has no operation "${operation}"`);
      const on = await page();
      return ended(act(on, parameters), on, signal);
    },
    async screenshot({ selector, full_page }, signal) {
      const on = await page();
      const taken =
        typeof selector === 'string' && selector !== ''
          ? on.locator(selector).screenshot()
          : on.screenshot({ fullPage: full_page === true });
      return ended(taken, on, signal);
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      await opened?.context.close().catch(() => undefined);
      await opened?.proxy.close();
    },
  };
}

/** What the page did; at the caller's end the page is closed under it. */
async function ended<T>(work: Promise<T>, page: Page, signal: AbortSignal): Promise<T> {
  const stop = () => void page.close().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    return await work;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toFailure(error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function toFailure(error: unknown): unknown {
  if (error instanceof PypesError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const [line = ''] = text.split('\n');
  if (/Timeout \d+ms exceeded/.test(text))
    return new PypesError('timeout', `The page did not get there: ${line.slice(0, 200)}`);
  if (/ERR_TUNNEL_CONNECTION_FAILED|ERR_PROXY/.test(text)) {
    return new PypesError('policy_denied', 'No network rule lets the page go there, or nothing answers there');
  }
  return new PypesError('handler_failed', `The page: ${line.slice(0, 300)}`);
}

function textOf(parameters: JsonObject, name: string): string {
  const value = parameters[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new PypesError('invalid_input', `This operation of a session takes ${name}, a text`);
}
