-- The string library as plugins have it: no addresses, no endless calls, every large piece of work
-- charged.
local host = ...
local error, type, select, tostring, tonumber = error, type, select, tostring, tonumber
local getmetatable, rawget = debug.getmetatable, rawget
local byte, char, find = string.byte, string.char, string.find
local sub, format, rep = string.sub, string.format, string.rep
local lower, upper, reverse, length = string.lower, string.upper, string.reverse, string.len
local concat, pack, unpack = table.concat, table.pack, table.unpack
local to_integer = math.tointeger
local charge, bad_argument = host.charge, host.bad_argument
local matcher, search = host.matcher, host.search
local captures, find_plain = host.captures, host.find_plain

local SPECIALS <const> = "[%^%$%*%+%?%.%(%[%%%-]"
local MAX_REPETITION <const> = 1 << 30
local BLOCK <const> = 256 -- C copies one `s` at a time, so that many small ones are slow.

local function text(value, position, name)
  if type(value) == "string" then return value end
  if type(value) == "number" then return tostring(value) end
  bad_argument(position, name, "string", value)
end
host.text = text

local function integer(value, default, position, name)
  if value == nil and default then return default end
  local number = to_integer(tonumber(value))
  if not number then bad_argument(position, name, "integer", value) end
  return number
end
host.integer = integer

-- Tables and functions by their kind alone: an address would tell two runs apart.
local function display(value)
  local kind = type(value)
  if kind == "function" then return "function" end
  if kind ~= "table" then return tostring(value) end
  local mt = getmetatable(value)
  local convert = mt and rawget(mt, "__tostring")
  if not convert then
    local name = mt and rawget(mt, "__name")
    return type(name) == "string" and name or "table"
  end
  local shown = convert(value)
  if type(shown) ~= "string" then error("'__tostring' must return a string", 0) end
  return shown
end
host.tostring = display

local function start_of(init, s, name)
  local at = integer(init, 1, 3, name)
  if at > 0 then return at end
  if at == 0 or at < -#s then return 1 end
  return #s + at + 1
end

local library = {}
host.string = library

library.byte, library.char, library.len, library.sub = byte, char, length, sub

local function charged(f)
  return function(s, ...)
    charge(length(s) // 16)
    return f(s, ...)
  end
end
library.lower, library.upper, library.reverse = charged(lower), charged(upper), charged(reverse)
host.charged = charged

local function paid(result)
  charge(#result // 64)
  return result
end

-- A number of copies that would loop for ever without using memory ends here; the memory limit
-- bounds the rest.
function library.rep(s, n, separator)
  s, n = text(s, 1, "rep"), integer(n, nil, 2, "rep")
  separator = separator == nil and "" or text(separator, 3, "rep")
  if n < 1 or #s + #separator == 0 then return "" end
  if n > MAX_REPETITION then error("resulting string too large", 0) end
  if n < 2 * BLOCK or #separator > 0 then return paid(rep(s, n, separator)) end
  return paid(rep(rep(s, BLOCK), n // BLOCK) .. rep(s, n % BLOCK))
end

local function find_or_match(s, p, init, name)
  local at = start_of(init, s, name)
  if at > #s + 1 then return nil end
  local m = matcher(p, true)
  local start, stop = search(m, s, at)
  return m, start, stop
end

function library.find(s, p, init, plain)
  s, p = text(s, 1, "find"), text(p, 2, "find")
  if plain or not find(p, SPECIALS) then return find_plain(s, p, start_of(init, s, "find")) end
  local m, start, stop = find_or_match(s, p, init, "find")
  if not start then return nil end
  if m.count == 0 then return start, stop - 1 end
  return start, stop - 1, captures(m, s, start, stop)
end

function library.match(s, p, init)
  s, p = text(s, 1, "match"), text(p, 2, "match")
  local m, start, stop = find_or_match(s, p, init, "match")
  if not start then return nil end
  return captures(m, s, start, stop)
end

function library.gmatch(s, p, init)
  s, p = text(s, 1, "gmatch"), text(p, 2, "gmatch")
  local at, previous, m = start_of(init, s, "gmatch"), nil, matcher(p, false)
  return function()
    local start, stop = search(m, s, at, previous)
    if not start then
      at = #s + 2
      return nil
    end
    at, previous = stop, stop
    return captures(m, s, start, stop)
  end
end

local function nth(index, whole, ...)
  if index == 0 then return whole end
  if index > select("#", ...) then
    error(format("invalid capture index %%%d in replacement string", index), 0)
  end
  return (select(index, ...))
end

-- A replacement text as a function of the whole match and its captures.
local function template(replacement)
  if not find(replacement, "%", 1, true) then return function() return replacement end end
  local pieces, n, at = {}, 0, 1
  while true do
    local mark = find(replacement, "%", at, true)
    n = n + 1
    pieces[n] = sub(replacement, at, (mark or 0) - 1)
    if not mark then break end
    local digit = sub(replacement, mark + 1, mark + 1)
    if not find(digit, "^[%d%%]") then error("invalid use of '%' in replacement string", 0) end
    n = n + 1
    pieces[n] = digit == "%" and "%" or tonumber(digit)
    at = mark + 2
  end
  return function(...)
    local out = {}
    for i = 1, n do out[i] = type(pieces[i]) == "string" and pieces[i] or nth(pieces[i], ...) end
    return concat(out)
  end
end

local function replacer(replacement)
  local kind = type(replacement)
  if kind == "function" then return function(_, ...) return replacement(...) end end
  if kind == "table" then return function(_, first) return replacement[first] end end
  if kind ~= "string" and kind ~= "number" then
    bad_argument(3, "gsub", "string/function/table", replacement)
  end
  return template(tostring(replacement))
end

local function replaced(replace, whole, ...)
  local value = replace(whole, ...)
  if not value then return whole end
  if type(value) == "string" then return value end
  if type(value) == "number" then return tostring(value) end
  error(format("invalid replacement value (a %s)", type(value)), 0)
end

function library.gsub(s, p, replacement, max)
  s, p = text(s, 1, "gsub"), text(p, 2, "gsub")
  local replace, limit = replacer(replacement), integer(max, #s + 1, 4, "gsub")
  local m = matcher(p, true)
  local out, n, made, done, at, previous = {}, 0, 0, 1, 1, nil
  while made < limit do
    local start, stop = search(m, s, at, previous)
    if not start then break end
    made = made + 1
    out[n + 1] = sub(s, done, start - 1)
    out[n + 2] = replaced(replace, sub(s, start, stop - 1), captures(m, s, start, stop))
    n = n + 2
    at, done, previous = stop, stop, stop
    if m.anchored then break end
  end
  out[n + 1] = sub(s, done)
  return paid(concat(out)), made
end

function library.format(pattern, ...)
  pattern = text(pattern, 1, "format")
  local arguments, n, at = pack(...), 0, 1
  while true do
    local _, stop, kind = find(pattern, "%%[^%a%%]*([%a%%])", at)
    if not stop then break end
    at = stop + 1
    if kind ~= "%" then n = n + 1 end
    if kind == "p" then error("'%p' is not offered: it would show an address", 0) end
    if kind == "s" and n <= arguments.n then arguments[n] = display(arguments[n]) end
  end
  return paid(format(pattern, unpack(arguments, 1, arguments.n)))
end
