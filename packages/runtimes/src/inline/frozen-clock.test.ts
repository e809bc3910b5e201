// Where clocks stand still while code computes, as in Cloudflare's Workers, steps are counted instead.
import { DEFAULT_LIMITS, type LoadedAgent, type Runtime } from '@pypes/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createInlineJavascript } from '../javascript/inline/index.ts';
import { createInlineLua } from '../lua/inline/index.ts';
import { createTestContext } from '../testing/context.ts';
import { compileInlineModules } from '../testing/inline-modules.ts';
import { sourceFile } from '../testing/source-file.ts';

const LANGUAGES: readonly {
  readonly name: string;
  readonly open: () => Runtime;
  readonly filename: string;
  readonly loop: string;
  readonly long: string;
}[] = [
  {
    name: 'JavaScript',
    open: () => createInlineJavascript(compileInlineModules()),
    filename: 'a.js',
    loop: "export const AGENT = { name: 'a' }; export const run = () => { for (;;); };",
    long: "export const AGENT = { name: 'a' }; export const run = () => { let n = 0; for (let i = 0; i < 1e5; i++) n += i; return n; };",
  },
  {
    name: 'Lua',
    open: () => createInlineLua(),
    filename: 'a.lua',
    loop: 'AGENT = { name = "a" } function run() while true do end end',
    long: 'AGENT = { name = "a" } function run() local n = 0 for i = 0, 99999 do n = n + i end return n end',
  },
];

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(LANGUAGES)('$name', ({ open, filename, loop, long }) => {
  const load = async (source: string, cpuMs: number): Promise<LoadedAgent> => {
    vi.spyOn(performance, 'now').mockReturnValue(1_000);
    const [agent] = await open().load(sourceFile(filename, source), { ...DEFAULT_LIMITS, cpuMs });
    return agent as LoadedAgent;
  };

  it('an endless loop ends', async () => {
    const agent = await load(loop, 100);
    await expect(agent.run(createTestContext(), {})).rejects.toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'cpu_ms' },
    });
  });

  it('each call has its own steps', async () => {
    const agent = await load(long, 100);
    for (let n = 0; n < 20; n++) expect(await agent.run(createTestContext(), {})).toBe(4_999_950_000);
  });
});
