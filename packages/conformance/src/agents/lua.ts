// The suite's agents in Lua.
import type { AgentName } from './agents.ts';

export const LUA: { readonly [name in AgentName]: string } = {
  echo: `AGENT = { name = "echo", description = "Gives back what it gets" }
function run(context, args) return args.value end
`,
  add: `AGENT = { name = "add", parameters = { type = "object", properties = { a = { type = "number" }, b = { type = "number" } }, required = { "a", "b" }, additionalProperties = false }, returns = { type = "number" } }
function run(context, args) return args.a + args.b end
`,
  fail: `AGENT = { name = "fail" }
function run(context, args) error("broken on purpose") end
`,
  remember: `AGENT = { name = "remember" }
function run(context, args) context.memory.set(args.key, args.value) return nil end
`,
  recall: `AGENT = { name = "recall" }
function run(context, args) return context.memory.get(args.key) end
`,
  count: `AGENT = { name = "count" }
function run(context, args)
  local n = (context.memory.get("n") or 0) + 1
  context.memory.set("n", n)
  return n
end
`,
  whoami: `AGENT = { name = "whoami" }
function run(context, args) return { user = context.user_guid, pack = context.pack_guid, agent = context.agent } end
`,
  say: `AGENT = { name = "say" }
function run(context, args)
  print("printed")
  context.log("info", "logged", { n = 1 })
  context.progress(0.5, "half")
  return "said"
end
`,
  lie: `AGENT = { name = "lie", returns = { type = "number" } }
function run(context, args) return "no number" end
`,
  spin: `AGENT = { name = "spin" }
function run(context, args) while true do end end
`,
  swell: `AGENT = { name = "swell" }
function run(context, args)
  local kept = {}
  while true do kept[#kept + 1] = string.rep("x", 1000000) .. #kept end
end
`,
  flood: `AGENT = { name = "flood" }
function run(context, args) return string.rep("x", math.floor(args.bytes)) end
`,
  reach: `AGENT = { name = "reach" }
function run(context, args)
  local got = {}
  local function attempt(what, act)
    local fine, value = pcall(act)
    if fine and value then got[#got + 1] = what .. " " .. tostring(value):sub(1, 40) end
  end
  attempt("file", function() return io.open("/etc/passwd"):read(40) end)
  attempt("environment", function() return os.getenv("PATH") end)
  attempt("command", function() return io.popen("id"):read(40) end)
  attempt("library", function() return package.loadlib("libc.so.6", "*") end)
  attempt("granted network", function() return context.fetch("http://127.0.0.1:PORT/").status end)
  return #got == 0 and "nothing" or got
end
`,
  relay: `AGENT = { name = "relay" }
function run(context, args) return { echoed = context.call("echo", { value = args.value }) } end
`,
  second: `AGENT = { name = "echo", description = "The second of its name" }
function run(context, args) return { second = args.value } end
`,
  many: `AGENT = { name = "many" }
function run(context, args)
  local got = {}
  for i = 1, args.n do got[i] = context.call("echo", { value = 1 }) end
  return got
end
`,
  forget: `AGENT = { name = "forget" }
function run(context, args) context.memory.delete(args.key) return nil end
`,
  keys: `AGENT = { name = "keys" }
function run(context, args) return context.memory.list(args.prefix) end
`,
  unjson: `AGENT = { name = "unjson" }
function run(context, args) return function() return 1 end end
`,
  recurse: `AGENT = { name = "recurse" }
function run(context, args) return context.call("recurse", {}) end
`,
  strict: `AGENT = { name = "strict", parameters = { type = "object", properties = { n = { type = "integer", minimum = 1 }, kind = { enum = { "a", "b" } } }, required = { "n" } } }
function run(context, args) context.memory.set("ran", args.n) return args.n end
`,
  unit: `AGENT = { name = "unit" }
function run(context, args) return args.unit or "C" end
`,
  stain: `AGENT = { name = "stain" }
local seen = nil
function run(context, args)
  local before = seen
  seen = args.mark
  return before
end
`,
};
