// A real page of one session: opened when first used, each operation under the caller's signal and a time limit.
import { setTimeout } from 'node:timers/promises';
import { isPypesError, type Json, type JsonObject, PypesError } from '@pypes/contract';
import type { Page } from 'playwright-core';
import { createDeadline, orAborted } from '../egress/deadline.ts';
import { openContext, type PageOptions, type SessionContext } from './context.ts';
import { toPageFailure } from './failure.ts';
import { isPageOperation, PAGE_OPERATIONS, takeScreenshot } from './operations.ts';
import type { SharedBrowser } from './shared-browser.ts';

export type SessionPage = {
  /** @throws PypesError `policy_denied`, `invalid_input`, `timeout`, `unavailable`, `unsupported`, `handler_failed` */
  perform(operation: string, parameters: JsonObject, signal: AbortSignal): Promise<Json>;
  screenshot(parameters: JsonObject, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
};

const OPERATION_MS = 30_000;
const ANSWER_MS = 1_000;

export function createSessionPage(browsers: SharedBrowser, options: PageOptions): SessionPage {
  const { operationMs = OPERATION_MS } = options;
  let opening: Promise<SessionContext> | undefined;
  let closed = false;

  async function context(): Promise<SessionContext> {
    if (closed) throw new PypesError('canceled', 'The session has ended');
    const known = opening;
    const current = await known?.catch(() => undefined);
    if (current?.isOpen()) return current;
    if (opening === known) opening = openContext(browsers, options);
    return opening ?? context();
  }

  /** At its end, whoever brought it about, the page is closed: what runs in it could go on forever. */
  async function withPage<T>(
    signal: AbortSignal,
    act: (page: Page, context: SessionContext) => Promise<T>,
  ): Promise<T> {
    const deadline = createDeadline([signal], operationMs, 'session_operation_ms');
    let opened: SessionContext | undefined;
    let page: Page | undefined;
    try {
      opened = await orAborted(context(), deadline.signal);
      page = await orAborted(opened.page(), deadline.signal);
      page.setDefaultTimeout(operationMs * 0.9);
      return await orAborted(act(page, opened), deadline.signal);
    } catch (error) {
      const over = deadline.signal.aborted;
      const failure = over ? deadline.signal.reason : toPageFailure(error);
      if (page !== undefined && (over || (isTimeout(failure) && (await isHung(page))))) opened?.forget(page);
      throw failure;
    } finally {
      deadline.end();
    }
  }

  return {
    async perform(operation, parameters, signal) {
      if (!isPageOperation(operation)) {
        throw new PypesError('unsupported', `A session has no operation "${operation}"`);
      }
      return withPage(signal, (page, context) => PAGE_OPERATIONS[operation](page, parameters, context));
    },
    screenshot: (parameters, signal) => withPage(signal, (page) => takeScreenshot(page, parameters)),
    async close() {
      closed = true;
      const opened = await opening?.catch(() => undefined);
      await opened?.close();
    },
  };
}

function isTimeout(error: unknown): boolean {
  return isPypesError(error) && error.code === 'timeout';
}

/** A page that waits for an element answers; one whose script never ends does not. */
async function isHung(page: Page): Promise<boolean> {
  const answer = page.evaluate('true').then(
    () => false,
    () => true,
  );
  return Promise.race([answer, setTimeout(ANSWER_MS, true, { ref: false })]);
}
