// Delays that are none: a timer never fires before its time, and the operator hears nothing of it.
import { DEFAULT_LIMITS, type LoadedAgent } from '@pypes/contract';
import { expect, it, onTestFinished } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { compileInlineModules } from '../../testing/inline-modules.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { createInlineJavascript } from '../inline/index.ts';

/** In this thread, whose warnings the test can hear. */
async function run(body: string): Promise<unknown> {
  const runtime = createInlineJavascript(compileInlineModules());
  onTestFinished(() => runtime.close());
  const text = `export const AGENT = { name: 'timers' };\nexport async function run() {\n${body}\n}`;
  const [agent] = await runtime.load(sourceFile('timers.mjs', text), DEFAULT_LIMITS);
  return (agent as LoadedAgent).run(createTestContext(), {});
}

function warnings(): readonly Error[] {
  const heard: Error[] = [];
  const onWarning = (warning: Error) => heard.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  return heard;
}

const AFTER = (ms: string, value: string) => `new Promise((resolve) => setTimeout(resolve, ${ms}, '${value}'))`;

it.each(['1e12', '2 ** 31', 'Infinity', "'1e12'"])('a timer after %s ms is later than others', async (ms) => {
  const heard = warnings();
  expect(await run(`return Promise.race([${AFTER(ms, 'late')}, ${AFTER('5', 'soon')}]);`)).toBe('soon');
  expect(heard).toStrictEqual([]);
});

it.each(['NaN', '-1', '-Infinity', 'undefined', "'soon'", '{}'])(
  'a timer after %s ms waits for nothing',
  async (ms) => {
    const heard = warnings();
    expect(await run(`return Promise.race([${AFTER('600_000', 'late')}, ${AFTER(ms, 'soon')}]);`)).toBe('soon');
    expect(heard).toStrictEqual([]);
  },
);

it.each(['NaN', '-1'])('the platform hears nothing of it where the agent itself says %s', async (said) => {
  const heard = warnings();
  await run(`Math.max = () => ${said}; setTimeout(() => {}, 5); await ${AFTER('5', 'soon')};`);
  expect(heard).toStrictEqual([]);
});
