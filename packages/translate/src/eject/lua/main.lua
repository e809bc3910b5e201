
-- Alone: arguments as JSON, in one argument or on standard input; --agent prints AGENT.
local function _main(given)
  local function fail(message)
    io.stderr:write(tostring(message), "\n")
    os.exit(1)
  end
  if given == "--agent" then
    print(json.encode(AGENT))
    return
  end
  if given == nil then given = io.read("a") end
  if given == nil or not string.find(given, "%S") then given = "{}" end
  local ok, args = pcall(json.decode, given)
  if not ok then fail(args) end
  if type(args) ~= "table" or getmetatable(args).__jsontype ~= "object" then
    fail("The arguments have to be a JSON object: '{\"key\": \"value\"}'")
  end
  local path, values = os.getenv("PYPES_MEMORY"), {}
  local function read()
    local file = path and io.open(path, "r")
    if not file then return values end
    local text = file:read("a")
    file:close()
    return json.decode(text)
  end
  local function write(next)
    values = next
    if not path then return end
    local file = assert(io.open(path .. ".new", "w"))
    file:write(json.encode(setmetatable(next, nil)))
    file:close()
    os.rename(path .. ".new", path)
  end
  local memory = {
    get = function(key) return read()[key] end,
    set = function(key, value)
      local next = read()
      next[key] = value
      write(next)
    end,
    delete = function(key)
      local next = read()
      local found = next[key] ~= nil
      next[key] = nil
      write(next)
      return found
    end,
    list = function(prefix)
      local keys = {}
      for key in pairs(read()) do
        if string.sub(key, 1, #(prefix or "")) == (prefix or "") then keys[#keys + 1] = key end
      end
      table.sort(keys)
      return keys
    end,
  }
  local context = setmetatable({
    pack_guid = "00000000-0000-4000-8000-000000000000",
    agent = AGENT.name,
    run_id = "alone",
    memory = memory,
    log = function(level, message) io.stderr:write("[", tostring(level), "] ", tostring(message), "\n") end,
    progress = function(fraction, message) io.stderr:write("[", tostring(math.floor(fraction * 100)), " %] ", tostring(message or ""), "\n") end,
  }, {
    __index = function(_, name)
      if name == "user_guid" then return nil end
      error("context." .. tostring(name) .. " needs a host; run this file in Pypes", 0)
    end,
  })
  local done, result = pcall(function() return json.encode(run(context, args)) end)
  if not done then fail(result) end
  print(result)
end

if arg and arg[0] and debug and debug.getinfo(1, "S").source == "@" .. arg[0] then _main(arg[1]) end
