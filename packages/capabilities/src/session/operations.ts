// What an agent can do with a page.
import { type Json, type JsonObject, PypesError } from '@pypes/contract';
import type { Page, Request } from 'playwright-core';
import { type EgressProxy, REFUSAL_HEADER } from '../egress/proxy.ts';
import { toAuthority, toTarget } from '../egress/target.ts';
import type { SessionContext } from './context.ts';

type Operation = (page: Page, parameters: JsonObject, context: SessionContext) => Promise<Json>;

/** Characters of a page's text that an agent gets. */
const LONGEST_TEXT = 4 * 1024 * 1024;

const NAMES = ['goto', 'click', 'fill', 'text'] as const;
export type PageOperation = (typeof NAMES)[number];

export const PAGE_OPERATIONS: { readonly [O in PageOperation]: Operation } = {
  goto: async (page, parameters, context) => {
    const url = textOf(parameters, 'url');
    toTarget('GET', url);
    const status = await navigate(page, url, context);
    return { url: page.url(), title: await page.title(), status };
  },
  click: async (page, parameters) => {
    await page.click(textOf(parameters, 'selector'));
    return null;
  },
  fill: async (page, parameters) => {
    const { value } = parameters;
    if (typeof value !== 'string') throw new PypesError('invalid_input', 'session.fill takes value, a text');
    await page.fill(textOf(parameters, 'selector'), value);
    return null;
  },
  text: async (page, parameters) => {
    const text = await page.innerText(selectorOf(parameters) ?? 'body');
    if (text.length <= LONGEST_TEXT) return text;
    throw new PypesError('resource_exhausted', `The page has more than ${LONGEST_TEXT} characters; name a selector`, {
      details: { limit: 'session_text', maximum: LONGEST_TEXT },
    });
  },
};

export function isPageOperation(operation: string): operation is PageOperation {
  return NAMES.some((name) => name === operation);
}

/** PNG. */
export function takeScreenshot(page: Page, parameters: JsonObject): Promise<Uint8Array> {
  const selector = selectorOf(parameters);
  return selector === undefined
    ? page.screenshot({ fullPage: parameters.full_page === true })
    : page.locator(selector).first().screenshot();
}

/** The status; where the proxy refused, its own error, for a browser only says that it got nowhere. */
async function navigate(page: Page, url: string, { proxy, forget }: SessionContext): Promise<number | null> {
  let failed: string | undefined;
  const onFailed = (request: Request) => {
    if (request.isNavigationRequest()) failed = request.url();
  };
  page.on('requestfailed', onFailed);
  try {
    const response = await page.goto(url, { waitUntil: 'load' });
    const refused = response?.headers()[REFUSAL_HEADER] === undefined ? undefined : refusalOf(proxy, response.url());
    if (refused !== undefined) throw refused;
    return response?.status() ?? null;
  } catch (error) {
    // What Chromium shows instead is still on its way, and would interrupt the next navigation.
    forget(page);
    throw refusalOf(proxy, failed) ?? error;
  } finally {
    page.off('requestfailed', onFailed);
  }
}

function refusalOf(proxy: EgressProxy, url: string | undefined): PypesError | undefined {
  if (url === undefined || !URL.canParse(url) || !url.startsWith('http')) return undefined;
  return proxy.refusalOf(toAuthority(toTarget('GET', url)));
}

function selectorOf({ selector }: JsonObject): string | undefined {
  if (selector === undefined || selector === null) return undefined;
  if (typeof selector === 'string' && selector !== '') return selector;
  throw new PypesError('invalid_input', 'A page takes selector, a text such as #name');
}

function textOf(parameters: JsonObject, name: string): string {
  const value = parameters[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new PypesError('invalid_input', `A page takes ${name}, a text`);
}
