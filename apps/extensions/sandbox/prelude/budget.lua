-- The budget of one call and the faults that end it. Trusted: runs before any plugin, in the order
-- of lua_vm.py. A unit is what one VM instruction costs, a few nanoseconds; C functions that can do
-- more are charged for it. A fault is sticky: `pcall` raises it again, so that a call which broke a rule
-- cannot end well.
local host = ...
local error, pcall, type = error, pcall, type
local sub, format = string.sub, string.format
local create, resume = coroutine.create, coroutine.resume
local yield, status = coroutine.yield, coroutine.status
local sethook, getinfo = debug.sethook, debug.getinfo

local STEP <const> = 1000
-- At the C stack's limit the hook itself fails: counting failures ends that loop.
local FAILED_CALL <const> = 2000
local QUESTION <const> = 500
local FRAMES <const> = 200
local MESSAGE <const> = 1000
local OUT_OF_MEMORY <const> = "not enough memory"

-- lupa looks for a global of this name before each call; while the string lives, nothing is
-- allocated for that.
host.pinned = "debug"

local budget, spent = 0, 0
local fault, reason
local missing = {}
local thread, failure, reply

local function stop(kind, why)
  if not fault then fault, reason = kind, why end
  error(why, 0)
end
host.stop = stop

-- A host call without its capability: told apart, since it is put on record.
function host.deny(call, capability)
  if not fault then missing = { sub(call, 1, MESSAGE), sub(capability, 1, MESSAGE) } end
  stop("denied", call .. " needs the capability " .. capability)
end

local function charge(units)
  spent = spent + units
  if spent > budget then stop("budget", "the instruction budget is used up") end
end
host.charge = charge

local function tick() charge(STEP) end

local function settle(ok, ...)
  if ok then return true, ... end
  if fault then error(reason, 0) end
  if ... == OUT_OF_MEMORY then stop("memory", OUT_OF_MEMORY) end
  charge(FAILED_CALL)
  return false, ...
end

function host.pcall(...) return settle(pcall(...)) end

function host.start(instructions, body)
  budget, spent, fault, reason, failure, missing = instructions, 0, nil, nil, nil, {}
  thread = create(body)
  sethook(thread, tick, "", STEP)
end

-- Asks the worker's Python, which sees a yield; `argument` is nil or a bounded string.
function host.ask(question, argument)
  charge(QUESTION)
  yield(question, argument)
  local answer = host.decode(reply)
  reply = nil
  if answer.error then error(answer.error, 0) end
  return answer.value
end

function host.answer(json) reply = json end

-- Always three values: "ask", "done" or "failed", and the question.
local function outcome(ok, question, argument)
  if not ok then
    failure = question
    return "failed", nil, nil
  end
  if status(thread) == "dead" then return fault and "failed" or "done", nil, nil end
  return "ask", question, argument
end

function host.resume() return outcome(resume(thread)) end

-- What ended the call: kind, message, the line of `source` where it was; of a call without its
-- capability, both.
function host.explain(source)
  local kind = fault or (failure == OUT_OF_MEMORY and "memory") or "error"
  local message = fault and reason or failure
  if type(message) ~= "string" then message = format("the error value is a %s", type(message)) end
  for level = 0, FRAMES do
    local frame = getinfo(thread, level, "Sl")
    if not frame then break end
    if frame.source == source and frame.currentline > 0 then
      return kind, sub(message, 1, MESSAGE), frame.currentline, missing[1], missing[2]
    end
  end
  return kind, sub(message, 1, MESSAGE), nil, missing[1], missing[2]
end

function host.drop() thread, failure, reply = nil, nil, nil end

function host.bad_argument(position, name, expected, value)
  error(format("bad argument #%d to '%s' (%s expected, got %s)", position, name, expected,
    value == nil and "no value" or type(value)), 0)
end
