"""Kinds of hostile programs, each in several spellings: what contains one must contain all."""

import pytest

from apps.runtime.workers import Workers
from tests.extensions.corpus import Case, failures

TIMEOUT = {
    "goto": "::a:: goto a",
    "repeat": "repeat until false",
    "count": "for i = 1, math.maxinteger do end",
    "calls": "local function f() end while true do f() end",
    "recursion caught": "local function f() pcall(f) f() end f()",
    "pcall of pcall": "while true do pcall(pcall, pcall, pcall, error) end",
    "pcall as a callback": "while true do ('x'):rep(9):gsub('x', pcall) end",
    "pcall compares": "while true do pcall(table.sort, { 3, 2, 1 }, pcall) end",
    "error for ever": "while true do pcall(error, {}) end",
    "assert for ever": "while true do pcall(assert, false, 'x') end",
    "close": "local x <close> = setmetatable({}, { __close = function() while true do end end })",
    "close hides": """
      while true do pcall(function()
        local x <close> = setmetatable({}, { __close = function() error("other") end })
        while true do end
      end) end""",
    "index": "return setmetatable({}, { __index = function(t, k) while true do end end })[1]",
    "newindex": "setmetatable({}, { __newindex = function() while true do end end }).x = 1",
    "index caught": """
      local t = setmetatable({}, { __index = function() error("x") end })
      while true do pcall(function() return t.x end) end""",
    "call": "setmetatable({}, { __call = function() while true do end end })()",
    "eq": """
      local mt = { __eq = function() while true do end end }
      return setmetatable({}, mt) == setmetatable({}, mt)""",
    "lt": "return setmetatable({}, { __lt = function() while true do end end }) < 1",
    "len": "return #setmetatable({}, { __len = function() while true do end end })",
    "arithmetic": "return -setmetatable({}, { __unm = function() while true do end end })",
    "max calls lt": "math.max(setmetatable({}, { __lt = function() while true do end end }), 1)",
    "tostring": "tostring(setmetatable({}, { __tostring = function() while true do end end }))",
    "format": "('%s'):format(setmetatable({}, { __tostring = function() while true do end end }))",
    "gsub calls back": "('x'):gsub('x', function() while true do end end)",
    "gsub indexes": """
      ('x'):gsub('x', setmetatable({}, { __index = function() while true do end end }))""",
    "gmatch never ends": "while true do for _ in ('aaa'):gmatch('') do end end",
    "ipairs never ends": """
      for _ in ipairs(setmetatable({}, { __index = function() return 1 end })) do end""",
    "sort lies": """
      while true do table.sort({ 3, 2, 1 }, function() return true end) end""",
    "sort is random": """
      local t = {} for i = 1, 5000 do t[i] = i end
      while true do table.sort(t, function() return math.random() < 0.5 end) end""",
    "pattern of stars": "('a'):rep(500):find('a*a*a*b')",
    "pattern, two": "('a'):rep(3000):find('.-.-b')",
    "pattern in gmatch": "for _ in ('a'):rep(30000):gmatch('a*b') do end",
    "pattern, captures": "('a'):rep(3000):find('(a*)(a*)%1b')",
    "pattern, balanced": "('('):rep(100000):find('%b()')",
    "pattern, frontier": "while true do ('a b '):rep(1000):find('%f[%d]') end",
    "pattern, optional": "('a'):rep(60):find(('a?'):rep(60) .. ('a'):rep(60) .. 'b')",
    "pattern, class": "while true do ('a'):rep(10000):find('[^%w%p%s]+x') end",
    "plain search": "('a'):rep(1000000):find(('a'):rep(500000) .. 'b', 1, true)",
    "plain search by pattern": "('a'):rep(1000000):find(('a'):rep(1900) .. 'b+')",
    "upper": "local s = ('a'):rep(1000000) while true do s = s:upper() s = s:lower() end",
    "reverse": "local s = ('a'):rep(1000000) while true do s = s:reverse() end",
    "compare": """
      local a, b = ('a'):rep(1e6), ('a'):rep(1e6) .. 'b' while true do local c = a < b end""",
    "substrings": "local s = ('a'):rep(1000000) while true do local c = s:sub(2) end",
    "bytes": "local s = ('a'):rep(100000) while true do local n = select('#', s:byte(1, -1)) end",
    "formats": "local s = ('a'):rep(1000000) while true do local c = ('%s'):format(s) end",
    "long numerals": "while true do local c = ('%99.99f'):format(1e300) end",
    "table.concat": """
      local t = {} for i = 1, 10000 do t[i] = 'abcdefghijklmnop' end
      while true do table.concat(t, ',') end""",
    "table.insert": """
      local t = {} while true do for i = 1, 900 do table.insert(t, 1, i) end t = {} end""",
    "utf8": "local s = ('ä'):rep(100000) while true do utf8.len(s) utf8.offset(s, -1) end",
    "utf8 codes": "while true do for _ in utf8.codes(('ä'):rep(1000)) do end end",
    "select": "while true do select(-1, table.unpack({}, 1, 10000)) end",
    "numbers": "while true do tonumber(('9'):rep(100000)) end",
    "pairs of many": """
      local t = {} for i = 1, 10000 do t[i] = i end while true do for _ in pairs(t) do end end""",
    "closures": "while true do local f = function() return 1 end end",
    "random": "while true do math.random(0) end",
}
MEMORY = {
    "recursion caught in a loop": """
      local function f() return 1 + f() end while true do pcall(f) end""",
    "tables": "local t = {} while true do t[#t + 1] = {} end",
    "closures": "local t = {} while true do t[#t + 1] = function() return t end end",
    "doubling": "local s = 'x' while true do s = s .. s end",
    "doubling table": """
      local t = { 1 }
      while true do
        t = { t, t, table.unpack(t) }
        for i = 1, 99 do t[#t + 1] = {} end
      end""",
    "gsub grows": "local s = 'xx' while true do s = s:gsub('x', 'xx') end",
    "concat": "local t = {} for i = 1, 100 do t[i] = ('x'):rep(1000000) end return table.concat(t)",
    "rep": "return ('x'):rep(1 << 29)",
    "rep of rep": "return ('x'):rep(1 << 20):rep(1 << 20)",
    "rep overflow": "return ('xy'):rep(1 << 62)",
    "rep, separator": "return ('x'):rep(1 << 25, 'separator')",
    "rep, endless": "return (''):rep(math.maxinteger, 'a')",
    "caught for ever": """
      local function fill() local t = {} while true do t[#t + 1] = ('x'):rep(9999) .. #t end end
      while true do pcall(fill) end""",
    "varargs": "local function f(...) return f(1, ...) end return f()",
    "unpack": "local t = {} while true do t[#t + 1] = { table.unpack({}, 1, 200000) } end",
    "parked": """
      local keep = {}
      pcall(function() for i = 1, 1e9 do keep[i] = ('y'):rep(100000) .. i end end)
      pcall(function() for i = 1, 1e9 do keep[#keep + 1] = ('y'):rep(50) .. i end end)
      return keep[1]""",
    "error value": "error(('x'):rep(1 << 26))",
    "many captures of text": """
      local t = {}
      for a, b in ('ab'):rep(1000000):gmatch('(a)(b)') do t[#t + 1] = a .. #t .. b end""",
}
DENIED = {
    "globals": "return x",
    "assignment": "x = 1",
    "function": "function f() end",
    "environment": "local _ENV = {} return 1",
    "environment's upvalue": "return (function() return _ENV end)()",
    "declared again": "global * return os",
    "python": "return python.eval('1')",
    "print": "print('x')",
    "require": "return require('os')",
    "load": "return load('return 1')()",
    "dofile": "return dofile('/etc/passwd')",
    "bytecode": "return string.dump(function() end)",
    "pack": "return string.pack('s', 'x')",
    "collect": "return collectgarbage('count')",
    "xpcall": "xpcall(error, error)",
    "warn": "warn('@on')",
    "coroutines": "return coroutine.running()",
    "debug": "return debug.getregistry()",
    "exit": "os.exit()",
    "clock": "return os.time()",
    "seed": "math.randomseed(1)",
    "move": "table.move({}, 1, 1e8, 2)",
    "create": "return table.create(1e8)",
    "finalizer": "setmetatable({}, { ['__' .. 'gc'] = true })",
    "weak": "setmetatable({}, { ['__' .. 'mode'] = 'k' })",
    "protected": "setmetatable(setmetatable({}, { __metatable = 1 }), {})",
    "string metatable": "setmetatable('', {})",
    "string metatable found": "getmetatable('').__index = nil",
    "string methods": "(''):nothing()",
    "address": "return ('%p'):format({})",
    "order of addresses": """
      local t = {} for i = 1, 9 do t[{}] = i end for _, v in pairs(t) do return v end""",
    "order of functions": "local t = { [type] = 1, [next] = 2 } return (next(t))",
    "order, by next": "local t = { x = 1, [{}] = 2 } local k = 'x' return next(t, k) or next(t)",
    "length lies to insert": """
      table.insert(setmetatable({}, { __len = function() return 1e15 end }), 1, 1)""",
    "length lies to concat": """
      table.concat(setmetatable({}, { __len = function() return 1e15 end }))""",
    "length lies to unpack": """
      table.unpack(setmetatable({}, { __len = function() return 1e15 end }))""",
    "too many to unpack": "table.unpack({}, 1, 1e9)",
    "bad numbers to unpack": "table.unpack({}, math.mininteger, math.maxinteger)",
    "malformed pattern": "('x'):find('[')",
    "unfinished capture": "('x'):find('(x')",
    "long pattern": "('x'):find(('x?'):rep(1500))",
    "captures": "('x'):find(('()'):rep(40))",
    "class": "('x'):find('[' .. ('a'):rep(1000) .. ']')",
    "replacement": "('x'):gsub('x', '%9')",
    "replacement value": "('x'):gsub('x', function() return {} end)",
    "wide format": "return ('%99999d'):format(1)",
    "table error": "error({})",
    "error that spins": """
      error(setmetatable({}, { __tostring = function() while true do end end }))""",
    "error that lies": "error(setmetatable({}, { __name = 'ESCAPE' .. 'D' }))",
    "bytes in an error": "error('\\xff\\xfe\\0\\27[2J')",
    "deep stack": """
      local function f(n) return n > 0 and 1 + f(n - 1) or error('deep') end return f(9999)""",
    "call chain": "local t = {} for i = 1, 99 do t = setmetatable({}, { __call = t }) end t()",
    "index chain": """
      local t = {} for i = 1, 9999 do t = setmetatable({}, { __index = t }) end return t.x""",
    "index loop": "local t = {} setmetatable(t, { __index = t }) return t.x.y",
    "nested brackets": "return " + "(" * 500 + "1" + ")" * 500,
    "nested functions": "return " + "function() return " * 300 + "1" + " end" * 300,
    "many locals": "\n".join(f"local a{i}" for i in range(300)),
    "many upvalues": "x = {}" + "f{}" * 1000,
    "NUL": "return \0",
    "sticky denial": "pcall(setmetatable, {}, { ['__' .. 'gc'] = 1 }) return 'CLEAN'",
}
BAD_RESULT = {
    "not a number": "return 0 / 0",
    "minus infinity": "return { -math.huge }",
    "cycle": "local t = {} t[1] = t return t",
    "deep": "local t = {} for i = 1, 99 do t = { t } end return t",
    "wide": "local t = {} for i = 1, 5000 do t[i] = 0 end return t",
    "long": "return ('x'):rep(65537)",
    "long in parts": "local t = {} for i = 1, 99 do t[i] = ('x'):rep(999) end return t",
    "long keys": "return { [('x'):rep(65537)] = 1 }",
    "escapes grow": "return ('\\1'):rep(20000)",
    "bad UTF-8": "return '\\xc0\\x80'",
    "bad UTF-8 key": "return { ['\\xff'] = 1 }",
    "above Unicode": "return '\\u{7FFFFFFF}'",
    "function": "return function() end",
    "library": "return string",
    "float keys": "return { [0.5] = 1 }",
    "boolean keys": "return { [true] = 1 }",
    "table keys": "return { [{}] = 1 }",
    "negative keys": "return { [-1] = 1 }",
    "zero": "return { [0] = 1 }",
    "hole": "return { 1, nil, 3 }",
    "mixed": "return { 1, x = 2 }",
    "metatable": "return setmetatable({}, {})",
    "hidden metatable": "return setmetatable({}, { __metatable = false })",
    "decoy metatable": "return setmetatable({}, { __metatable = {} })",
    "inner metatable": "return { { setmetatable({}, { __pairs = function() end }) } }",
    "string method table": "return { a = ('').rep }",
    "two values": "return 1, 2",
    "status": "return { status = '200\\r\\n' }",
    "headers": "return { headers = { ['x-a'] = 'b\\r\\nset-cookie: c' } }",
    "proposal of a header": "propose_header('x-a', 'b\\nc')",
    "proposal of nonsense": "propose_transform(1, 2)",
    "proposals by the thousand": "for i = 1, 10000 do pcall(propose_status, 200) end",
    "host's own header": "propose_header('Set-Cookie', 'a=b')",
    "proposal, caught": "pcall(propose_status, 0 / 0) return 'CLEAN'",
}
ISOLATED = {
    "library": "local l = string.upper string.upper = nil return { l('a'), ('a'):upper() }",
    "methods survive": "string.rep = function() return 'LEAK' end return ('a'):rep(2)",
    "library, raw": """
      local old = math.x rawset(math, 'x', 1) return old == nil and 'CLEAN' or 'LEAK'""",
    "event": """
      local e = ... local old = e.x e.x, e.req.x = 1, 1 return old == nil and 'CLEAN' or 'LEAK'""",
    "event, deep": """
      local e = ... local old = e.content.meta.x e.content.meta.x = 'LEAK' return old or 'CLEAN'""",
    "functions are no tables": "return tostring(pcall(setmetatable, type, {}))",
    "upvalues": "local n = 0 local function f() n = n + 1 return n end return { f(), f() }",
    "random": "local t = {} for i = 1, 20 do t[i] = math.random(i) end return t",
    "random floats": "return { math.random(), math.random(0) }",
    "addresses": "return tostring({}) .. tostring(type) .. ('%s %s'):format({}, pcall)",
    "names of types": "return tostring(setmetatable({}, { __name = 'Point' }))",
    "order of names": """
      local t, names = {}, {}
      for i = 1, 200 do t['k' .. i * 7919 % 1000] = i end
      for k in pairs(t) do names[#names + 1] = k end
      return table.concat(names, ' ')""",
    "order of numbers": """
      local t, names = {}, {}
      for i = 1, 50 do t[i * 1.5], t[-i] = i, i end
      for k in pairs(t) do names[#names + 1] = tostring(k) end
      return table.concat(names, ' ')""",
    "a random comparison": """
      local t = {} for i = 1, 99 do t[i] = i end
      table.sort(t, function() return math.random() < 0.5 end)
      return table.concat(t, ' ')""",
    "strings as numbers": "return { '10' + 1, 10 .. '', ('5'):rep(2), -'2' }",
    "own metatables": """
      local Point = {} Point.__index = Point
      function Point.new(x) local o = {} setmetatable(o, Point) o.x = x return o end
      function Point:double() return self.x * 2 end
      Point.__add = function(a, b) return Point.new(a.x + b.x) end
      return (Point.new(1) + Point.new(2)):double()""",
    "metatables made weak later": """
      local mt, n = {}, 0
      local t = setmetatable({}, mt)
      mt["__mo" .. "de"] = "v"
      for i = 1, 2000 do t[i] = { i } end
      for i = 1, 2000 do n = n + (t[i] and 1 or 0) end
      return n == 2000 and 'CLEAN' or 'LEAK: ' .. n""",
    "metatables are found again": """
      local mt = {}
      local t = setmetatable({}, mt)
      mt.__index = { x = 1 }
      return getmetatable(t) == mt and setmetatable(t, mt).x == 1 and 'CLEAN' or 'LEAK'""",
    "tables with metatables": """
      local t = setmetatable({ 3, 1, 2 }, { __index = { kind = 'list' } })
      table.insert(t, 9) table.insert(t, 1, 0) table.sort(t) table.remove(t, 1)
      return { table.concat(t, ','), table.unpack(t) }""",
    "caught errors": "local ok, why = pcall(error, 'x', 0) return { ok, why }",
    "sixty-four proposals": "for i = 1, 64 do propose_metadata('k' .. i, i) end return 'CLEAN'",
    "memory, let go": "for i = 1, 200 do local s = ('x'):rep(100000 + i) end return 'CLEAN'",
    "nothing": "",
    "comment": "-- nothing",
}
KINDS = {
    "timeout": (TIMEOUT, {"timeout"}),
    "memory": (MEMORY, {"memory", "timeout", "denied"}),
    "denied": (DENIED, {"denied"}),
    "bad-result": (BAD_RESULT, {"bad-result"}),
    "ok-isolated": (ISOLATED, {"ok-isolated"}),
}
SAMPLED = 6
"""So many of each kind in every run of the tests."""


def cases() -> list[object]:
    return [
        pytest.param(
            Case(name, source, frozenset(allowed)),
            id=f"{kind}: {name}",
            marks=() if position % (len(programs) // SAMPLED + 1) == 0 else pytest.mark.long,
        )
        for kind, (programs, allowed) in KINDS.items()
        for position, (name, source) in enumerate(programs.items())
    ]


@pytest.mark.parametrize("case", cases())
def test_a_kind_of_attack_is_contained(workers: Workers, case: Case) -> None:
    assert failures(workers, case) == []
