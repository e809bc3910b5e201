-- A small JSON reader and writer, where the host brings none: json.null, json.array, json.encode, json.decode. Objects
-- keep their order in their metatable's field __jsonorder.
json = json or (function()
local json = {}

local null = setmetatable({}, { __jsontype = "null" })

local ARRAY = { __name = "array", __jsontype = "array" }

local escapes = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }

local function fail(text, at)
  error("The text is no JSON at position " .. at .. ": " .. string.sub(text, at, at + 20), 0)
end

local function skip(text, at)
  return string.find(text, "[^ \t\r\n]", at) or #text + 1
end

local function read_string(text, at)
  local parts, from = {}, at + 1
  while true do
    local stop = string.find(text, '["\\%c]', from)
    if stop == nil then fail(text, at) end
    parts[#parts + 1] = string.sub(text, from, stop - 1)
    local mark = string.sub(text, stop, stop)
    if mark == '"' then return table.concat(parts), stop + 1 end
    local letter = string.sub(text, stop + 1, stop + 1)
    if mark ~= "\\" and mark ~= "\127" then fail(text, stop) end
    if mark == "\127" then
      parts[#parts + 1] = mark
      from = stop + 1
    elseif letter == "u" then
      local code = tonumber(string.match(text, "^%x%x%x%x", stop + 2) or fail(text, stop), 16)
      from = stop + 6
      if code >= 0xd800 and code <= 0xdbff then
        local low = string.match(text, "^\\u(%x%x%x%x)", from)
        local second = low and tonumber(low, 16)
        if second and second >= 0xdc00 and second <= 0xdfff then
          code = 0x10000 + ((code - 0xd800) << 10) + second - 0xdc00
          from = from + 6
        end
      end
      parts[#parts + 1] = utf8.char(code)
    else
      parts[#parts + 1] = escapes[letter] or fail(text, stop)
      from = stop + 2
    end
  end
end

local read_value

local function read_list(text, at)
  local items, n = {}, 0
  at = skip(text, at + 1)
  if string.sub(text, at, at) ~= "]" then
    while true do
      n = n + 1
      items[n], at = read_value(text, at)
      at = skip(text, at)
      local mark = string.sub(text, at, at)
      if mark == "]" then break end
      if mark ~= "," then fail(text, at) end
      at = at + 1
    end
  end
  return setmetatable(items, ARRAY), at + 1
end

local function read_object(text, at)
  local entries, order, seen = {}, {}, {}
  at = skip(text, at + 1)
  if string.sub(text, at, at) ~= "}" then
    while true do
      at = skip(text, at)
      if string.sub(text, at, at) ~= '"' then fail(text, at) end
      local key
      key, at = read_string(text, at)
      at = skip(text, at)
      if string.sub(text, at, at) ~= ":" then fail(text, at) end
      entries[key], at = read_value(text, at + 1)
      if not seen[key] then order[#order + 1] = key end
      seen[key] = true
      at = skip(text, at)
      local mark = string.sub(text, at, at)
      if mark == "}" then break end
      if mark ~= "," then fail(text, at) end
      at = at + 1
    end
  end
  return setmetatable(entries, { __jsontype = "object", __jsonorder = order }), at + 1
end

function read_value(text, at)
  at = skip(text, at)
  local mark = string.sub(text, at, at)
  if mark == "{" then return read_object(text, at) end
  if mark == "[" then return read_list(text, at) end
  if mark == '"' then return read_string(text, at) end
  for word, value in pairs({ ["true"] = true, ["false"] = false }) do
    if string.sub(text, at, at + #word - 1) == word then return value, at + #word end
  end
  if string.sub(text, at, at + 3) == "null" then return null, at + 4 end
  local number = string.match(text, "^-?%d+%.?%d*[eE]?[-+]?%d*", at)
  local value = number and tonumber(number)
  if value == nil then fail(text, at) end
  local whole = math.tointeger(value)
  if whole and whole >= -9007199254740991 and whole <= 9007199254740991 then value = whole else value = value + 0.0 end
  return value, at + #number
end

function json.decode(text)
  local value, at = read_value(text, 1)
  if skip(text, at) <= #text then fail(text, at) end
  return value
end

local function write_string(text)
  if utf8.len(text) == nil then error("The result holds a text that is no UTF-8", 0) end
  return '"' .. string.gsub(text, '[%c"\\]', function(char)
    local short = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
    return short[char] or string.format("\\u%04x", string.byte(char))
  end) .. '"'
end

local function write_number(value)
  if math.type(value) == "integer" then
    if value < -9007199254740991 or value > 9007199254740991 then return '"' .. value .. '"' end
    return tostring(value)
  end
  if value - value ~= 0.0 then error("The result holds a number that is not finite", 0) end
  for digits = 1, 17 do
    local text = string.format("%." .. digits .. "g", value)
    if tonumber(text) == value then return text end
  end
end

local function write(value, depth)
  if depth > 200 then error("The result is nested too deep", 0) end
  local kind = type(value)
  if value == nil then return "null" end
  if kind == "boolean" then return tostring(value) end
  if kind == "number" then return write_number(value) end
  if kind == "string" then return write_string(value) end
  if kind ~= "table" then error("The result holds a " .. kind .. ", which is no JSON value", 0) end
  local hints = getmetatable(value) or {}
  if hints.__jsontype == "null" then return "null" end
  local parts = {}
  if hints.__jsontype == "array" or (hints.__jsontype == nil and #value > 0) then
    local size = #value
    for key in pairs(value) do
      if math.type(key) ~= "integer" or key < 1 or key > size then error("The result holds a list with keys that are no positions", 0) end
    end
    for at = 1, size do parts[at] = write(value[at], depth + 1) end
    return "[" .. table.concat(parts, ",") .. "]"
  end
  local order = hints.__jsonorder
  if order == nil then
    order = {}
    for key in pairs(value) do order[#order + 1] = key end
    for _, key in ipairs(order) do
      if type(key) ~= "string" then error("The result holds a key that is no text", 0) end
    end
    table.sort(order)
  end
  for _, key in ipairs(order) do
    if value[key] ~= nil then parts[#parts + 1] = write_string(key) .. ":" .. write(value[key], depth + 1) end
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

function json.encode(value)
  return write(value, 0)
end

json.null = null

function json.array(list)
  return setmetatable(list or {}, ARRAY)
end

return json
end)()
