// The page as a person uses it: opened, read, installed, its forms filled in.
import type { Json } from '@pypes/contract';
import type { Browser, BrowserContext } from 'playwright-core';
import type { Described } from './node.ts';

export type Review = { readonly title: string; readonly digest: string; readonly signers: readonly string[] };

export type Visit = {
  /** Opens the page; the reason where the skill is refused. */
  readonly open: () => Promise<string | undefined>;
  readonly isInstalled: () => Promise<boolean>;
  readonly install: () => Promise<void>;
  readonly review: () => Promise<Review>;
  readonly functions: () => Promise<readonly Described[]>;
  /** Fills in a form with JSON texts, calls, and reads the answer. */
  readonly call: (name: string, fields: { readonly [name: string]: Json }) => Promise<Json>;
  /** What becomes of a request that the component's own thread sends. */
  readonly requestFromGuest: () => Promise<'sent' | 'refused'>;
  /** Damages what is kept of the skill in this browser. */
  readonly spoilKept: () => Promise<void>;
  readonly screenshot: (path: string) => Promise<void>;
  /** Paths of everything that the page has loaded. */
  readonly loaded: ReadonlySet<string>;
  readonly context: BrowserContext;
};

/** A browser that has never been there. */
export async function startVisit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
  const page = await context.newPage();
  const loaded = new Set<string>();
  context.on('response', (response) => loaded.add(new URL(response.url()).pathname));
  const shown = page.locator('#install, #refused, article').first();
  const textOf = (selector: string) => page.locator(selector).innerText();
  return {
    context,
    loaded,
    async open() {
      await page.goto(url);
      await shown.waitFor();
      return (await page.locator('#refused').count()) === 0 ? undefined : textOf('#reason');
    },
    isInstalled: async () => (await page.locator('article').count()) > 0,
    async install() {
      await page.locator('#install').click();
      await page.locator('article, #refused').first().waitFor();
    },
    async review() {
      const signers = (await textOf('#signers')).split(', ');
      return { title: await textOf('h1'), digest: await textOf('#digest'), signers };
    },
    functions: () =>
      page.locator('article').evaluateAll((cards) =>
        cards.map((card) => {
          const [wit = '', docs = ''] = [...card.querySelectorAll('p')].map((each) => each.textContent);
          const [parameters, returns] = [...card.querySelectorAll('pre')].map((each) => JSON.parse(each.textContent));
          return { wit, docs, parameters, returns };
        }),
      ),
    async call(name, fields) {
      const card = page.locator(`article#${name}`);
      for (const field of await card.locator('textarea').all()) {
        const value = fields[(await field.getAttribute('name')) ?? ''];
        await field.fill(value === undefined ? '' : JSON.stringify(value));
      }
      const output = card.locator('output');
      await output.evaluate((element) => element.removeAttribute('data-outcome'));
      await card.locator('button').click();
      await card.locator('output[data-outcome]').waitFor();
      return JSON.parse((await output.getAttribute('data-outcome')) ?? 'null') as Json;
    },
    async requestFromGuest() {
      const [guest] = page.workers();
      const send = (to: string) =>
        fetch(to)
          .then(() => 'sent' as const)
          .catch(() => 'refused' as const);
      return guest === undefined ? 'sent' : guest.evaluate(send, url);
    },
    spoilKept: () =>
      page.evaluate(async () => {
        const cache = await caches.open('skills');
        for (const request of await cache.keys()) await cache.put(request, new Response('other bytes'));
      }),
    async screenshot(path) {
      await page.screenshot({ path, fullPage: true });
    },
  };
}
