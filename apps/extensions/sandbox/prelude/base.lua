-- The functions without a library as plugins have them, and the libraries that need little change.
local host = ...
local error, type, tonumber, next = error, type, tonumber, next
local getmetatable, rawget = debug.getmetatable, rawget
local math_random, math_randomseed = math.random, math.randomseed
local charge, bad_argument, charged = host.charge, host.bad_argument, host.charged

local IN_ADDRESS_ORDER <const> = { table = true, ["function"] = true }

local base = {
  assert = assert, error = error, rawequal = rawequal, rawget = rawget, rawlen = rawlen,
  rawset = rawset, select = select, type = type, pcall = host.pcall, tostring = host.tostring,
  getmetatable = host.getmetatable, setmetatable = host.setmetatable,
}
host.base = base

function base.tonumber(value, ...)
  if type(value) == "string" then charge(#value // 16) end
  return tonumber(value, ...)
end

-- Tables and functions as keys come in the order of their addresses, which no two runs share.
local function check_key(key)
  if IN_ADDRESS_ORDER[type(key)] then
    host.stop("denied", "a table with tables or functions as keys has no order to be read in")
  end
end

local function step(key, ...)
  check_key(key)
  return key, ...
end

function base.next(t, key)
  if key == nil and type(t) == "table" then
    for each in next, t do check_key(each) end
  end
  return step(next(t, key))
end

function base.pairs(t)
  local mt = type(t) == "table" and getmetatable(t)
  local metamethod = type(mt) == "table" and rawget(mt, "__pairs")
  if metamethod then return metamethod(t) end
  if type(t) ~= "table" then bad_argument(1, "pairs", "table", t) end
  return base.next, t, nil
end

local function following(t, i)
  i = i + 1
  local value = t[i]
  if value ~= nil then return i, value end
end

function base.ipairs(t)
  if t == nil then bad_argument(1, "ipairs", "table", t) end
  return following, t, 0
end

host.math = {}
for _, name in next, {
  "abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "fmod", "huge", "log", "max",
  "maxinteger", "min", "mininteger", "modf", "pi", "rad", "sin", "sqrt", "tan", "tointeger", "type", "ult",
} do
  host.math[name] = math[name]
end

local seeded = false
function host.start_random() seeded = false end

-- The stream belongs to the event: seeded by the extension and the event when first asked for.
function host.math.random(...)
  if not seeded then
    local seed = host.ask("seed")
    math_randomseed(seed[1], seed[2])
    seeded = true
  end
  return math_random(...)
end

host.utf8 = {
  char = utf8.char, charpattern = utf8.charpattern, codes = utf8.codes, offset = utf8.offset,
  codepoint = charged(utf8.codepoint), len = charged(utf8.len),
}
