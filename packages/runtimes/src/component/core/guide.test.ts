// The guide says nothing that does not work: its module in text is run, its C where there is a compiler for it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DEFAULT_LIMITS } from '@pypes/contract';
import { afterAll, expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { createComponentRuntime } from '../index.ts';
import { AGENT_SECTION, formatType, IMPORTS, REQUIRED_FUNCTIONS } from './abi.ts';
import { failureOf, loadText } from './testing/load.ts';

const guide = readFileSync(resolve(import.meta.dirname, '../../../../../docs/guide/wasm-modules.md'), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1] ?? '';

const runtime = createComponentRuntime();
const folder = mkdtempSync(join(tmpdir(), 'pypes-guide-'));
afterAll(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

it('shows a module in text that runs', async () => {
  const agent = await loadText(runtime, block('wat'));
  expect(agent.metadata).toMatchObject({ name: 'remember', parameters: { required: ['key', 'value'] } });
  const context = createTestContext();
  expect(await agent.run(context, { key: 'city', value: { name: 'Oslo' } })).toBe(null);
  expect(await context.memory.get('city')).toEqual({ name: 'Oslo' });
  const tooLong = await failureOf(agent.run(context, { key: 'long', value: 'x'.repeat(70_000) }));
  expect(tooLong).toMatchObject({ code: 'handler_failed' });
});

it('names what the ABI has, with its types', () => {
  const types = { ...REQUIRED_FUNCTIONS, ...IMPORTS };
  for (const [name, type] of Object.entries(types)) {
    const row = new RegExp(`^\\| \`${name}\` \\| \`([^\`]*)\``, 'm').exec(guide)?.[1] ?? '';
    const bare = row.replaceAll(/[a-z]+ (?=[if](32|64))/g, '');
    expect([name, bare.includes('->') ? bare : `${bare} -> ()`]).toEqual([name, formatType(type)]);
  }
  expect(guide).toContain(`\`${AGENT_SECTION}\``);
});

/** Tells a compiler that can make modules from one that cannot. */
function findClang(): string | undefined {
  const probe = join(folder, 'probe.c');
  writeFileSync(probe, 'int probe(void) { return 1; }\n');
  const flags = ['--target=wasm32', '-nostdlib', '-Wl,--no-entry', '-o', join(folder, 'probe.wasm'), probe];
  return ['clang', ...[22, 21, 20, 19, 18, 17, 16].map((version) => `clang-${version}`)].find(
    (name) => spawnSync(name, flags).status === 0,
  );
}

it('shows C that compiles and runs', async ({ skip }) => {
  const clang = findClang();
  if (clang === undefined) skip('no clang with the target wasm32, and wasm-ld, on this machine');
  const [command = ''] = block('sh').split('\n');
  const flags = command.split(' ').slice(1, -3);
  writeFileSync(join(folder, 'greet.c'), block('c'));
  const output = join(folder, 'greet.wasm');
  const { stderr, status } = spawnSync(clang ?? '', [...flags, '-o', output, join(folder, 'greet.c')], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  const [agent] = await runtime.load(sourceFile('greet.wasm', readFileSync(output)), DEFAULT_LIMITS);
  const context = createTestContext();
  expect(await agent?.run(context, { who: 'Ann "the" Ångström' })).toBe('Hello, Ann "the" Ångström!');
  expect(context.logs).toEqual([{ level: 'info', message: 'greeted' }]);
  expect(await failureOf(agent?.run(context, { who: '' }) ?? Promise.resolve())).toMatchObject({
    code: 'handler_failed',
    message: 'Say whom to greet',
  });
});
