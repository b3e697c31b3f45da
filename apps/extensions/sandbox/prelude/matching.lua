-- Lua patterns, matched here and not in C, so that the budget counts every step of a backtracking
-- match. C is used where it is linear: the length of a run of one class, and the way to the next
-- possible start. A pattern becomes a chain of closures: each takes the subject and a place and
-- returns where the match ends, or nil.
local host = ...
local setmetatable, unpack = setmetatable, table.unpack
local byte, char, find, sub = string.byte, string.char, string.find, string.sub
local charge, literal, parse = host.charge, host.literal, host.parse_pattern

local ANCHOR <const>, MAX_CACHED <const>, POSITION <const> = 94, 50, -1

-- Which bytes a class has, found out one by one with the real matcher on one byte.
local function class_of(source)
  local anchored, price = "^" .. source, #source // 8
  local function lookup(set, b)
    charge(price)
    local has = find(char(b), anchored) ~= nil
    set[b] = has
    return has
  end
  return setmetatable({}, { __index = lookup })
end

local link = {}

function link.text(item, k)
  local text, length = item.text, #item.text
  return function(s, i)
    if sub(s, i, i + length - 1) == text then return k(s, i + length) end
  end
end

local function one(set, k)
  return function(s, i)
    local b = byte(s, i)
    if b and set[b] then return k(s, i + 1) end
  end
end

local function maybe(set, k)
  return function(s, i)
    local b = byte(s, i)
    return b and set[b] and k(s, i + 1) or k(s, i)
  end
end

local function longest(run, least, k)
  return function(s, i)
    local _, stop = find(s, run, i)
    charge((stop - i + 1) // 16)
    for j = stop + 1, i + least, -1 do
      local e = k(s, j)
      if e then return e end
    end
  end
end

local function shortest(set, k)
  return function(s, i)
    while true do
      local e = k(s, i)
      if e then return e end
      local b = byte(s, i)
      if not (b and set[b]) then return nil end
      i = i + 1
    end
  end
end

function link.single(item, k)
  local suffix, run = item.suffix, "^" .. item.source .. "*"
  if suffix == "*" then return longest(run, 0, k) end
  if suffix == "+" then return longest(run, 1, k) end
  local set = class_of(item.source)
  if suffix == "-" then return shortest(set, k) end
  if suffix == "?" then return maybe(set, k) end
  return one(set, k)
end

function link.open(item, k, starts)
  local capture = item.capture
  return function(s, i)
    starts[capture] = i
    return k(s, i)
  end
end

function link.close(item, k, _, stops)
  local capture = item.capture
  return function(s, i)
    stops[capture] = i
    return k(s, i)
  end
end

function link.position(item, k, starts, stops)
  local capture = item.capture
  return function(s, i)
    starts[capture], stops[capture] = i, POSITION
    return k(s, i)
  end
end

function link.again(item, k, starts, stops)
  local capture = item.capture
  return function(s, i)
    if stops[capture] == POSITION then return nil end
    local text = sub(s, starts[capture], stops[capture] - 1)
    charge(#text // 32)
    if sub(s, i, i + #text - 1) == text then return k(s, i + #text) end
  end
end

link["end"] = function(_, k)
  return function(s, i)
    if i == #s + 1 then return k(s, i) end
  end
end

function link.frontier(item, k)
  local set = class_of(item.source)
  return function(s, i)
    if not set[byte(s, i - 1) or 0] and set[byte(s, i) or 0] then return k(s, i) end
  end
end

function link.balance(item, k)
  local open, close = item.open, item.close
  local either = "[" .. literal(char(open)) .. literal(char(close)) .. "]"
  return function(s, i)
    if byte(s, i) ~= open then return nil end
    local depth, at, before = 1, i, i
    repeat
      before, at = at, find(s, either, at + 1)
      charge(((at or #s) - before) // 16)
      if not at then return nil end
      depth = byte(s, at) == close and depth - 1 or depth + 1
    until depth == 0
    return k(s, at + 1)
  end
end

-- What the text at the start of every match is found by, or nil: a pattern of one item for C, and
-- whether it is plain.
local function first_of(items)
  for i = 1, #items do
    local item = items[i]
    if item.kind == "text" then return item.text, true end
    if item.kind == "single" then
      if item.suffix == "" or item.suffix == "+" then return item.source, false end
      return nil
    end
    if item.kind ~= "open" and item.kind ~= "position" then return nil end
  end
end

local function compile(p, at)
  local items, count = parse(p, at)
  local starts, stops = {}, {}
  local chain = function(_, i) return i end
  for i = #items, 1, -1 do chain = link[items[i].kind](items[i], chain, starts, stops) end
  local first, plain = first_of(items)
  return {
    match = chain, count = count, starts = starts, stops = stops, first = first, plain = plain,
  }
end

local cache, cached = {}, 0

-- Per call: a pattern that was compiled in another call must not cost less in this one.
function host.start_patterns() cache, cached = {}, 0 end

-- `anchors` is false for gmatch, where "^" is a character like any other.
local function matcher(p, anchors)
  local anchored = anchors and byte(p) == ANCHOR
  local key = (anchored and "^" or " ") .. p
  local found = cache[key]
  if found then return found end
  found = compile(p, anchored and 2 or 1)
  found.anchored = anchored
  if cached < MAX_CACHED then cache[key], cached = found, cached + 1 end
  return found
end
host.matcher = matcher

-- In C, but its worst case is the product of both lengths: paid before, since nothing can stop it,
-- and given back for what was not looked at.
local function find_plain(s, text, at)
  if at > #s + 1 then return nil end
  local most = (#s - at + 1) * #text // 256
  charge(most)
  local start, stop = find(s, text, at, true)
  if not start then return nil end
  charge((start - at + 1) * #text // 256 - most)
  return start, stop
end
host.find_plain = find_plain

local function candidate(m, s, at)
  if m.plain then return (find_plain(s, m.first, at)) end
  local found = find(s, m.first, at)
  charge(((found or #s + 1) - at) * (1 + #m.first // 8) // 16)
  return found
end

-- The first match at or behind `at` that does not end at `previous`: where it starts and ends,
-- exclusively.
function host.search(m, s, at, previous)
  local match, last = m.match, m.anchored and at or #s + 1
  while at <= last do
    if m.first and not m.anchored then
      at = candidate(m, s, at)
      if not at then return nil end
    end
    local stop = match(s, at)
    if stop and stop ~= previous then return at, stop end
    at = at + 1
  end
end

local function capture(m, s, i)
  if m.stops[i] == POSITION then return m.starts[i] end
  return sub(s, m.starts[i], m.stops[i] - 1)
end

-- The captures of the last match; the whole of it where there are none. Taken before any plugin
-- code runs again.
function host.captures(m, s, start, stop)
  if m.count == 0 then return sub(s, start, stop - 1) end
  if m.count == 1 then return capture(m, s, 1) end
  local values = {}
  for i = 1, m.count do values[i] = capture(m, s, i) end
  return unpack(values, 1, m.count)
end
