// What an agent prints and logs belongs to the call that did it, within the limits.
import { expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { createRuntime, loadAgent } from './agents.ts';

const pause = 'await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));';

it('attributes the lines of interleaved calls', async () => {
  const agent = await loadAgent(
    createRuntime(),
    `
export async function run(context, { n }) {
  console.log('begin', n);
  ${pause}
  await Promise.all([1, 2].map(async (part) => { ${pause} console.log(n, part); }));
  process.stdout.write('end ');
  ${pause}
  process.stdout.write(n + '\\n');
}`,
  );
  const contexts = Array.from({ length: 100 }, () => createTestContext());
  await Promise.all(contexts.map((context, n) => agent.run(context, { n })));
  for (const [n, { logs }] of contexts.entries()) {
    expect(logs.map(({ message }) => message).sort()).toStrictEqual(
      [`${n} 1`, `${n} 2`, `begin ${n}`, `end ${n}`].sort(),
    );
  }
});

it('keeps the level of each way to print', async () => {
  const agent = await loadAgent(
    createRuntime(),
    `
export function run(context) {
  console.debug('%s!', 'debug'); console.info({ a: 1 }); console.warn('two\\nlines'); console.error('error');
  process.stderr.write('raw'); context.log('error', 'logged', { b: 2 });
}`,
  );
  const context = createTestContext();
  await agent.run(context, {});
  expect(context.logs).toStrictEqual([
    { level: 'debug', message: 'debug!' },
    { level: 'info', message: '{ a: 1 }' },
    { level: 'warn', message: 'two\nlines' },
    { level: 'error', message: 'error' },
    { level: 'error', message: 'logged', data: { b: 2 } },
    { level: 'warn', message: 'raw' },
  ]);
});

it('bounds lines and their length', async () => {
  const agent = await loadAgent(
    createRuntime(),
    "export function run() { for (let n = 0; n < 10; n++) console.log('x'.repeat(100)); }",
    { logLines: 3, logLineLength: 5 },
  );
  const context = createTestContext();
  await agent.run(context, {});
  expect(context.logs.map(({ message }) => message)).toStrictEqual([
    // One more than the limit: at it a host stops the call.
    ...Array(4).fill('xxxxx … 95 more characters'),
  ]);
});

it('carries large output and many records in their order', async () => {
  const agent = await loadAgent(
    createRuntime(),
    `
export function run(context) {
  for (let n = 0; n < 900; n++) context.log('info', n + 'x'.repeat(n % 50 === 0 ? 8_000 : 300));
  return 'y'.repeat(1_000_000);
}`,
  );
  const context = createTestContext();
  expect(await agent.run(context, {})).toHaveLength(1_000_000);
  expect(context.logs.map(({ message }) => Number.parseInt(message, 10))).toStrictEqual(
    Array.from({ length: 900 }, (_, n) => n),
  );
});
