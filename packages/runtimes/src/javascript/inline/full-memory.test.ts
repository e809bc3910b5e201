// A memory that is full to its last byte: QuickJS may have no room left to say so, and the caller is told all the same.
import { DEFAULT_LIMITS, type LoadedAgent } from '@pypes/contract';
import { expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { compileInlineModules } from '../../testing/inline-modules.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { createInlineJavascript } from './index.ts';

const BODY = "const all = []; for (;;) all.push('x'.repeat(args.size) + all.length, [all]);";
const FILE = sourceFile(
  'a.mjs',
  `export const AGENT = { name: 'a' };\nexport async function run(context, args) { ${BODY} }`,
);

// What is left when a piece no longer fits depends on its size; with some of these the error itself did not fit.
it.each([1_000, 1_007, 1_008, 1_009, 1_010, 1_011, 1_012])('in pieces of %i characters', async (size) => {
  const runtime = createInlineJavascript(compileInlineModules());
  try {
    const [agent] = await runtime.load(FILE, { ...DEFAULT_LIMITS, cpuMs: 60_000 });
    await expect((agent as LoadedAgent).run(createTestContext(), { size })).rejects.toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'guest_bytes' },
    });
  } finally {
    await runtime.close();
  }
});
