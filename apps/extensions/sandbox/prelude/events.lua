-- What an event shows: its sections, decoded when first looked at, guarded by the table of host
-- calls.
local host, surface = ...
local error, type, next = error, type, next
local rawget, rawset, setmetatable = rawget, rawset, setmetatable
local find, lower, match = string.find, string.lower, string.match
local deny, decode, ask, text = host.deny, host.decode, host.ask, host.text

local CALLS <const>, MAX_ARGUMENT <const> = surface.calls, surface.limits.argument
local HEADER <const> = "read:request.header:"
local granted, reads_headers = {}, false

function host.grant(capabilities)
  for i = 1, #capabilities do
    granted[capabilities[i]] = true
    reads_headers = reads_headers or find(capabilities[i], HEADER, 1, true) == 1
  end
end

local function need(call)
  local capability = CALLS[call]
  if not granted[capability] then deny(call, capability) end
end
host.need = need

-- One method for each call of the table; the worker's Python answers, the body never comes in here.
local methods = {}
for call in next, CALLS do
  local name = match(call, "^event%.content:(.+)$")
  if name then
    methods[name] = function(_, argument)
      need(call)
      if argument ~= nil and #text(argument, 1, name) > MAX_ARGUMENT then
        error("the argument of " .. name .. " is too long", 0)
      end
      return ask(name, argument ~= nil and text(argument, 1, name) or nil)
    end
  end
end
host.methods = methods

local dress = {}

function dress.content(content)
  if not granted["read:content.meta"] then content = {} end
  local function look(_, field)
    if methods[field] then return methods[field] end
    if type(field) == "string" and not granted["read:content.meta"] then
      deny("event.content." .. field, "read:content.meta")
    end
  end
  return setmetatable(content, { __index = look, __metatable = false })
end

local function dress_headers(sent)
  local headers = {}
  for name, value in next, sent do
    if granted[HEADER .. name] then headers[name] = value end
  end
  local function look(_, name)
    if type(name) ~= "string" then return nil end
    name = lower(name)
    if not granted[HEADER .. name] then
      deny("event.request.headers[\"" .. name .. "\"]", HEADER .. name)
    end
    return rawget(headers, name)
  end
  return setmetatable(headers, { __index = look, __metatable = false })
end

function dress.request(request)
  local headers = dress_headers(request.headers or {})
  if not granted["read:request"] then request = {} end
  request.headers = headers
  local function look(_, field)
    if type(field) == "string" and not granted["read:request"] then
      deny("event.request." .. field, "read:request")
    end
  end
  return setmetatable(request, { __index = look, __metatable = false })
end

local function opens(name)
  if name == "content" and granted["read:content.text"] then return true end
  if name == "request" and reads_headers then return true end
  return granted[CALLS["event." .. name]]
end

-- `sections`: name -> JSON. Made anew for each call: what a plugin does to it changes nothing
-- outside.
function host.new_event(topic, sections)
  local event = { topic = topic }
  local function open(_, name)
    if type(name) ~= "string" or not CALLS["event." .. name] then return nil end
    local open_to_it = opens(name)
    -- Of what has parts with capabilities of their own, the part that is asked for tells which.
    if not open_to_it and not dress[name] then need("event." .. name) end
    local json = sections[name]
    if open_to_it and not json then return nil end
    local section = open_to_it and decode(json) or {}
    if dress[name] then section = dress[name](section) end
    rawset(event, name, section)
    return section
  end
  local function each()
    for name in next, sections do local _ = event[name] end
    return host.base.next, event, nil
  end
  return setmetatable(event, { __index = open, __pairs = each, __metatable = false })
end

local function refuse() error("settings cannot be changed here", 0) end

function host.new_settings(json)
  local values
  local function all()
    values = values or decode(json)
    return values
  end
  return setmetatable({}, {
    __index = function(_, name) return all()[name] end,
    __pairs = function() return host.base.next, all(), nil end,
    __newindex = refuse,
    __metatable = false,
  })
end
