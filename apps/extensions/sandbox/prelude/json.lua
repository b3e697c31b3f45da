-- JSON in both directions: what Python sends is well formed; what a plugin hands over is refused
-- unless it is plain.
local host = ...
local type, next, rawget, getmetatable, tonumber = type, next, rawget, debug.getmetatable, tonumber
local byte, find, match = string.byte, string.find, string.match
local sub, format, gsub = string.sub, string.format, string.gsub
local concat, sort = table.concat, table.sort
local utf8_char, utf8_length = utf8.char, utf8.len
local number_kind, huge = math.type, math.huge

local ESCAPES <const> = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }
local decode_value

local function decode_escape(s, at)
  local letter = sub(s, at, at)
  if letter == "u" then return utf8_char(tonumber(sub(s, at + 1, at + 4), 16)), at + 5 end
  return ESCAPES[letter] or letter, at + 1
end

-- `at` is behind the opening quote; returns the text and where it goes on.
local function decode_string(s, at)
  local whole, after = match(s, '^([^"\\]*)"()', at)
  if whole then return whole, after end
  local parts, n = {}, 0
  local _, stop = find(s, '^[^"\\]*', at)
  while true do
    parts[n + 1] = sub(s, at, stop)
    if byte(s, stop + 1) == 34 then return concat(parts), stop + 2 end
    parts[n + 2], at = decode_escape(s, stop + 2)
    n = n + 2
    _, stop = find(s, '^[^"\\]*', at)
  end
end

local function decode_list(s, at)
  local list, n = {}, 0
  if byte(s, at) == 93 then return list, at + 1 end
  while true do
    n = n + 1
    list[n], at = decode_value(s, at)
    if byte(s, at) == 93 then return list, at + 1 end
    at = at + 1
  end
end

local function decode_map(s, at)
  local map, key = {}, nil
  if byte(s, at) == 125 then return map, at + 1 end
  while true do
    key, at = decode_string(s, at + 1)
    map[key], at = decode_value(s, at + 1)
    if byte(s, at) == 125 then return map, at + 1 end
    at = at + 1
  end
end

function decode_value(s, at)
  local first = byte(s, at)
  if first == 34 then return decode_string(s, at + 1) end
  if first == 123 then return decode_map(s, at + 1) end
  if first == 91 then return decode_list(s, at + 1) end
  if first == 116 then return true, at + 4 end
  if first == 102 then return false, at + 5 end
  if first == 110 then return nil, at + 4 end
  local _, stop = find(s, "^[^,%]}]+", at)
  return tonumber(sub(s, at, stop)), stop + 1
end

-- `null` becomes nil: an absent field, or a hole in a list.
function host.decode(s)
  local value = decode_value(s, 1)
  return value
end

local MAX_DEPTH, MAX_NODES, MAX_BYTES
local nodes, bytes = 0, 0
local parts, count

function host.set_result_bounds(bounds)
  MAX_DEPTH, MAX_NODES, MAX_BYTES = bounds.depth, bounds.nodes, bounds.bytes
end

function host.start_result() nodes, bytes = 0, 0 end

local function refuse(why) host.stop("bad-result", why) end

local function write(text)
  bytes = bytes + #text
  if bytes > MAX_BYTES then refuse(format("the result is over %d bytes", MAX_BYTES)) end
  count = count + 1
  parts[count] = text
end

local SHORT <const> = {
  ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
}

local function escape(c) return SHORT[c] or format("\\u%04x", byte(c)) end

local function write_string(s)
  if #s > MAX_BYTES then refuse(format("a text of %d bytes; the limit is %d", #s, MAX_BYTES)) end
  if not utf8_length(s) then refuse("a text that is not UTF-8") end
  write('"' .. gsub(s, '[%c"\\]', escape) .. '"')
end

local function write_number(n)
  if number_kind(n) == "integer" then return write(format("%d", n)) end
  if n ~= n or n == huge or n == -huge then refuse("a number that is not finite") end
  local text = format("%.17g", n)
  write(find(text, "[.e]") and text or text .. ".0")
end

-- The keys of a map in order, or nil and the length of a list.
local function keys_of(t)
  local names, n, positions = {}, 0, 0
  for key in next, t do
    nodes = nodes + 1
    if nodes > MAX_NODES then refuse(format("the result has over %d values", MAX_NODES)) end
    if type(key) == "string" then
      n = n + 1
      names[n] = key
    elseif number_kind(key) == "integer" then
      positions = positions + 1
    else
      refuse(format("a key that is a %s", number_kind(key) or type(key)))
    end
  end
  if n > 0 and positions > 0 then refuse("a table with both names and positions") end
  if n > 0 then
    sort(names)
    return names, n
  end
  for position = 1, positions do
    if rawget(t, position) == nil then refuse("a list with holes") end
  end
  return nil, positions
end

local write_value

local function write_table(t, depth)
  if depth > MAX_DEPTH then refuse(format("the result is nested deeper than %d", MAX_DEPTH)) end
  if getmetatable(t) ~= nil then refuse("a table with a metatable") end
  local names, n = keys_of(t)
  write(names and "{" or "[")
  for i = 1, n do
    if i > 1 then write(",") end
    if names then
      write_string(names[i])
      write(":")
    end
    write_value(rawget(t, names and names[i] or i), depth + 1)
  end
  write(names and "}" or "]")
end

function write_value(value, depth)
  local kind = type(value)
  if kind == "string" then return write_string(value) end
  if kind == "number" then return write_number(value) end
  if kind == "boolean" then return write(value and "true" or "false") end
  if kind == "nil" then return write("null") end
  if kind ~= "table" then refuse(format("a value that is a %s", kind)) end
  write_table(value, depth)
end

-- Raises a sticky fault for what is not plain data within the bounds of the whole call. An empty
-- table is a list.
function host.encode(value)
  parts, count = {}, 0
  write_value(value, 1)
  local json = concat(parts, "", 1, count)
  parts = nil
  return json
end
