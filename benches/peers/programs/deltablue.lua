-- A solver of one-way constraints with strengths: twin of dyn-deltablue.rga, and the source of its results.
-- Returns run(n): a chain of n equalities and n scalings with common factors, values of their variables added up.
local REQUIRED, PREFERRED, NORMAL, DEFAULT, WEAKEST = 0, 2, 4, 5, 6  -- strengths; a smaller number is stronger
local NONE, FORWARD, BACKWARD = 0, 1, 2

local function class(parent)
  local c = setmetatable({}, parent)
  c.__index = c
  return c
end

local function push(list, item)
  local n = list.n + 1
  list.n, list[n] = n, item
end

local function pop(list)
  local n = list.n
  local item = list[n]
  list.n, list[n] = n - 1, nil
  return item
end

local function remove(list, item)
  local kept = 0
  for i = 1, list.n do
    local other = list[i]
    if other ~= item then
      kept = kept + 1
      list[kept] = other
    end
  end
  for i = kept + 1, list.n do list[i] = nil end
  list.n = kept
end

local Variable = class()

local function variable(value)
  return setmetatable({ value = value, constraints = { n = 0 }, from = nil, mark = 0, strength = WEAKEST, stays = true },
    Variable)
end

-- All constraints: strength, output(), is_satisfied(), choose(mark), mark_inputs(mark), inputs_known(mark),
-- recalculate(), execute(), connect(), disconnect(), forget().
local Constraint = class()

function Constraint:is_input() return false end

function Constraint:satisfy(planner, mark)            -- gives the constraint that was pushed aside
  self:choose(mark)
  if not self:is_satisfied() then
    if self.strength == REQUIRED then error("a required constraint cannot be satisfied") end
    return nil
  end
  self:mark_inputs(mark)
  local out = self:output()
  local beaten = out.from
  if beaten then beaten:forget() end
  out.from = self
  if not planner:propagate(self, mark) then error("the constraints form a cycle") end
  out.mark = mark
  return beaten
end

-- Constraints on one variable.
local Unary = class(Constraint)

function Unary:connect()
  push(self.out.constraints, self)
  self.satisfied = false
end
function Unary:disconnect()
  remove(self.out.constraints, self)
  self.satisfied = false
end
function Unary:output() return self.out end
function Unary:is_satisfied() return self.satisfied end
function Unary:forget() self.satisfied = false end
function Unary:choose(mark)
  local out = self.out
  self.satisfied = out.mark ~= mark and self.strength < out.strength
end
function Unary:mark_inputs() end
function Unary:inputs_known() return true end
function Unary:recalculate()
  local out = self.out
  out.strength = self.strength
  out.stays = not self:is_input()
  if out.stays then self:execute() end
end
function Unary:execute() end

local Stay, Edit = class(Unary), class(Unary)

function Edit:is_input() return true end

-- Constraints between two variables.
local Binary = class(Constraint)

function Binary:connect()
  push(self.left.constraints, self)
  push(self.right.constraints, self)
  self.direction = NONE
end
function Binary:disconnect()
  remove(self.left.constraints, self)
  remove(self.right.constraints, self)
  self.direction = NONE
end
function Binary:output()
  if self.direction == FORWARD then return self.right end
  return self.left
end
function Binary:input()
  if self.direction == FORWARD then return self.left end
  return self.right
end
function Binary:is_satisfied() return self.direction ~= NONE end
function Binary:forget() self.direction = NONE end
function Binary:choose(mark)
  local left, right, strength = self.left, self.right, self.strength
  local to_right = right.mark ~= mark and strength < right.strength
  local to_left = left.mark ~= mark and strength < left.strength
  if left.mark == mark then
    self.direction = to_right and FORWARD or NONE
  elseif right.mark == mark then
    self.direction = to_left and BACKWARD or NONE
  elseif left.strength > right.strength then
    self.direction = to_left and BACKWARD or NONE
  else
    self.direction = to_right and FORWARD or NONE
  end
end
function Binary:mark_inputs(mark) self:input().mark = mark end
function Binary:inputs_known(mark)
  local input = self:input()
  return input.mark == mark or input.stays or input.from == nil
end
function Binary:weaken()                              -- the output is as weak as the weaker of the two
  local strength = self:input().strength
  if strength < self.strength then strength = self.strength end
  self:output().strength = strength
end
function Binary:recalculate()
  self:weaken()
  local out = self:output()
  out.stays = self:input().stays
  if out.stays then self:execute() end
end

local Equality = class(Binary)

function Equality:execute() self:output().value = self:input().value end

local Scaling = class(Binary)                         -- right = left * factor + offset

function Scaling:connect()
  Binary.connect(self)
  push(self.factor.constraints, self)
  push(self.offset.constraints, self)
end
function Scaling:disconnect()
  Binary.disconnect(self)
  remove(self.factor.constraints, self)
  remove(self.offset.constraints, self)
end
function Scaling:mark_inputs(mark)
  Binary.mark_inputs(self, mark)
  self.factor.mark = mark
  self.offset.mark = mark
end
function Scaling:recalculate()
  self:weaken()
  local out = self:output()
  out.stays = self:input().stays and self.factor.stays and self.offset.stays
  if out.stays then self:execute() end
end
function Scaling:execute()
  local left, right = self.left, self.right
  if self.direction == FORWARD then
    right.value = left.value * self.factor.value + self.offset.value
  else
    left.value = (right.value - self.offset.value) / self.factor.value
  end
end

local Planner = class()

function Planner:new_mark()
  self.mark = self.mark + 1
  return self.mark
end

function Planner:add(constraint)
  constraint:connect()
  self:enforce(constraint)
end

function Planner:enforce(constraint)
  local mark = self:new_mark()
  repeat constraint = constraint:satisfy(self, mark) until not constraint
end

function Planner:remove(constraint)
  local loose = { n = 0 }
  if constraint:is_satisfied() then
    local out = constraint:output()
    constraint:forget()
    constraint:disconnect()
    self:loosen(out, loose)
  else
    constraint:disconnect()
  end
  for strength = REQUIRED, WEAKEST do
    for i = 1, loose.n do
      local other = loose[i]
      if other.strength == strength then self:enforce(other) end
    end
  end
end

function Planner:loosen(variable, loose)              -- nothing determines it any more; those without effect get a chance
  variable.from = nil
  variable.strength = WEAKEST
  variable.stays = true
  local open = { n = 0 }
  push(open, variable)
  while open.n > 0 do
    local v = pop(open)
    local constraints, from = v.constraints, v.from
    for i = 1, constraints.n do
      local c = constraints[i]
      if not c:is_satisfied() then
        push(loose, c)
      elseif c ~= from then
        c:recalculate()
        push(open, c:output())
      end
    end
  end
end

function Planner:consumers(variable, list)
  local constraints, from = variable.constraints, variable.from
  for i = 1, constraints.n do
    local c = constraints[i]
    if c ~= from and c:is_satisfied() then push(list, c) end
  end
end

function Planner:propagate(constraint, mark)
  local open = { n = 0 }
  push(open, constraint)
  while open.n > 0 do
    local c = pop(open)
    local out = c:output()
    if out.mark == mark then
      self:remove(constraint)
      return false
    end
    c:recalculate()
    self:consumers(out, open)
  end
  return true
end

function Planner:plan(edit)                           -- what to execute, in order, when the variable of `edit` changes
  local mark, plan, open = self:new_mark(), { n = 0 }, { n = 0 }
  if edit:is_input() and edit:is_satisfied() then push(open, edit) end
  while open.n > 0 do
    local c = pop(open)
    local out = c:output()
    if out.mark ~= mark and c:inputs_known(mark) then
      push(plan, c)
      out.mark = mark
      self:consumers(out, open)
    end
  end
  return plan
end

local function execute(plan)
  for i = 1, plan.n do plan[i]:execute() end
end

local function unary(class, planner, out, strength)
  local c = setmetatable({ out = out, strength = strength, satisfied = false }, class)
  planner:add(c)
  return c
end

local function equality(planner, left, right, strength)
  planner:add(setmetatable({ left = left, right = right, strength = strength, direction = NONE }, Equality))
end

local function scaling(planner, left, factor, offset, right, strength)
  planner:add(setmetatable(
    { left = left, right = right, strength = strength, direction = NONE, factor = factor, offset = offset }, Scaling))
end

local function chain(n)
  local planner = setmetatable({ mark = 0 }, Planner)
  local first, last
  for i = 0, n do
    local v = variable(0)
    if last then equality(planner, last, v, REQUIRED) end
    first = first or v
    last = v
  end
  unary(Stay, planner, last, DEFAULT)
  local edit = unary(Edit, planner, first, PREFERRED)
  local plan = planner:plan(edit)
  local sum = 0
  for i = 0, 99 do
    first.value = i
    execute(plan)
    sum = sum + last.value
  end
  planner:remove(edit)
  return sum
end

local function change(planner, variable, value)
  local edit = unary(Edit, planner, variable, PREFERRED)
  local plan = planner:plan(edit)
  for _ = 1, 10 do
    variable.value = value
    execute(plan)
  end
  planner:remove(edit)
end

local function projection(n)
  local planner = setmetatable({ mark = 0 }, Planner)
  local factor, offset = variable(10), variable(1000)
  local source, target
  local targets = { n = 0 }
  for i = 0, n - 1 do
    source, target = variable(i), variable(i)
    push(targets, target)
    unary(Stay, planner, source, NORMAL)
    scaling(planner, source, factor, offset, target, REQUIRED)
  end
  local function total()
    local sum = 0
    for i = 1, n do sum = sum + targets[i].value end
    return sum
  end
  change(planner, source, 17)
  local sum = target.value
  change(planner, target, 1050)
  sum = sum + source.value
  change(planner, factor, 5)
  sum = sum + total()
  change(planner, offset, 2000)
  return sum + total()
end

return function(n) return chain(n) + projection(n) end
