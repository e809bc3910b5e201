// Programs that use up the memory of an isolate, each in its own way, where nothing bounds them.
export type Bomb = { readonly name: string; readonly filename: string; readonly source: string };

const js = (name: string, body: string): Bomb => ({
  name: `JavaScript: ${name}`,
  filename: 'bomb.js',
  source: `export const AGENT = { name: 'bomb' };\nexport async function run(context, args) {\n${body}\n}`,
});
const lua = (name: string, body: string): Bomb => ({
  name: `Lua: ${name}`,
  filename: 'bomb.lua',
  source: `AGENT = { name = "bomb" }\nfunction run(context, args)\n${body}\nend`,
});

export const BOMBS: readonly Bomb[] = [
  js('texts', 'const all = []; for (;;) all.push("x".repeat(1e6) + all.length)'),
  js('lists', 'const all = []; for (;;) all.push([all])'),
  js('buffers', 'const all = []; for (;;) all.push(new Uint8Array(1e6))'),
  js('buffers, again and again', 'const all = []; for (;;) try { all.push(new Uint8Array(1e6)) } catch {}'),
  js('questions', 'for (;;) context.memory.get("x")'),
  js('timers', 'for (;;) setTimeout(() => {}, 1)'),
  js('the result', 'return "x".repeat(2e7)'),
  lua('a text that doubles', 'local s = "x" while true do s = s .. s end'),
  lua('many texts joined', `local s = ("x"):rep(1e6) while true do s = ${'s .. '.repeat(50)} s end`),
  lua('rep', 'return ("x"):rep(2 ^ 30)'),
  lua('tables', 'local t = {} while true do t[#t + 1] = { t } end'),
  lua('closures', 'local t = {} while true do t[#t + 1] = function() return t end end'),
  lua('texts', 'local t = {} while true do t[#t + 1] = "abc" .. #t end'),
  lua('names', 'local t, i = {}, 0 while true do i = i + 1 t["name" .. i] = i end'),
  lua('coroutines', 'local t = {} while true do t[#t + 1] = coroutine.create(function() end) end'),
  lua('recursion', 'local function f(n) return 1 + f(n + 1) end return f(1)'),
  lua('coroutines in coroutines', 'local function f(n) return coroutine.wrap(f)(n + 1) end return f(1)'),
  lua('gsub', 'return #(("x"):rep(1e6):gsub(".", ("y"):rep(1e6)))'),
  lua('gsub with a function', 'return #(("x"):rep(1e5):gsub(".", function() return ("y"):rep(1e6) end))'),
  lua('concat', 'local s, t = ("y"):rep(1e6), {} for i = 1, 1e5 do t[i] = s end return #table.concat(t)'),
  lua('JSON', 'local t = { 1 } for i = 1, 40 do t = { t, t } end return json.encode(t)'),
  lua('source', 'load("return " .. ("{1},"):rep(2e5)) return ("x"):rep(1e8)'),
  lua('source in pieces', 'return load(function() return "x=1 " end) == nil'),
  lua('pack', 'return #string.pack("c1000000000", "")'),
  lua('unpack', 'return select("#", table.unpack({}, 1, 1e7))'),
  lua('byte', 'return select("#", ("x"):rep(1e6):byte(1, -1))'),
  lua(
    'format',
    'local s, t = ("x"):rep(1e6), {} for i = 1, 50 do t[i] = s end return #("%s"):rep(50):format(table.unpack(t))',
  ),
  lua(
    'a list of arguments',
    'local t = { ("x"):rep(1e5):byte(1, 49999) } while true do t = { t, table.unpack(t) } end',
  ),
  lua('the failure', 'error(("x"):rep(2e7))'),
  lua('a log', 'for n = 1, 1e6 do print(("x"):rep(1e7)) end'),
  js('the failure', 'throw new Error("x".repeat(2e7))'),
];
