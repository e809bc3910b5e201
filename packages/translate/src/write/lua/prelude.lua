-- The primitives in Lua 5.4, by hand. A list is {n = size, …}, a dictionary {keys = {…}, values = {…}}; null is a value.
_List = {}

_Dict = {}

_null = setmetatable({}, { __jsontype = "null" })

_undefined = {}

_arity = setmetatable({}, { __mode = "k" })

function _refuse(why)
  error("Refused by the translation: " .. why, 0)
end

function _fail(message)
  error(message, 0)
end

function _list(n, items)
  items.n = n
  return setmetatable(items, _List)
end

function _dict(keys, values)
  return setmetatable({ keys = keys, values = values }, _Dict)
end

function _entries(pairs_)
  local entries = _dict({}, {})
  for at = 1, #pairs_, 2 do _dset(entries, pairs_[at], pairs_[at + 1]) end
  return entries
end

function _fn(arity, fn)
  _arity[fn] = arity
  return fn
end

function _apply(fn, count, ...)
  if _arity[fn] ~= count then _fail("A function was given " .. count .. " arguments, it takes " .. tostring(_arity[fn])) end
  return fn(...)
end

function _is_list(x)
  return getmetatable(x) == _List
end

function _is_dict(x)
  return type(x) == "table" and getmetatable(x) == _Dict
end

function _is_text(x)
  return type(x) == "string"
end

function _same(a, b)
  return math.type(a) == math.type(b) and a == b
end

function _add(a, b)
  local sum = a + b
  if (a >= 0) == (b >= 0) and (sum >= 0) ~= (a >= 0) then _refuse("an integer beyond 64 bits") end
  return sum
end

function _sub(a, b)
  local rest = a - b
  if (a >= 0) ~= (b >= 0) and (rest >= 0) ~= (a >= 0) then _refuse("an integer beyond 64 bits") end
  return rest
end

function _mul(a, b)
  local product = a * b
  if a ~= 0 and ((a == -1 and b == math.mininteger) or (b == -1 and a == math.mininteger) or product // a ~= b or product % a ~= 0) then
    _refuse("an integer beyond 64 bits")
  end
  return product
end

function _fmod(a, b)
  if b == 0.0 or a - a ~= 0.0 or b ~= b then return 0.0 / 0.0 end
  return math.fmod(a, b)
end

function _ffloor(x)
  if x - x ~= 0.0 or math.abs(x) >= 4503599627370496.0 then return x end
  local whole = math.floor(x) + 0.0
  return (whole == 0.0 and 1.0 / x < 0.0) and -0.0 or whole
end

function _trunc(x)
  local whole = x < 0.0 and math.ceil(x) or math.floor(x)
  return math.tointeger(whole) or _refuse("an integer beyond 64 bits")
end

function _log(x)
  if x ~= x or x < 0.0 then return 0.0 / 0.0 end
  if x == 0.0 then return -math.huge end
  if x == math.huge then return x end
  local k, high = 0, string.unpack(">i4", string.pack(">d", x))
  if high < 0x00100000 then
    k, x = -54, x * 18014398509481984.0
    high = string.unpack(">i4", string.pack(">d", x))
  end
  k = k + (high >> 20) - 1023
  high = high & 0xfffff
  local i = (high + 0x95f64) & 0x100000
  local f = _with_high(x, high | (i ~ 0x3ff00000)) - 1.0
  local dk = k + (i >> 20) + 0.0
  local low, top = 1.90821492927058770002e-10, 6.93147180369123816490e-01
  if (0xfffff & (2 + high)) < 3 then
    if f == 0.0 then return dk ~= 0.0 and dk * top + dk * low or 0.0 end
    local r = f * f * (0.5 - 0.33333333333333333 * f)
    if dk == 0.0 then return f - r end
    return dk * top - ((r - dk * low) - f)
  end
  local s = f / (2.0 + f)
  local z = s * s
  local w = z * z
  local one = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
  local two = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)))
  local r = two + one
  if (high - 0x6147a) | (0x6b851 - high) > 0 then
    local half = 0.5 * f * f
    if dk == 0.0 then return f - (half - s * (half + r)) end
    return dk * top - ((half - (s * (half + r) + dk * low)) - f)
  end
  if dk == 0.0 then return f - s * (f - r) end
  return dk * top - ((s * (f - r) - dk * low) - f)
end

function _log10(x)
  if x ~= x or x < 0.0 then return 0.0 / 0.0 end
  if x == 0.0 then return -math.huge end
  if x == math.huge then return x end
  if x == 1.0 then return 0.0 end
  local k, high = 0, string.unpack(">i4", string.pack(">d", x))
  if high < 0x00100000 then
    k, x = -54, x * 18014398509481984.0
    high = string.unpack(">i4", string.pack(">d", x))
  end
  k = k + (high >> 20) - 1023
  local i = k < 0 and 1 or 0
  local y = k + i + 0.0
  x = _with_high(x, (high & 0xfffff) | ((0x3ff - i) << 20))
  local z = y * 3.69423907715893078616e-13 + 4.34294481903251816668e-01 * _log(x)
  return z + y * 3.01029995663611771306e-01
end

function _with_high(x, high)
  return (string.unpack(">d", string.pack(">i4", high) .. string.sub(string.pack(">d", x), 5, 8)))
end

function _fpow(x, y)
  _refuse("a power of fractions, which Lua's own C library may round in another way")
end

function _shortest(x)
  for digits = 0, 16 do
    local text = string.format("%." .. digits .. "e", x)
    if tonumber(text) == x then
      local mantissa, exponent = string.match(text, "^([%d.]+)e([-+]%d+)$")
      mantissa = string.gsub(mantissa, "%.", "")
      return _list(2, { (string.gsub(mantissa, "0+$", "")), math.tointeger(tonumber(exponent)) })
    end
  end
end

function _fixed(x, places)
  if places > 99 then _refuse("more than 99 digits after the point") end
  return string.format("%." .. places .. "f", x)
end

function _fixed_up(x, places)
  if places > 40 then _refuse("more than 40 digits after the point") end
  local text, exact = string.format("%." .. places .. "f", x), string.format("%.99f", x)
  local rest = string.sub(exact, -99 + places)
  if not string.match(rest, "^50*$") then return text end
  local digits = string.gsub(string.sub(exact, 1, -100 + places), "[-.]", "")
  local out, carry = {}, 1
  for at = #digits, 1, -1 do
    local digit = string.byte(digits, at) - 48 + carry
    carry = digit // 10
    table.insert(out, 1, tostring(digit % 10))
  end
  if carry == 1 then table.insert(out, 1, "1") end
  local all = table.concat(out)
  local sign = x < 0.0 and "-" or ""
  if places == 0 then return sign .. all end
  return sign .. string.sub(all, 1, -places - 1) .. "." .. string.sub(all, -places)
end

function _int_of(digits)
  local number = math.tointeger(tonumber(digits))
  if number == nil or #digits > 18 then _refuse("an integer beyond 64 bits") end
  return number
end

function _chars(s)
  local items, n = {}, 0
  for char in string.gmatch(s, utf8.charpattern) do
    n = n + 1
    items[n] = char
  end
  return _list(n, items)
end

function _units(s)
  local items, n = {}, 0
  for _, code in utf8.codes(s) do
    if code >= 0x10000 then
      items[n + 1], items[n + 2] = 0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff)
      n = n + 2
    else
      n = n + 1
      items[n] = code
    end
  end
  return _list(n, items)
end

function _from_units(units)
  local parts, at = {}, 1
  while at <= units.n do
    local code = units[at]
    if code >= 0xd800 and code <= 0xdbff and at < units.n and units[at + 1] >= 0xdc00 and units[at + 1] <= 0xdfff then
      code = 0x10000 + ((code - 0xd800) << 10) + units[at + 1] - 0xdc00
      at = at + 1
    end
    parts[#parts + 1] = _char(code)
    at = at + 1
  end
  return table.concat(parts)
end

function _char(code)
  if code >= 0xd800 and code <= 0xdfff then _refuse("half of a character") end
  return utf8.char(code)
end

function _cmp_points(a, b)
  local left, right = _utf8(a), _utf8(b)
  for at = 1, math.min(left.n, right.n) do
    if left[at] ~= right[at] then return left[at] < right[at] and -1 or 1 end
  end
  return left.n < right.n and -1 or left.n > right.n and 1 or 0
end

function _cmp_units(a, b)
  local left, right = _units(a), _units(b)
  for at = 1, math.min(left.n, right.n) do
    if left[at] ~= right[at] then return left[at] < right[at] and -1 or 1 end
  end
  return left.n < right.n and -1 or left.n > right.n and 1 or 0
end

function _utf8(s)
  local items = {}
  for at = 1, #s do items[at] = string.byte(s, at) end
  return _list(#s, items)
end

function _from_utf8(data)
  local parts = {}
  for at = 1, data.n do parts[at] = string.char(data[at]) end
  local text = table.concat(parts)
  if utf8.len(text) == nil then _refuse("bytes that are no text") end
  return text
end

function _contains(s, part)
  return string.find(s, part, 1, true) ~= nil
end

function _starts_with(s, part)
  return string.sub(s, 1, #part) == part
end

function _ends_with(s, part)
  return part == "" or string.sub(s, -#part) == part
end

function _before(s, part)
  local at = string.find(s, part, 1, true)
  if at == nil then return _null end
  return string.sub(s, 1, at - 1)
end

function _split(s, by)
  local items, n, from = {}, 0, 1
  while true do
    local at, last = string.find(s, by, from, true)
    n = n + 1
    if at == nil then
      items[n] = string.sub(s, from)
      return _list(n, items)
    end
    items[n] = string.sub(s, from, at - 1)
    from = last + 1
  end
end

function _replace(s, old, new)
  return table.concat(_split(s, old), new)
end

function _lower_ascii(s)
  return (string.gsub(s, "[A-Z]", function(c) return string.char(string.byte(c) + 32) end))
end

function _upper_ascii(s)
  return (string.gsub(s, "[a-z]", function(c) return string.char(string.byte(c) - 32) end))
end

function _join(parts)
  return table.concat(parts, "", 1, parts.n)
end

function _put(items, at, value)
  items[at + 1] = value
end

function _push(items, value)
  items.n = items.n + 1
  items[items.n] = value
end

function _pop(items)
  local value = items[items.n]
  items[items.n] = nil
  items.n = items.n - 1
  return value
end

function _slice(items, from, to)
  return _list(to - from, table.move(items, from + 1, to, 1, {}))
end

function _splice(items, at, count, more)
  local tail = table.move(items, at + count + 1, items.n, 1, {})
  local rest, before = items.n - at - count, items.n
  local extra = table.move(more, 1, more.n, 1, {})
  table.move(extra, 1, more.n, at + 1, items)
  items.n = at + more.n + rest
  table.move(tail, 1, rest, at + #extra + 1, items)
  for index = items.n + 1, before do items[index] = nil end
end

function _dset(entries, key, value)
  if entries.values[key] == nil then entries.keys[#entries.keys + 1] = key end
  entries.values[key] = value
end

function _ddel(entries, key)
  entries.values[key] = nil
  for at, known in ipairs(entries.keys) do
    if known == key then
      table.remove(entries.keys, at)
      return
    end
  end
end

function _dkeys(entries)
  return _list(#entries.keys, table.move(entries.keys, 1, #entries.keys, 1, {}))
end

function _in(value, schema)
  local kind = math.type(value) or type(value)
  if value == nil or kind == "userdata" then return _null end
  if kind == "string" and utf8.len(value) == nil then _refuse("bytes that are no text") end
  if kind == "float" then
    if value - value ~= 0.0 then _refuse("a number that is not finite") end
    local whole = math.tointeger(value)
    return whole ~= nil and whole >= -9007199254740991 and whole <= 9007199254740991 and whole or value
  end
  if kind == "integer" and (value < -9007199254740991 or value > 9007199254740991) then return value + 0.0 end
  if kind ~= "table" then return value end
  local hints = getmetatable(value)
  if type(hints) ~= "table" then hints = {} end
  if hints.__jsontype == "null" or (json and rawequal(value, json.null)) then return _null end
  local inside = schema and schema.items
  if hints.__jsontype == "array" or hints.__name == "array" or (hints.__jsontype == nil and (#value > 0 or (next(value) == nil and schema and schema.type == "array"))) then
    local items = {}
    local size = #value
    for at = 1, size do items[at] = _in(value[at], inside) end
    return _list(size, items)
  end
  local keys = hints.__jsonorder
  if keys == nil then
    keys = {}
    for key in pairs(value) do keys[#keys + 1] = key end
    if #keys > 1 then _refuse("a table of more than one key without an order (metatable field __jsonorder)") end
  end
  local entries = _dict({}, {})
  for _, key in ipairs(keys) do
    if type(key) ~= "string" then _refuse("a table with keys that are no texts") end
    _dset(entries, _in(key), _in(value[key], schema and schema.properties and schema.properties[key]))
  end
  return entries
end

function _out(value)
  local kind = math.type(value) or type(value)
  if kind == "integer" then
    if value >= -9007199254740991 and value <= 9007199254740991 then return value end
    return tostring(value)
  end
  if kind == "float" then
    if value - value ~= 0.0 then _fail("The result holds a number that is not finite") end
    local whole = math.tointeger(value)
    return whole ~= nil and math.abs(value) <= 9007199254740991.0 and whole or value
  end
  if value == _null then return json and json.null or value end
  if kind == "string" or kind == "boolean" then return value end
  if _is_list(value) then
    local items = {}
    for at = 1, value.n do items[at] = _out(value[at]) end
    return json and json.array and json.array(items) or setmetatable(items, { __jsontype = "array" })
  end
  if not _is_dict(value) then _fail("The result holds what is no JSON value") end
  local entries, order = {}, {}
  for at, key in ipairs(value.keys) do
    if type(key) ~= "string" then _fail("The result holds a key that is no text") end
    order[at] = key
    entries[key] = _out(value.values[key])
  end
  return setmetatable(entries, { __jsontype = "object", __jsonorder = order })
end
