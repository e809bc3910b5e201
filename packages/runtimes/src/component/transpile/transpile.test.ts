// The transpiler against files that crash it, or keep it busy: they are refused, and nothing else notices.
import { DEFAULT_LIMITS, type PypesError } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { createComponentRuntime } from '../index.ts';
import { readSections } from '../read/bytes.ts';
import { compactTexts, concat, deepType, HEADER, nested, section, witPackage } from '../testing/broken.ts';
import { createHarness, outcomeOf, type Use } from '../testing/harness.ts';
import { plain } from '../testing/skills.ts';
import { transpile } from './transpile.ts';

const { load, close } = createHarness();
let good: Use;
beforeAll(async () => {
  good = (await load(plain())).use;
  await good('direct');
});
afterAll(close);

const NOTHING = { imports: [], waiting: undefined };
const AT = { path: 'a.wasm', deadlineMs: 30_000 };

/** Loads, and calls the first function: what cannot be loaded counts as well. */
const outcome = (bytes: Uint8Array) =>
  outcomeOf(
    load(bytes).then(({ agents }) => agents[0]?.run(createTestContext({ agent: agents[0].metadata.name }), {}) ?? null),
  );

describe('a file that is no component', () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ['nothing', () => new Uint8Array()],
    ['a header alone', () => HEADER],
    ['garbage behind the header', () => concat(HEADER, new TextEncoder().encode('Not what was expected here'))],
    ['zeros behind the header', () => concat(HEADER, new Uint8Array(4_096))],
    ['a package of WIT', witPackage],
    ['components inside of each other', () => nested(2_000)],
    ['a section that claims to be huge', () => concat(HEADER, Uint8Array.of(1, 0xff, 0xff, 0xff, 0xff, 0x0f))],
    ['a count that claims to be huge', () => concat(HEADER, section(7, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)))],
    ['a type that is nested too deep', () => deepType(3_000)],
  ])('is refused: %s', async (_name, bytes) => {
    expect(await outcome(await bytes())).toMatchObject({ code: 'agent_broken' });
    expect(await good('direct')).toBe(7);
  });

  it('is refused wherever it was cut', async () => {
    const bytes = await plain();
    const cuts = readSections(bytes, () => {
      throw new Error('The fixture is broken');
    }).flatMap(({ from, start, end }) => [from + 1, start, Math.floor((start + end) / 2), end - 1]);
    for (const cut of new Set(cuts)) {
      const found = await outcome(bytes.slice(0, cut));
      expect(found, `cut at ${cut} of ${bytes.length}`).toMatchObject({ code: 'agent_broken' });
    }
    expect(await good('direct')).toBe(7);
  }, 120_000);
});

describe('the transpiler', () => {
  it('may crash without harm', async () => {
    const calls = Promise.all(Array.from({ length: 50 }, () => good('direct')));
    const crash = await transpile(await compactTexts(), NOTHING, AT).catch((error: PypesError) => error);
    // A refusal of the tool has no cause; a crash is the error that ended its thread.
    expect(crash).toMatchObject({ code: 'agent_broken', cause: { name: 'RuntimeError' } });
    expect(await calls).toEqual(Array(50).fill(7));
    expect((await transpile(await plain(), NOTHING, AT)).glue).toContain('instantiate');
  });

  it('crashes again at the next call, and says so again', async () => {
    const { use } = await load(compactTexts());
    for (let round = 0; round < 2; round++) {
      expect(await outcomeOf(use('echo', { text: 'hi' }))).toMatchObject({ code: 'agent_broken' });
    }
    expect(await good('direct')).toBe(7);
  });

  it('has a deadline, at which only its own component fails', async () => {
    const slow = createComponentRuntime({ transpileMs: 1 });
    try {
      const agents = await slow.load(sourceFile('slow.wasm', await plain()), DEFAULT_LIMITS);
      const direct = agents.find(({ metadata }) => metadata.name === 'direct');
      const calls = Promise.all(Array.from({ length: 50 }, () => good('direct')));
      expect(await outcomeOf(direct!.run(createTestContext({ agent: 'direct' }), {}))).toMatchObject({
        code: 'agent_broken',
      });
      expect(await calls).toEqual(Array(50).fill(7));
    } finally {
      await slow.close();
    }
    const { use } = await load(plain());
    expect(await use('direct')).toBe(7);
  });
});
