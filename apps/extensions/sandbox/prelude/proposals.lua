-- What a plugin may propose. Written down as JSON at once; the parent decodes it as if this file
-- had not run.
local host, surface = ...
local type, next, rawget, rawset, getmetatable = type, next, rawget, rawset, debug.getmetatable
local find, format, gsub = string.find, string.format, string.gsub
local concat, to_integer = table.concat, math.tointeger
local stop, need, encode = host.stop, host.need, host.encode

local LIMITS <const> = surface.limits
local OPERATIONS <const>, TOPICS <const> = surface.operations, surface.topics
local PATCH_OPERATIONS <const> = surface.patch_operations
local HEADER_OPERATIONS <const> = { set = true, append = true, remove = true }
local entries, count, phase = {}, 0, {}

local function refuse(...) stop("bad-result", format(...)) end

function host.start_proposals(topic)
  entries, count, phase = {}, 0, { topic = topic }
  local kinds = TOPICS[topic] or {}
  for i = 1, #kinds do phase[kinds[i]] = true end
end

function host.proposals() return concat(entries, ",", 1, count) end

local function admit(kind)
  need("propose." .. kind)
  if not phase[kind] then
    stop("denied", format("propose.%s is out of phase in %s", kind, phase.topic))
  end
  if count >= LIMITS.proposals then refuse("over %d proposals", LIMITS.proposals) end
end

local function record(proposal)
  local json = encode(proposal)
  count = count + 1
  entries[count] = json
end

local function check_text(value, what, most)
  if type(value) ~= "string" then refuse("%s must be a text, not a %s", what, type(value)) end
  if #value > most then refuse("%s has %d bytes; the limit is %d", what, #value, most) end
end

local propose = {}
host.propose = propose

function propose.metadata(key, value)
  admit("metadata")
  check_text(key, "a metadata key", LIMITS.key)
  if not find(key, "^[%a_][%w_]*$") then refuse("a metadata key has letters, digits and _ only") end
  if value == nil then refuse("metadata needs a value") end
  record({ kind = "metadata", key = key, value = value })
end

local function check_status(status)
  local number = type(status) == "number" and to_integer(status)
  if not number or number < LIMITS.status_from or number > LIMITS.status_to then
    refuse("a status is a whole number from %d to %d", LIMITS.status_from, LIMITS.status_to)
  end
  return number
end

function propose.status(status)
  admit("status")
  record({ kind = "status", status = check_status(status) })
end

local function check_header(name, value)
  check_text(name, "a header's name", LIMITS.header_name)
  if not find(name, "^[%w!#$%%&'*+.^_`|~-]+$") then refuse("a header's name is a token") end
  check_text(value, "a header's value", LIMITS.header_value)
  if find(value, "%c") then refuse("a header's value has no control characters") end
end

-- `operation`: "set" (if left out), "append" or "remove".
function propose.header(name, value, operation)
  admit("header")
  operation = operation == nil and "set" or operation
  if type(operation) ~= "string" or not HEADER_OPERATIONS[operation] then
    refuse("the operation on a header is set, append or remove")
  end
  check_header(name, operation == "remove" and value == nil and "" or value)
  record({ kind = "header", op = operation, name = name, value = value })
end

local function plain_operation(given, what, known)
  if type(given) ~= "table" or getmetatable(given) ~= nil then
    refuse("%s needs a plain table", what)
  end
  local operation = rawget(given, "op")
  local names = type(operation) == "string" and known[operation]
  if not names then refuse("%s has no such operation", what) end
  return operation, names
end

-- `change`: { op = one of the sixteen, and its arguments by name }.
function propose.transform(selector, change)
  admit("transform")
  check_text(selector, "a selector", LIMITS.selector)
  if find(selector, "%c") then refuse("a selector has no control characters") end
  local operation, arguments = plain_operation(change, "a transform", OPERATIONS)
  local proposal, fields = { kind = "transform", selector = selector, op = operation }, 1
  for i = 1, #arguments do
    local value = rawget(change, arguments[i])
    check_text(value, format("%s of %s", arguments[i], operation), LIMITS.html)
    rawset(proposal, arguments[i], value)
    fields = fields + 1
  end
  for _ in next, change do fields = fields - 1 end
  if fields ~= 0 then refuse("%s takes %s and nothing else", operation, concat(arguments, ", ")) end
  record(proposal)
end

local function check_pointer(pointer, name)
  check_text(pointer, name, LIMITS.pointer)
  if pointer ~= "" and not find(pointer, "^/") then refuse("%s is a JSON Pointer", name) end
  if find(pointer .. "/", "~[^01]") then refuse("in %s ~ is written ~0, and / is ~1", name) end
end

local function check_operation(given)
  local operation, fields = plain_operation(given, "a patch", PATCH_OPERATIONS)
  local checked, count = { op = operation }, 1
  for i = 1, #fields do
    local name = fields[i]
    local value = rawget(given, name)
    if value == nil then refuse("%s needs a %s", operation, name) end
    if name ~= "value" then check_pointer(value, name) end
    rawset(checked, name, value)
    count = count + 1
  end
  for _ in next, given do count = count - 1 end
  if count ~= 0 then refuse("%s takes %s and nothing else", operation, concat(fields, ", ")) end
  return checked
end

-- `operations`: a list of { op = "add", "remove", "replace", "move" or "test", and its fields }, as
-- RFC 6902 has them. Carried out whole or not at all.
function propose.patch(operations)
  admit("patch")
  if type(operations) ~= "table" or getmetatable(operations) ~= nil then
    refuse("a patch needs a plain list")
  end
  local most, checked, length = LIMITS.patch_operations, {}, 0
  for _ in next, operations do
    length = length + 1
    if length > most then refuse("over %d operations in a patch", most) end
  end
  if length == 0 then refuse("a patch needs an operation") end
  for i = 1, length do checked[i] = check_operation(rawget(operations, i)) end
  record({ kind = "patch", operations = checked })
end

-- For a program run as a function: its result may speak of the response, and is then held to the
-- same rules.
function host.check_result(result)
  if type(result) ~= "table" then return end
  if rawget(result, "status") ~= nil then check_status(rawget(result, "status")) end
  local headers = rawget(result, "headers")
  if type(headers) ~= "table" then return end
  for name, value in next, headers do
    if type(name) == "string" then check_header(name, value) end
  end
end

for name in next, propose do
  if not surface.calls["propose." .. name] then
    stop("drift", "propose." .. name .. " is not in the table")
  end
end
for call in next, surface.calls do
  local name, proposals = gsub(call, "^propose%.", "")
  if proposals == 1 and not propose[name] then stop("drift", call .. " is not offered") end
end
