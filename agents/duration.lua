-- Reads a duration the way people write it and says it in other ways: "1h30m", "PT1H30M", "90 min", 5400 seconds.

AGENT = {
  name = "duration",
  description = "Reads a duration as people write it (2h 30m, PT2H30M, 1:30:00, 90 minutes) and gives seconds, ISO 8601 and words.",
  parameters = {
    type = "object",
    properties = {
      text = { type = "string", description = "a duration, such as 2h 30m, PT2H30M, 1:30:00 or 90 minutes", maxLength = 200 },
      seconds = { type = "integer", description = "a duration in seconds, instead of text", minimum = 0, maximum = 9007199254740991 },
    },
  },
  examples = {
    { args = { text = "2h 30m" }, returns = { seconds = 9000, iso = "PT2H30M", words = "2 hours 30 minutes" } },
    { args = { text = "P1DT12H" }, returns = { seconds = 129600, iso = "P1DT12H", words = "1 day 12 hours" } },
    { args = { text = "1:30:05" }, returns = { seconds = 5405, iso = "PT1H30M5S", words = "1 hour 30 minutes 5 seconds" } },
    { args = { seconds = 0 }, returns = { seconds = 0, iso = "PT0S", words = "0 seconds" } },
  },
}

local UNITS = {
  { name = "week", letter = "W", seconds = 604800 },
  { name = "day", letter = "D", seconds = 86400 },
  { name = "hour", letter = "H", seconds = 3600 },
  { name = "minute", letter = "M", seconds = 60 },
  { name = "second", letter = "S", seconds = 1 },
}

local SPELLINGS = {
  w = 604800, wk = 604800, week = 604800,
  d = 86400, day = 86400,
  h = 3600, hr = 3600, hour = 3600,
  m = 60, min = 60, minute = 60,
  s = 1, sec = 1, second = 1,
}

local function spelled(unit)
  return SPELLINGS[unit] or SPELLINGS[(unit:gsub("s$", ""))]
end

local function read_clock(text)
  local hours, minutes, seconds = text:match("^(%d+):(%d%d):(%d%d)$")
  if not hours then
    hours, minutes = text:match("^(%d+):(%d%d)$")
    seconds = 0
  end
  return hours and hours * 3600 + minutes * 60 + seconds
end

local function read(text)
  local clean = text:lower():gsub("^%s+", ""):gsub("%s+$", "")
  local clock = read_clock(clean)
  if clock then return clock end
  -- ISO 8601 is the same pairs of number and letter, with a P before and a T between.
  local iso = clean:match("^p([%d.wdhmst]+)$")
  if iso then clean = iso:gsub("t", " ") end
  local total, found = 0, false
  local rest = clean:gsub("and", " "):gsub(",", " "):gsub("(%d+%.?%d*)%s*(%a+)", function(number, unit)
    local seconds = spelled(unit)
    if not seconds then error("I do not know the unit \"" .. unit .. "\"; write weeks, days, hours, minutes or seconds") end
    total, found = total + tonumber(number) * seconds, true
    return ""
  end)
  if not found or rest:find("%S") then
    error("\"" .. text .. "\" is no duration; write it as 2h 30m, PT2H30M, 1:30:00 or 90 minutes")
  end
  return total
end

local function say(total)
  if total == 0 then return "PT0S", "0 seconds" end
  local date, time, words = "", "", {}
  for index, unit in ipairs(UNITS) do
    local count = total // unit.seconds
    -- ISO 8601 does not mix weeks with other units.
    if index > 1 and count > 0 then
      total = total - count * unit.seconds
      words[#words + 1] = ("%d %s%s"):format(count, unit.name, count == 1 and "" or "s")
      local part = ("%d%s"):format(count, unit.letter)
      if unit.letter == "D" then date = date .. part else time = time .. part end
    end
  end
  return "P" .. date .. (time == "" and "" or "T" .. time), table.concat(words, " ")
end

function run(context, args)
  if (args.text == nil) == (args.seconds == nil) then error("Give either text or seconds") end
  local total = args.seconds or read(args.text)
  local whole = math.floor(total + 0.5)
  local iso, words = say(whole)
  return { seconds = whole, iso = iso, words = words }
end
