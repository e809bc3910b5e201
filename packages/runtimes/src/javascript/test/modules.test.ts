// How a file becomes a module: its own bytes, its neighbours on the disk, and what is said when it cannot.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS, type LoadedAgent } from '@pypes/contract';
import { expect, it, onTestFinished } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { createRuntime, loadAgent } from './agents.ts';

async function createFolder(files: { readonly [name: string]: string }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pypes-modules-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

it('imports the neighbours of a file, and runs the bytes that were read', async () => {
  const folder = await createFolder({
    'neighbour.mjs': 'export const greeting = "hello";',
    'typed.ts': 'export const exclaim = (text: string): string => text.concat("!");',
    'test_agent.js': 'this is no longer what was read',
  });
  const text = `
import { greeting } from './neighbour.mjs';
import { exclaim } from './typed.ts';
export const run = () => [exclaim(greeting), import.meta.filename];`;
  const location = join(folder, 'test_agent.js');
  const agent = await loadAgent(createRuntime(), text, {}, { location });
  expect(await agent.run(createTestContext(), {})).toStrictEqual(['hello!', location]);
});

it.each([
  ['a missing package', "import x from 'no-such-package';\nexport const run = () => x;", /no-such-package/, 2],
  ['a missing neighbour', "\nimport './gone.js';\nexport const run = () => 1;", /\.\/gone\.js/, 3],
  ['CommonJS', 'module.exports = { run() {} };', /export (const AGENT|function run)/, undefined],
])('quarantines %s', async (_name, text, message, line) => {
  const source = sourceFile('a.js', text.startsWith('module') ? text : `export const AGENT = { name: 'a' };\n${text}`);
  const load = createRuntime().load(source, DEFAULT_LIMITS);
  await expect(load).rejects.toMatchObject({
    code: 'agent_broken',
    message: expect.stringMatching(message),
    details: { file: 'a.js', ...(line === undefined ? {} : { line }) },
  });
});

it.each([
  ['computed', "const name = ['a', 'b'].join('-');\nexport const AGENT = { name };\nexport const run = () => 1;"],
  ['a default export', "export default { AGENT: { name: 'a-b' }, run: () => 1 };"],
])('runs the file where AGENT is %s', async (_name, text) => {
  const [agent] = (await createRuntime().load(sourceFile('a.js', text), DEFAULT_LIMITS)) as readonly [LoadedAgent];
  expect(agent.metadata.name).toBe('a-b');
  expect(await agent.run(createTestContext(), {})).toBe(1);
});

const COMPUTED = "export const AGENT = { name: String('a') };\nexport const run = () => 1;\n";

it.each([
  ['fails', `${COMPUTED}null.x;`, /null/, 3, 60_000],
  ['never ends', `${COMPUTED}for (;;);`, /within 300 ms/, undefined, 300],
  ['waits for nothing', `${COMPUTED}await new Promise(() => {});`, /top level/, undefined, 60_000],
  ['exits', `${COMPUTED}process.exit(7);`, /process\.exit\(7\)/, undefined, 60_000],
  [
    'has no name',
    'export const AGENT = { name: Number(1) };\nexport const run = () => 1;',
    /AGENT\.name/,
    undefined,
    60_000,
  ],
])('quarantines a file whose top level %s', async (_name, text, message, line, callMs) => {
  const load = createRuntime().load(sourceFile('a.js', text), { ...DEFAULT_LIMITS, callMs });
  await expect(load).rejects.toMatchObject({
    code: 'agent_broken',
    message: expect.stringMatching(message),
    details: { file: 'a.js', ...(line === undefined ? {} : { line }) },
  });
});

it('runs the file once for two loads at the same time', async () => {
  const runtime = createRuntime();
  const loads = [1, 2].map(() => runtime.load(sourceFile('a.js', COMPUTED), DEFAULT_LIMITS));
  for (const [agent] of await Promise.all(loads)) expect(agent?.metadata.name).toBe('a');
});

it('fails the calls of a file whose top level fails', async () => {
  const agent = await loadAgent(createRuntime(), 'export const run = () => 1;\nthrow new Error("not today");');
  const calls = [1, 2].map(() => agent.run(createTestContext(), {}));
  for (const call of calls) {
    await expect(call).rejects.toMatchObject({ code: 'agent_broken', message: expect.stringContaining('not today') });
  }
});
