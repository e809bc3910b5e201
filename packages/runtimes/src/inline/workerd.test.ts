// JavaScript, TypeScript and Lua in a raw workerd, which has no threads, no Node and generates no code.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findWorkerd } from '../python/pyodide/workerd.ts';
import { BOMBS } from './testing/bombs.ts';
import { openTestWorker } from './testing/workerd.ts';

const workerd = findWorkerd();

/** One agent in three languages; what each does is said by its argument. */
const AGENTS = {
  'a.js': `
export const AGENT = { name: 'a' };
export async function run(context, { what, n }) {
  if (what === 'loop') for (;;);
  if (what === 'bomb') { const all = []; for (;;) all.push('x'.repeat(1000) + all.length, [all], new Uint8Array(1000)); }
  if (what === 'giant') return 'x'.repeat(n);
  if (what === 'fail') throw new Error('boom');
  await context.memory.set('n', n);
  console.log('saw', n);
  return { twice: (await context.memory.get('n')) * 2, user: context.user_guid ?? null };
}`,
  'a.ts': `
export const AGENT = { name: 'a' } as const;
type Given = { readonly what?: string; readonly n: number };
export async function run(context: any, { what, n }: Given): Promise<unknown> {
  if (what === 'loop') for (;;);
  if (what === 'bomb') { const all: unknown[] = []; for (;;) all.push('x'.repeat(1000) + all.length, [all]); }
  if (what === 'giant') return 'x'.repeat(n);
  if (what === 'fail') throw new Error('boom' satisfies string);
  await context.memory.set('n', n);
  console.log('saw', n);
  return { twice: (await context.memory.get('n') as number) * 2, user: context.user_guid ?? null };
}`,
  'a.lua': `
AGENT = { name = "a" }
function run(context, args)
  if args.what == "loop" then while true do pcall(function() while true do end end) end end
  if args.what == "bomb" then local all = {} while true do all[#all + 1] = ("x"):rep(1000) .. #all all[#all + 1] = { all } end end
  if args.what == "giant" then return ("x"):rep(args.n) end
  if args.what == "fail" then error("boom") end
  context.memory.set("n", args.n)
  print("saw", args.n)
  return { twice = context.memory.get("n") * 2, user = context.user_guid or json.null }
end`,
} as const;

describe.skipIf(workerd === undefined)('in a raw workerd (the optional package workerd)', () => {
  let worker: Awaited<ReturnType<typeof openTestWorker>>;
  beforeAll(async () => {
    worker = await openTestWorker(workerd as string);
  });
  afterAll(() => worker?.close());

  it('which has no Node, no threads, and generates no code', () => {
    expect(worker.surroundings).toMatchObject({ process: 'undefined', Worker: 'undefined' });
    expect(worker.surroundings.generates).toMatch(/EvalError/);
  });

  describe.each(Object.entries(AGENTS))('%s', (filename, source) => {
    const call = (args: { readonly what?: string; readonly n?: number }, limits = {}, user?: string) =>
      worker.call({ filename, source, args, limits, ...(user === undefined ? {} : { user }) });

    const expectAnswer = async (): Promise<void> => {
      const reply = await call({ n: 21 }, {}, 'ann');
      expect(reply).toMatchObject({ output: { twice: 42, user: 'ann' } });
      expect(reply.logs.join()).toMatch(/saw\s21/);
      expect(worker.alive).toBe(true);
    };

    it('answers', expectAnswer);

    it('fails with its own message', async () => {
      expect(await call({ what: 'fail' })).toMatchObject({
        code: 'handler_failed',
        message: expect.stringMatching(/boom/),
      });
    });

    it('an endless loop ends', async () => {
      expect(await call({ what: 'loop' }, { cpuMs: 200 })).toMatchObject({
        code: 'resource_exhausted',
        details: { limit: 'cpu_ms' },
      });
      await expectAnswer();
    });

    it('a bomb of memory ends', async () => {
      const limits = { cpuMs: 60_000 };
      expect(await call({ what: 'bomb' }, limits)).toMatchObject({ code: 'resource_exhausted' });
      await expectAnswer();
    });

    it('a giant output is refused, and a large one is not', async () => {
      const limits = { outputBytes: 1_000_000 };
      expect(await call({ what: 'giant', n: 900_000 }, limits)).toMatchObject({ output: 'x'.repeat(900_000) });
      expect(await call({ what: 'giant', n: 5_000_000 }, limits)).toMatchObject({ code: 'output_too_large' });
      await expectAnswer();
    });
  });

  describe('a bomb of memory', () => {
    it.each(BOMBS)('$name', async ({ filename, source }) => {
      const reply = await worker.call({ filename, source, limits: { cpuMs: 60_000 } });
      expect(['resource_exhausted', 'handler_failed', 'output_too_large']).toContain(reply.code);
      expect(await worker.call({ filename: 'a.lua', source: AGENTS['a.lua'], args: { n: 1 } })).toMatchObject({
        output: { twice: 2 },
      });
    });

    it.skipIf(process.platform !== 'linux')('none of them takes the memory of the machine', () => {
      // Nobody bounds workerd itself here: what it holds is what was used, and what it has not yet given back.
      expect(worker.residentBytes()).toBeLessThan(1_000_000_000);
    });
  });
});
