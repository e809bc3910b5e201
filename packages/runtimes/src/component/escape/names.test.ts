// Names against the glue: the transpiler writes core names into JavaScript as they are, so a name could become code.
import { afterAll, describe, expect, it } from 'vitest';
import { createHarness, outcomeOf } from '../testing/harness.ts';
import { DEBUG_PLACES, PLACES, parse, withExports } from '../testing/names.ts';

const { load, close } = createHarness();
afterAll(close);

/** Code that tells of itself, wherever the name stands that it is in. */
const CODE = "throw new Error('pwned ' + globalThis.process?.version)";
const NAMES = [
  `x'];${CODE};//`,
  `x': 0}, ...(() => {${CODE}})(), y: {'z`,
  `x"];${CODE};//`,
  `x\`+(() => {${CODE}})()+\``,
  `\${(() => {${CODE}})()}`,
  `*/ ${CODE}; /*`,
  `x\n${CODE}\n//`,
  `x\r${CODE}`,
  `x\u2028${CODE}\u2029`,
  `x\\'];${CODE};//`,
  "x'",
  'x\\',
  'x\0',
  'x\u202e',
];

/** An interface, a version, a method, a mangled path. */
const NAME_OF_TOOLS = 'a:b/c@1.2.3-rc.1+x#[method]r.f$_ZN4core.llvm~lib|<x>';

describe.each(Object.entries(PLACES))('%s', (place, write) => {
  it('is refused with a name that could be code', async () => {
    for (const name of NAMES) {
      expect(await outcomeOf(load(parse(write(name)))), JSON.stringify(name)).toMatchObject({ code: 'agent_broken' });
    }
  });

  it('takes a name that tools give', async () => {
    const { use } = await load(parse(write(place.startsWith('an argument') ? 'g' : NAME_OF_TOOLS)));
    expect(await use('run')).toBe(7);
  });
});

describe.each(Object.entries(DEBUG_PLACES))('%s', (_place, write) => {
  it('may say what it likes: none of it is run', async () => {
    const { use } = await load(parse(write(NAMES.slice(0, 10).join('\n'))));
    expect(await use('run')).toBe(7);
  });
});

describe('names of exports that mean something to JavaScript', () => {
  it('are functions like any other', async () => {
    const names = [
      'then',
      'constructor',
      'to-string',
      'has-own-property',
      'eval',
      'await',
      'default',
      'instantiate-core',
    ];
    const { use } = await load(withExports(names));
    for (const [at, name] of names.entries()) expect(await use(name), name).toBe(at);
  });

  it.each(['arguments', 'exports0', 'module0'])(
    '%s, which the glue needs itself, fails as the component that it is',
    async (name) => {
      const { use } = await load(withExports(['other', name]));
      expect(await outcomeOf(use('other'))).toHaveProperty(
        'code',
        expect.stringMatching(/^(agent_broken|handler_failed)$/),
      );
    },
  );
});

describe('the binary', () => {
  it.each(['__proto__ab', 'a b-c-d-e-f', 'Ab-c-d-e-fg', '-a-b-c-d-ef', "a'b-c-d-e-f"])(
    'is no component with an export named %j',
    async (name) => {
      const good = Buffer.from(await withExports(['placeholder']));
      const bad = Buffer.from(good.toString('latin1').replaceAll('placeholder', name), 'latin1');
      expect(await outcomeOf(load(new Uint8Array(bad)))).toMatchObject({ code: 'agent_broken' });
    },
  );

  it('may have a thousand exports', async () => {
    const names = Array.from({ length: 1_000 }, (_, at) => `f${at}`);
    const { agents, use } = await load(withExports(names));
    expect(agents).toHaveLength(1_000);
    expect(await use('f999')).toBe(999);
  });
});
