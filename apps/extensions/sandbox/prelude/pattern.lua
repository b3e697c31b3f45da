-- Reads Lua patterns into lists of items, with the errors that C would give. matching.lua runs
-- them.
local host = ...
local error, tonumber = error, tonumber
local byte, find = string.byte, string.find
local sub, format, gsub = string.sub, string.format, string.gsub

local ANCHOR <const>, ESCAPE <const>, END <const>, OPEN <const>, CLOSE <const> = 94, 37, 36, 40, 41
local MAX_PATTERN <const>, MAX_CLASS <const>, MAX_ITEMS <const> = 2000, 128, 200
local MAX_CAPTURES <const> = 32

local function malformed(why) error(format("malformed pattern (%s)", why), 0) end

local function class_end(p, at)
  local first, from = byte(p, at), at
  at = at + 1
  if first == ESCAPE then
    if at > #p then malformed("ends with '%'") end
    return at + 1
  end
  if first ~= 91 then return at end
  if byte(p, at) == ANCHOR then at = at + 1 end
  repeat
    local c = byte(p, at)
    if not c then malformed("missing ']'") end
    at = at + (c == ESCAPE and at < #p and 2 or 1)
  until byte(p, at) == 93
  if at - from > MAX_CLASS then error("pattern too complex", 0) end
  return at + 1
end

-- The pattern that matches `text` and nothing else.
local function literal(text) return (gsub(text, "%W", "%%%0")) end
host.literal = literal

local function read_single(p, at)
  local stop = class_end(p, at)
  local source = sub(p, at, stop - 1)
  local first = byte(source)
  local itself = first ~= 91 and first ~= 46 and (first ~= ESCAPE or find(source, "^%%%W"))
  local plain = itself and sub(source, -1)
  if plain then source = literal(plain) end
  local suffix = sub(p, stop, stop)
  if not find(suffix, "^[*+?%-]") then suffix = "" end
  return { kind = "single", source = source, plain = plain, suffix = suffix }, stop + #suffix
end

local function read_escape(p, at)
  local letter = sub(p, at + 1, at + 1)
  if letter == "b" then
    if at + 3 > #p then malformed("missing arguments to '%b'") end
    return { kind = "balance", open = byte(p, at + 2), close = byte(p, at + 3) }, at + 4
  elseif letter == "f" then
    if byte(p, at + 2) ~= 91 then error("missing '[' after '%f' in pattern", 0) end
    local stop = class_end(p, at + 2)
    return { kind = "frontier", source = sub(p, at + 2, stop - 1) }, stop
  elseif find(letter, "^%d") then
    return { kind = "again", capture = tonumber(letter) }, at + 2
  end
  return read_single(p, at)
end

local function read_open(p, at, captures)
  if #captures >= MAX_CAPTURES then error("too many captures", 0) end
  captures[#captures + 1] = "open"
  if byte(p, at + 1) ~= CLOSE then return { kind = "open", capture = #captures }, at + 1 end
  captures[#captures] = "closed"
  return { kind = "position", capture = #captures }, at + 2
end

local function read_close(at, captures)
  for i = #captures, 1, -1 do
    if captures[i] == "open" then
      captures[i] = "closed"
      return { kind = "close", capture = i }, at + 1
    end
  end
  error("invalid pattern capture", 0)
end

local function read_item(p, at, captures)
  local c = byte(p, at)
  if c == OPEN then return read_open(p, at, captures) end
  if c == CLOSE then return read_close(at, captures) end
  if c == END and at == #p then return { kind = "end" }, at + 1 end
  if c ~= ESCAPE then return read_single(p, at) end
  local item, stop = read_escape(p, at)
  if item.kind == "again" and captures[item.capture] ~= "closed" then
    error(format("invalid capture index %%%d in pattern", item.capture), 0)
  end
  return item, stop
end

-- Plain characters that follow each other become one text.
local function join(items, item)
  local last = items[#items]
  if item.kind == "single" and item.plain and item.suffix == "" then
    if last and last.kind == "text" then
      last.text = last.text .. item.plain
      return
    end
    item = { kind = "text", text = item.plain }
  end
  if #items >= MAX_ITEMS then error("pattern too complex", 0) end
  items[#items + 1] = item
end

-- The items of `p` from `at` on, and how many captures they have.
function host.parse_pattern(p, at)
  if #p > MAX_PATTERN then error("pattern too complex", 0) end
  local items, captures, item = {}, {}, nil
  while at <= #p do
    item, at = read_item(p, at, captures)
    join(items, item)
  end
  for i = 1, #captures do
    if captures[i] == "open" then error("unfinished capture", 0) end
  end
  return items, #captures
end
