-- Metatables as plugins have them. Lua is given a copy, made whenever one is set: in a table that the
-- plugin holds, a name put together later could make others weak, and those show when the collector
-- ran. Finalizers would run without a budget.
local host = ...
local error, type, next = error, type, next
local getmetatable, setmetatable = debug.getmetatable, setmetatable
local rawget = rawget
local bad_argument = host.bad_argument

local FORBIDDEN <const> = { "__gc", "__mode" }
local EVENTS <const> = {}
for _, name in next, {
  "index", "newindex", "call", "close", "len", "concat", "eq", "lt", "le", "tostring", "name", "pairs",
  "unm", "bnot", "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr",
} do
  EVENTS["__" .. name] = true
end

-- Both ways, and no longer than a table has it: the host's own weakness shows nowhere.
local copies = setmetatable({}, { __mode = "k" })
local originals = setmetatable({}, { __mode = "k" })

local function copied(mt)
  local copy = copies[mt]
  if not copy then
    copy = {}
    copies[mt], originals[copy] = copy, mt
  end
  for name in next, copy do copy[name] = nil end
  for name, value in next, mt do
    if EVENTS[name] then copy[name] = value end
  end
  return copy
end

local function metatable_of(value)
  local mt = type(value) == "table" and getmetatable(value) or nil
  return originals[mt] or mt
end

function host.getmetatable(value)
  local mt = metatable_of(value)
  if type(mt) ~= "table" then return mt end
  local shown = rawget(mt, "__metatable")
  if shown ~= nil then return shown end
  return mt
end

-- What is changed in `mt` afterwards counts from the next time that it is set.
function host.setmetatable(t, mt)
  if type(t) ~= "table" then bad_argument(1, "setmetatable", "table", t) end
  if mt ~= nil and type(mt) ~= "table" then bad_argument(2, "setmetatable", "nil or table", mt) end
  local now = metatable_of(t)
  if now and rawget(now, "__metatable") ~= nil then error("cannot change a protected metatable", 0) end
  for i = 1, mt and #FORBIDDEN or 0 do
    if rawget(mt, FORBIDDEN[i]) ~= nil then host.stop("denied", FORBIDDEN[i] .. " is not offered") end
  end
  return setmetatable(t, mt and copied(mt))
end
