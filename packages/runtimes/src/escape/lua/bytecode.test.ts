// Attack: load compiled chunks, which Lua does not check and which can break out of its machine.
import { describe, expect, it } from 'vitest';
import { LUA_SANDBOXES, lua } from './attacks.ts';

describe.each(LUA_SANDBOXES)('$name', ({ open }) => {
  const { attack, load, expectUnharmed } = open();

  it.each([
    'load("\\27Lua")',
    'load("\\27Lua", "x", "b")',
    'load(function() return "\\27Lua" end, "x", "bt")',
    'load("\\27Lua", "x", "bt", {})',
  ])('%s', async (expression) => {
    const { output } = await attack(lua(`local f, why = ${expression}\nreturn { f = f == nil, why = why }`));
    expect(output).toMatchObject({ f: true, why: expect.stringMatching(/attempt to load a binary chunk|text/) });
    await expectUnharmed();
  });

  it('the file itself is no compiled chunk', async () => {
    await expect(load('\u001bLua\u0054')).rejects.toMatchObject({ code: 'agent_broken' });
  });
});
