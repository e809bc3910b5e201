// Attack: reach files, programs, the environment and other code by the names that Lua has for them.
import { describe, expect, it } from 'vitest';
import { LUA_SANDBOXES, lua } from './attacks.ts';

describe.each(LUA_SANDBOXES)('$name', ({ open }) => {
  const { attack, expectUnharmed } = open();

  it.each([
    'io',
    'debug',
    'package',
    'require',
    'dofile',
    'loadfile',
    'collectgarbage',
    'os.execute',
    'os.getenv',
    'os.exit',
    'os.remove',
    'os.rename',
    'os.tmpname',
    'os.setlocale',
    'string.dump',
    'js',
    'jsAwait',
    'Promise',
    'null',
  ])('%s is not there', async (name) => {
    const { output } = await attack(lua(`return ${name} == nil`));
    expect(output).toBe(true);
    await expectUnharmed();
  });

  it('no table that a program can reach holds anything of the host', async () => {
    const walk = `
    local seen, names = {}, {}
    local function visit(value, path)
      if type(value) == "userdata" or type(value) == "thread" and path ~= "co" then names[#names + 1] = path end
      if type(value) ~= "table" or seen[value] then return end
      seen[value] = true
      for key, item in pairs(value) do visit(item, path .. "." .. tostring(key)) end
      visit(getmetatable(value), path .. ".meta")
    end
    visit(_G, "_G") visit(context, "context") visit(getmetatable(""), "string")
    return json.array(names)`;
    expect((await attack(lua(walk))).output).toStrictEqual([]);
  });
});
