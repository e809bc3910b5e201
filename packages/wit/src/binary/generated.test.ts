// Laws over generated worlds: whatever a text says, its binary says, and a component made of it says the same.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateWit } from '../testing/generate-wit.ts';
import { parseWit } from '../text/index.ts';
import { decodeComponent, decodeEmbeddedWorld } from './index.ts';
import { isSameWorld, textOfWorld } from './testing/same-world.ts';
import { type Job, makeAll } from './testing/tools.ts';

const RUNS = Number(process.env.PYPES_RUNS ?? 60);
const SEED = Number(process.env.PYPES_SEED ?? 20261121);

const texts = fc
  .sample(fc.array(fc.nat(), { minLength: 300, maxLength: 600 }), { numRuns: RUNS, seed: SEED })
  .map(generateWit);

describe('generated worlds', () => {
  const made = makeAll(
    texts.flatMap(({ source, world }): Job[] => [
      { make: 'core', wit: source, world },
      { make: 'component', wit: source, world },
    ]),
  );
  const valid = texts.flatMap((text, index) => {
    const [core, component] = [made[2 * index], made[2 * index + 1]];
    return core !== undefined && 'bytes' in core ? [{ ...text, core: core.bytes, component }] : [];
  });

  test('most are valid, so that the laws say something', () => {
    expect(valid.length).toBeGreaterThan(0.6 * RUNS);
  });

  test('text, binary and decoder say what the text says', () => {
    for (const { source, world, core } of valid) {
      const embedded = decodeEmbeddedWorld(core);
      const parsed = parseWit([{ path: 'generated.wit', text: source }], {});
      const id = parsed.worlds.findIndex(({ name }) => name === world);
      expect(textOfWorld(embedded.resolved, embedded.world), source).toEqual(textOfWorld(parsed, id));
      expect(isSameWorld([embedded.resolved, embedded.world], [parsed, id])).toBe(true);
    }
  });

  test('a component says what its module was made for', () => {
    for (const { source, core, component } of valid) {
      const embedded = decodeEmbeddedWorld(core);
      if (component === undefined || 'error' in component) continue;
      const { resolved, world } = decodeComponent(component.bytes);
      const found = textOfWorld(resolved, world);
      const expected = textOfWorld(embedded.resolved, embedded.world);
      expect(found.exports, source).toEqual(expected.exports);
      expect(expected.imports, source).toMatchObject(found.imports);
      expect(expected.interfaces, source).toMatchObject(found.interfaces);
    }
  });
});
