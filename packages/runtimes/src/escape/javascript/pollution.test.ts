// Attack: change what everything inherits from, in the sandbox and through what crosses.
import { describe, expect, it } from 'vitest';
import { JS_SANDBOXES, js } from './attacks.ts';

describe.each(JS_SANDBOXES)('$name', ({ open }) => {
  const { attack, expectUnharmed } = open();

  it.each([
    [
      'a result with __proto__',
      'return JSON.parse(\'{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}\')',
    ],
    ['Object.prototype', 'Object.prototype.polluted = 1; Object.prototype.toJSON = () => ({ polluted: 1 }); return {}'],
    ['log data', 'context.log("info", "x", JSON.parse(\'{"__proto__": {"polluted": 1}}\')); return 1'],
  ])('%s pollutes nothing outside', async (_name, body) => {
    await attack(js(body));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    await expectUnharmed();
  });

  it.each([
    ['JSON', 'JSON.stringify = () => "}"; JSON.parse = () => { throw 1 }'],
    ['Promise', 'Promise.prototype.then = () => { throw 1 }; globalThis.Promise = undefined'],
    ['Map', 'Map.prototype.get = Map.prototype.set = () => undefined'],
    ['Array', 'Array.prototype.map = Array.prototype.push = () => { throw 1 }'],
    [
      'everything',
      'for (const name of Object.getOwnPropertyNames(globalThis)) try { delete globalThis[name] } catch {}',
    ],
  ])('breaking %s breaks its own calls alone', async (_name, body) => {
    await attack(js(`${body}; return 1`), { userGuid: 'mallory', callMs: 1_000 });
    const { output } = await attack(js(`${body.replaceAll(/./g, '')}return await context.memory.list()`), {
      userGuid: 'ann',
    });
    expect(output).toStrictEqual([]);
    await expectUnharmed();
  });
});
