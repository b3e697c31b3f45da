-- The table library as plugins have it: raw access and real lengths, so that metatables cannot lie
-- about the work.
local host = ...
local error, type, select, getmetatable = error, type, select, debug.getmetatable
local rawget, rawset, rawlen = rawget, rawset, rawlen
local concat, pack, unpack = table.concat, table.pack, table.unpack
local charge, bad_argument, integer = host.charge, host.bad_argument, host.integer

local library = { pack = pack }
host.table = library

-- The real length. A table which says another one is refused: both answers would be wrong.
local function length(t, name)
  if type(t) ~= "table" then bad_argument(1, name, "table", t) end
  local mt = getmetatable(t)
  if type(mt) == "table" and rawget(mt, "__len") ~= nil then
    error("a table with __len cannot be given to '" .. name .. "'", 0)
  end
  return rawlen(t)
end

local function out_of_bounds(name)
  error("bad argument #2 to '" .. name .. "' (position out of bounds)", 0)
end

function library.insert(t, ...)
  local n, given = length(t, "insert"), select("#", ...)
  if given == 1 then return rawset(t, n + 1, (...)) and nil end
  if given ~= 2 then error("wrong number of arguments to 'insert'", 0) end
  local position, value = ...
  position = integer(position, nil, 2, "insert")
  if position < 1 or position > n + 1 then out_of_bounds("insert") end
  for i = n, position, -1 do rawset(t, i + 1, rawget(t, i)) end
  rawset(t, position, value)
end

function library.remove(t, position)
  local n = length(t, "remove")
  position = integer(position, n, 2, "remove")
  if position ~= n and (position < 1 or position > n + 1) then out_of_bounds("remove") end
  local value = rawget(t, position)
  for i = position, n - 1 do rawset(t, i, rawget(t, i + 1)) end
  if position <= n then rawset(t, n, nil) end
  return value
end

function library.concat(t, separator, first, last)
  local n = length(t, "concat")
  first, last = integer(first, 1, 3, "concat"), integer(last, n, 4, "concat")
  separator = separator == nil and "" or host.text(separator, 2, "concat")
  if getmetatable(t) ~= nil then
    local plain = {}
    for i = first, last do plain[i] = rawget(t, i) end
    t = plain
  end
  local result = concat(t, separator, first, last)
  charge(n // 4 + #result // 32)
  return result
end

function library.unpack(t, first, last)
  local n = length(t, "unpack")
  first, last = integer(first, 1, 2, "unpack"), integer(last, n, 3, "unpack")
  local many = last - first
  if many > 0 and many < 1000000 then charge(many // 4) end
  return unpack(t, first, last)
end

local function ascending(a, b) return a < b end

local function merge(from, to, bounds, before)
  local low, middle, high = bounds.low, bounds.middle, bounds.high
  local left, right = low, middle
  for i = low, high - 1 do
    if left < middle and (right >= high or not before(from[right], from[left])) then
      to[i], left = from[left], left + 1
    else
      to[i], right = from[right], right + 1
    end
  end
end

-- Merge sort: stable, and of bounded length whatever the comparison answers.
function library.sort(t, before)
  local n = length(t, "sort")
  if before ~= nil and type(before) ~= "function" then
    bad_argument(2, "sort", "function", before)
  end
  local from, to, width, smaller = {}, {}, 1, before or ascending
  for i = 1, n do from[i] = rawget(t, i) end
  while width < n do
    for low = 1, n, 2 * width do
      local middle, high = low + width, low + 2 * width
      if middle > n + 1 then middle = n + 1 end
      if high > n + 1 then high = n + 1 end
      merge(from, to, { low = low, middle = middle, high = high }, smaller)
    end
    from, to, width = to, from, 2 * width
  end
  for i = 1, n do rawset(t, i, from[i]) end
end
