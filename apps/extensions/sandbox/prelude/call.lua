-- One call: a fresh environment, the plugin's text run in it, and its answer as bytes. Ends by
-- emptying the globals.
local host, surface = ...
local type, next, error, select, load, pairs = type, next, error, select, load, pairs
local concat, sort, unpack, format = table.concat, table.sort, table.unpack, string.format
local upvaluejoin, getmetatable = debug.upvaluejoin, getmetatable
local rawset, setmetatable = rawset, setmetatable
local globals = _G

local LIBRARIES <const> = { string = true, table = true, math = true, utf8 = true }
local FUNCTION_CALLS <const> = { "metadata", "status", "header", "transform", "patch" }
local chunk, form, text, id, settings, loading
local handlers, result

local function copy(of)
  local fresh = {}
  for name, value in next, of do fresh[name] = value end
  return fresh
end

local function on(topic, handler)
  if not loading then
    error("on() belongs at the top of the plugin, not inside a function that handles an event", 0)
  end
  if type(topic) ~= "string" or not surface.topics[topic] then
    error("on(): there is no such event", 0)
  end
  if type(handler) ~= "function" then host.bad_argument(2, "on", "function", handler) end
  local list = handlers[topic] or {}
  handlers[topic] = list
  list[#list + 1] = handler
end

-- What the plugin looks for first: a function as it is, a library as a copy of its own. Most look for
-- little, and memory that was not touched for a while is slow.
local function found(env, name)
  local value = host.base[name]
  if LIBRARIES[name] then value = copy(host[name]) end
  rawset(env, name, value)
  return value
end

local ON_DEMAND <const> = { __index = found, __metatable = false }

local function environment()
  local env = {}
  if form == "plugin" then
    env.on, env.settings = on, host.new_settings(settings)
    return setmetatable(env, ON_DEMAND)
  end
  for i = 1, #FUNCTION_CALLS do
    env["propose_" .. FUNCTION_CALLS[i]] = host.propose[FUNCTION_CALLS[i]]
  end
  return setmetatable(env, ON_DEMAND)
end

-- What the plugin may name: anything else is refused by the compiler itself, and nothing can be
-- assigned.
local function declaration()
  local names = {}
  for name in next, environment() do names[#names + 1] = name end
  for name in next, host.base do names[#names + 1] = name end
  for name in next, LIBRARIES do names[#names + 1] = name end
  sort(names)
  return "global<const> " .. concat(names, ",") .. ";"
end

function host.hold(...) form, text, id, settings = ... end

-- Returns what the compiler says against the text, or nil. The declaration stands on the text's
-- first line.
function host.compile()
  local message
  chunk, message = load(declaration() .. text, "=" .. id, "t", {})
  return message
end

local function run_plugin(topic, event)
  loading = true
  chunk()
  loading = false
  local list = handlers[topic] or {}
  for i = 1, #list do list[i](event, copy(host.propose)) end
end

local function only(...)
  if select("#", ...) > 1 then host.stop("bad-result", "more than one value returned") end
  return (...)
end

local function run_function(event)
  local value = only(chunk(event))
  host.check_result(value)
  result = host.encode(value)
end

-- Sections are JSON or nil; the function form has one, the whole event.
function host.begin(instructions, topic, site, request, content, response, system)
  handlers, result = {}, nil
  host.start_result()
  host.start_patterns()
  host.start_random()
  host.start_proposals(topic)
  local env = environment()
  upvaluejoin(chunk, 1, function() return env end, 1)
  host.start(instructions, function()
    if form == "function" then return run_function(host.decode(site)) end
    local sections = {
      site = site, request = request, content = content, response = response, system = system,
    }
    run_plugin(topic, host.new_event(topic, sections))
  end)
end

local function topics()
  local names = {}
  for name in next, handlers do names[#names + 1] = '"' .. name .. '"' end
  sort(names)
  return concat(names, ",")
end

function host.finish()
  local parts = { host.proposals(), topics(), result or "null" }
  local json = '{"proposals":[%s],"topics":[%s],"result":%s}'
  json = format(json, unpack(parts))
  host.drop()
  return json
end

-- The methods of all strings of this machine; nothing a plugin can reach leads to this table.
local strings = getmetatable("")
strings.__index, strings.__metatable = host.string, false

for name in pairs(copy(globals)) do globals[name] = nil end
