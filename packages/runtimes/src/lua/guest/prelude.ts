// What every Lua guest starts with, in Lua: JSON, `context`, and a driver that runs one call. Nothing of the host is
// reachable from here but two functions: `host_log`, and a yield that the host answers.

export const PRELUDE = String.raw`
-- Where the host can read and write JSON faster than this can: it returns nothing for what it leaves to this.
local host_log, native_encode, native_decode = ...
local error, type, tostring, tonumber, next, rawget, rawequal, select, pcall, xpcall, setmetatable, getmetatable =
  error, type, tostring, tonumber, next, rawget, rawequal, select, pcall, xpcall, setmetatable, getmetatable
local floor, mtype, huge = math.floor, math.type, math.huge
local find, sub, byte, format, gsub, char, rep = string.find, string.sub, string.byte, string.format, string.gsub, string.char, string.rep
local concat, sort, pack, unpack = table.concat, table.sort, table.pack, table.unpack
local utf8len, utf8char = utf8.len, utf8.char
local yield, create, resume, status, running, isyieldable, close =
  coroutine.yield, coroutine.create, coroutine.resume, coroutine.status, coroutine.running, coroutine.isyieldable, coroutine.close

-- What a program must not have: files, other programs, compiled chunks, the registry.
dofile, loadfile, require, package, io, debug, collectgarbage = nil, nil, nil, nil, nil, nil, nil
string.dump = nil
os = { time = os.time, clock = os.clock, date = os.date, difftime = os.difftime }
local load_text = load
function load(chunk, name, _, env, ...)
  -- Compiled chunks are not checked by Lua: only source text is taken.
  if select("#", ...) > 0 or env ~= nil then return load_text(chunk, name, "t", env) end
  return load_text(chunk, name, "t")
end

-- JSON --------------------------------------------------------------------------------------------------------------

local null = setmetatable({}, { __name = "null", __tostring = function() return "null" end,
  __newindex = function() error("json.null cannot be changed", 2) end, __metatable = "null" })
local ARRAY = { __name = "array" }
local DEEPEST = 1000

local function refuse(path, what)
  error({ code = "invalid_output", message = "The result" .. path .. " is " .. what }, 0)
end

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
local function escape(c) return ESCAPES[c] or format("\\u%04x", byte(c)) end

local function quote(text, path)
  if not utf8len(text) then refuse(path, "a text that is no UTF-8") end
  return '"' .. gsub(text, '[%c"\\\127]', escape) .. '"'
end

local function number(value, path)
  if mtype(value) == "integer" then
    if value > 9007199254740991 or value < -9007199254740991 then return '"' .. format("%d", value) .. '"' end
    return format("%d", value)
  end
  if value ~= value or value == huge or value == -huge then refuse(path, tostring(value) .. ", JSON has only finite numbers") end
  if value == floor(value) and value < 1e15 and value > -1e15 then return format("%.0f", value) end
  return format("%.17g", value)
end

local encode

local function encode_list(list, count, path, depth)
  local parts = {}
  for index = 1, count do parts[index] = encode(rawget(list, index), path .. "[" .. index .. "]", depth + 1) end
  return "[" .. concat(parts, ",") .. "]"
end

local function encode_table(value, path, depth)
  if depth > DEEPEST then refuse(sub(path, 1, 120), "nested deeper than " .. DEEPEST .. " levels, or contains itself") end
  local names, items = {}, 0
  for key in next, value do
    if type(key) == "string" then names[#names + 1] = key
    elseif mtype(key) == "integer" and key >= 1 then items = items + 1
    else refuse(path, "a table with the key " .. tostring(key) .. ", JSON has only texts as keys") end
  end
  if items == 0 and #names == 0 then return getmetatable(value) == ARRAY and "[]" or "{}" end
  if items > 0 then
    if #names > 0 then refuse(path, "a table with both items and names, it has to be a list or an object") end
    if rawget(value, items) == nil then refuse(path, "a list with holes; put json.null where nothing is") end
    return encode_list(value, items, path, depth)
  end
  sort(names)
  for index, name in next, names do
    names[index] = quote(name, path) .. ":" .. encode(rawget(value, name), path .. "." .. name, depth + 1)
  end
  return "{" .. concat(names, ",") .. "}"
end

function encode(value, path, depth)
  if native_encode and depth == 0 then
    local text = native_encode(value, null, ARRAY)
    if text then return text end
  end
  local kind = type(value)
  if kind == "string" then return quote(value, path) end
  if kind == "number" then return number(value, path) end
  if kind == "boolean" then return value and "true" or "false" end
  if kind == "nil" or rawequal(value, null) then return "null" end
  if kind == "table" then return encode_table(value, path, depth) end
  refuse(path, "a " .. kind .. ", which is no JSON value")
end

local decode_at
local UNESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function broken(text, at) error("This is no JSON, at byte " .. at .. ": " .. sub(text, at, at + 20), 0) end

local function decode_text(text, at)
  local parts, from = {}, at + 1
  while true do
    local stop = find(text, '["\\]', from)
    if not stop then broken(text, at) end
    parts[#parts + 1] = sub(text, from, stop - 1)
    if byte(text, stop) == 34 then return concat(parts), stop + 1 end
    local kind = sub(text, stop + 1, stop + 1)
    if kind == "u" then
      local code = tonumber(sub(text, stop + 2, stop + 5), 16)
      from = stop + 6
      if not code then broken(text, stop) end
      if code >= 0xD800 and code < 0xDC00 and sub(text, from, from + 1) == "\\u" then
        local low = tonumber(sub(text, from + 2, from + 5), 16)
        if low and low >= 0xDC00 and low < 0xE000 then
          code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
          from = from + 6
        end
      end
      if code >= 0xD800 and code < 0xE000 then code = 0xFFFD end
      parts[#parts + 1] = utf8char(code)
    else
      local plain = UNESCAPES[kind]
      if not plain then broken(text, stop) end
      parts[#parts + 1] = plain
      from = stop + 2
    end
  end
end

local function skip(text, at) return (find(text, "[^ \t\r\n]", at)) or #text + 1 end

local function decode_list(text, at, depth)
  local list, count = setmetatable({}, ARRAY), 0
  at = skip(text, at + 1)
  if byte(text, at) == 93 then return list, at + 1 end
  while true do
    count = count + 1
    list[count], at = decode_at(text, at, depth + 1)
    at = skip(text, at)
    local mark = byte(text, at)
    if mark == 93 then return list, at + 1 end
    if mark ~= 44 then broken(text, at) end
    at = skip(text, at + 1)
  end
end

local function decode_object(text, at, depth)
  -- Lua's tables forget their order; whoever needs that of the text finds it here.
  local object, order = {}, {}
  setmetatable(object, { __jsonorder = order })
  at = skip(text, at + 1)
  if byte(text, at) == 125 then return object, at + 1 end
  while true do
    if byte(text, at) ~= 34 then broken(text, at) end
    local name
    name, at = decode_text(text, at)
    at = skip(text, at)
    if byte(text, at) ~= 58 then broken(text, at) end
    if object[name] == nil then order[#order + 1] = name end
    object[name], at = decode_at(text, skip(text, at + 1), depth + 1)
    at = skip(text, at)
    local mark = byte(text, at)
    if mark == 125 then return object, at + 1 end
    if mark ~= 44 then broken(text, at) end
    at = skip(text, at + 1)
  end
end

local WORDS = { ["true"] = true, ["false"] = false, null = null }

function decode_at(text, at, depth)
  if depth > DEEPEST then error("This JSON is nested too deep", 0) end
  local mark = byte(text, at)
  if mark == 34 then return decode_text(text, at) end
  if mark == 123 then return decode_object(text, at, depth) end
  if mark == 91 then return decode_list(text, at, depth) end
  local _, stop, word = find(text, "^(%a+)", at)
  if word and WORDS[word] ~= nil then return WORDS[word], stop + 1 end
  local digits
  _, stop, digits = find(text, "^(%-?%d+%.?%d*[eE]?[+-]?%d*)", at)
  local value = digits and tonumber(digits)
  if not value then broken(text, at) end
  return value, stop + 1
end

local function decode(text)
  if native_decode then
    local done, value = native_decode(text, null, ARRAY)
    if done then return value end
  end
  local value, at = decode_at(text, skip(text, 1), 0)
  if skip(text, at) <= #text then broken(text, at) end
  return value
end

json = {
  null = null,
  encode = function(value) return encode(value, "", 0) end,
  decode = decode,
  array = function(list) return setmetatable(list or {}, ARRAY) end,
}

-- Asking the host ---------------------------------------------------------------------------------------------------

local ASK = {}

-- A coroutine of the program that asks hands the question on to whoever resumed it, down to the host.
local function pass(co, answered, ...)
  local results = pack(answered, ...)
  while results[1] and rawequal(results[2], ASK) do
    results = pack(resume(co, yield(ASK, results[3], results[4])))
  end
  return unpack(results, 1, results.n)
end
coroutine.resume = function(co, ...) return pass(co, resume(co, ...)) end
coroutine.wrap = function(body)
  local co = create(body)
  return function(...)
    local results = pack(coroutine.resume(co, ...))
    if results[1] then return unpack(results, 2, results.n) end
    error(results[2], type(results[2]) == "string" and 2 or 0)
  end
end

local Failure = { __name = "failure", __tostring = function(failure) return failure.message end }

local function ask(operation, parameters)
  if not isyieldable() then
    error("context." .. operation .. " cannot be used here: not inside a comparison function, a metamethod or gsub", 3)
  end
  local text = encode(parameters, "", 0)
  local ok, answer = yield(ASK, operation, text)
  local value = decode(answer)
  if ok then
    if rawequal(value, null) then return nil end
    return value
  end
  error(setmetatable(value, Failure), 0)
end

local BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local VALUES = {}
for index = 1, 64 do VALUES[byte(BASE64, index)] = index - 1 end

local function to_base64(bytes)
  local parts = {}
  for at = 1, #bytes, 3 do
    local a, b, c = byte(bytes, at, at + 2)
    local bits = (a << 16) | ((b or 0) << 8) | (c or 0)
    local function digit(shift) local n = ((bits >> shift) & 63) + 1 return sub(BASE64, n, n) end
    parts[#parts + 1] = digit(18) .. digit(12) .. (b and digit(6) or "=") .. (c and digit(0) or "=")
  end
  return concat(parts)
end

local function from_base64(text)
  local parts = {}
  for at = 1, #text, 4 do
    local a, b, c, d = byte(text, at, at + 3)
    local bits = (VALUES[a] << 18) | (VALUES[b] << 12) | ((VALUES[c] or 0) << 6) | (VALUES[d] or 0)
    local bytes = char((bits >> 16) & 255, (bits >> 8) & 255, bits & 255)
    parts[#parts + 1] = c == 61 and sub(bytes, 1, 1) or d == 61 and sub(bytes, 1, 2) or bytes
  end
  return concat(parts)
end

-- Lua's texts are bytes: what is no UTF-8 travels as base64.
local function content(bytes, into)
  if bytes == nil then return into end
  bytes = tostring(bytes)
  if utf8len(bytes) then into.text = bytes else into.base64 = to_base64(bytes) end
  return into
end

local function bytes_of(answer)
  if answer.text and not rawequal(answer.text, null) then return answer.text end
  return answer.base64 and from_base64(answer.base64) or ""
end

local function copy(table, into)
  for name, value in next, table or {} do into[name] = value end
  return into
end

-- context.memory.get("k") and context.memory:get("k") are the same.
local function members(functions)
  local owner = {}
  for name, member in next, functions do
    owner[name] = function(first, ...)
      if rawequal(first, owner) then return member(...) end
      return member(first, ...)
    end
  end
  return owner
end

local function named(operation, ...)
  local names = pack(...)
  return function(...)
    local parameters = {}
    for index = 1, names.n do parameters[names[index]] = (select(index, ...)) end
    return ask(operation, parameters)
  end
end

local function positional(operation, count)
  return function(...)
    local parameters = json.array()
    for index = 1, count do
      local value = (select(index, ...))
      parameters[index] = value == nil and null or value
    end
    return ask(operation, parameters)
  end
end

local LEVELS = { debug = true, info = true, warn = true, error = true }

local function to_text(value)
  if type(value) ~= "string" then value = tostring(value) end
  if utf8len(value) then return value end
  return (gsub(value, "[\128-\255]", "?"))
end

local function log(level, message, data)
  if not LEVELS[level] then error("context.log takes debug, info, warn or error, got " .. tostring(level), 3) end
  host_log(level, to_text(message), data == nil and "" or encode(data, "", 0))
end

function print(...)
  local parts = pack(...)
  for index = 1, parts.n do parts[index] = to_text(parts[index]) end
  host_log("print", concat(parts, "\t", 1, parts.n), "")
end

local function lower_headers(pairs)
  local headers = {}
  for _, pair in next, pairs or {} do
    local name = string.lower(pair[1])
    headers[name] = headers[name] and headers[name] .. ", " .. pair[2] or pair[2]
  end
  return headers
end

local function fetch(url, options)
  local asked = copy(options, {})
  local body = asked.body
  asked.body, asked.url = nil, url
  local answer = ask("fetch", content(body, asked))
  local text = bytes_of(answer)
  return {
    status = answer.status, ok = answer.status >= 200 and answer.status < 300, url = answer.url,
    headers = lower_headers(answer.headers), text = text, json = function() return decode(text) end,
  }
end

local function create_context(about)
  local context = members({
    log = log,
    progress = function(fraction, message)
      if type(fraction) ~= "number" then error("context.progress takes a number from 0 to 1, got " .. tostring(fraction), 3) end
      host_log("progress", message == nil and "" or to_text(message), number(fraction, ""))
    end,
    call = function(agent, args) return ask("call", json.array({ agent, args or {} })) end,
    fetch = fetch,
  })
  context.memory = members({
    get = positional("memory.get", 1), set = positional("memory.set", 2),
    delete = positional("memory.delete", 1), list = positional("memory.list", 1),
  })
  context.objects = members({
    put = function(name, bytes, kind) return ask("objects.put", content(bytes or "", { name = name, content_type = kind })) end,
    get = function(name, from, to)
      local found = ask("objects.get", { name = name, start = from, ["end"] = to })
      if found == nil then return nil end
      found.text, found.base64 = bytes_of(found), nil
      return found
    end,
    list = named("objects.list", "prefix"), delete = named("objects.delete", "name"),
  })
  context.vault = members({ get = named("vault.get", "name") })
  context.ai = members({
    complete = function(request)
      if type(request) == "string" then request = { messages = { { role = "user", content = request } } } end
      return ask("ai.complete", request)
    end,
  })
  context.session = members({
    read = function(path) return bytes_of(ask("session.read", { path = path })) end,
    write = function(path, bytes) return ask("session.write", content(bytes or "", { path = path })) end,
    list = named("session.list", "path"), delete = named("session.delete", "path"),
    ["goto"] = named("session.goto", "url"), click = named("session.click", "selector"),
    fill = named("session.fill", "selector", "value"), text = named("session.text", "selector"),
    screenshot = named("session.screenshot", "name", "selector"),
    go_to = named("session.goto", "url"), -- goto is a word of Lua
  })
  for _, name in next, { "user_guid", "pack_guid", "run_id", "agent" } do
    if not rawequal(about[name], null) then context[name] = about[name] end
  end
  return context
end

-- The driver --------------------------------------------------------------------------------------------------------

local function describe(failure)
  if type(failure) == "table" and type(rawget(failure, "message")) == "string" then return failure end
  if type(failure) == "string" then return { message = failure } end
  local ok, text = pcall(encode, failure, "", 0)
  return { message = ok and text or tostring(failure) }
end

local function outcome(done, result)
  if done then return "ok", result end
  local failure = describe(result)
  local code, message = failure.code, to_text(failure.message)
  local invalid = code == "invalid_output"
  local cause = type(code) == "string" and not invalid and code or nil
  return "failed", encode({ code = invalid and code or nil, cause = cause, message = message }, "", 0)
end

local env = _G

return {
  metadata = function()
    return outcome(pcall(function()
      if type(env.run) ~= "function" then error({ message = "The file sets no global function run(context, args)" }, 0) end
      if type(env.AGENT) ~= "table" then error({ message = "The file sets no global AGENT, which has to be a table" }, 0) end
      return encode(env.AGENT, "", 0)
    end))
  end,
  call = function(args, about)
    return outcome(pcall(function()
      local run = env.run
      if type(run) ~= "function" then error({ message = "The file has no global function run" }, 0) end
      local given = decode(args)
      for name, value in next, given do if rawequal(value, null) then given[name] = nil end end
      return encode(run(create_context(decode(about)), given), "", 0)
    end))
  end,
}
`;
