// The HTML report in a real browser: it renders on a phone and on a screen, says nothing on the console, fetches nothing.
import { existsSync } from 'node:fs';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decideGate } from '../../gate/decide-gate.ts';
import { runSuite } from '../../run/run-suite.ts';
import { toSuite } from '../../suite/parse-suite.ts';
import { toHtml } from './to-html.ts';

const executablePath = '/usr/bin/chromium';
const isMissing = !existsSync(executablePath) && !process.env.CI;
const ATTACK =
  '"><script>document.title = "taken"</script><img src=x onerror="document.title = \'taken\'"><style>*{display:none}';

async function report(): Promise<string> {
  const cases = Array.from({ length: 30 }, (_, n) => ({
    id: n === 0 ? ATTACK : `${'case-with-a-long-name-'.repeat(4)}${n}`,
    input: { n },
    expect: n % 4 === 0 ? 'other' : n,
    tags: [n % 2 === 0 ? 'even' : ATTACK, 'x'.repeat(128)],
  }));
  const suite = toSuite({ name: ATTACK, agent: ATTACK, cases, gate: { min_average_score: 1, max_regression: 0 } });
  const baseline = { suite: 's', cases: suite.cases.map(({ id }, n) => ({ id, score: (n % 3) / 2 })) };
  const scorecard = await runSuite({
    suite,
    baseline,
    repeat: 2,
    scorers: { schemas: createAjvCompiler() },
    call: async ({ input }) => (input.n === 5 ? `${ATTACK}${'long'.repeat(500)}` : (input.n as number)),
    now: () => 1_760_000_000_000,
    signal: new AbortController().signal,
  });
  return toHtml({ scorecard, gate_decision: decideGate(scorecard, suite.gate, baseline) });
}

describe.skipIf(isMissing)(`in Chromium${isMissing ? ` (${executablePath} is not installed)` : ''}`, () => {
  let browser: Browser;
  let html: string;

  beforeAll(async () => {
    html = await report();
    browser = await chromium.launch({
      executablePath,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
  });

  it.each([
    [400, 'light'],
    [1200, 'dark'],
  ] as const)('at %i pixels, %s', async (width, colorScheme) => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const said: string[] = [];
    page.on('console', (message) => void said.push(message.text()));
    page.on('pageerror', (error) => void said.push(String(error)));
    page.on('request', (request) => void said.push(request.url()));
    await page.setContent(html);
    for (const line of await page.locator('summary').all()) await line.click();
    const seen = await page.evaluate(() => ({
      title: document.title,
      // Nothing sticks out, also with every case open.
      width: document.documentElement.scrollWidth,
      charts: [...document.querySelectorAll('svg')].map((chart) => {
        const box = chart.getBoundingClientRect();
        const texts = [...chart.querySelectorAll('text')].map((text) => text.getBoundingClientRect());
        const outside = texts.filter(({ left, right }) => left < box.left - 1 || right > box.right + 1).length;
        return [box.width > 200 && box.height > 50, outside];
      }),
      cases: document.querySelectorAll('details[open] .more').length,
      foreign: document.querySelectorAll('script, img, link, iframe, [onerror]').length,
      ink: getComputedStyle(document.body).color,
    }));
    expect(said).toEqual([]);
    expect(seen).toEqual({
      title: `${ATTACK}: failed`,
      width,
      charts: [
        [true, 0],
        [true, 0],
        [true, 0],
      ],
      cases: 30,
      foreign: 0,
      ink: colorScheme === 'light' ? 'rgb(23, 32, 42)' : 'rgb(231, 236, 241)',
    });
    await page.close();
  });
});
