-- 64 objects of four classes do a step n times each, in turn: a call whose target keeps changing.
local function class(step)
  local methods = {}
  methods.__index = methods
  methods.step = step
  return methods
end

local function up(self, x)
  return x + self.a
end

local function down(self, x)
  return x - self.a
end

local function counting(self, x)
  self.a = self.a + 1
  if self.a > 100 then self.a = 0 end
  return x + 1
end

local function wrapping(self, x)
  if x > 1000000 then return x - 1000000 end
  return x + self.a + self.a
end

local classes = { [0] = class(up), class(down), class(counting), class(wrapping) }

return function(n)
  local steppers = {}
  for i = 0, 63 do
    steppers[i + 1] = setmetatable({ a = i + 1 }, classes[(i * 7 + math.floor(i / 5)) % 4])
  end
  local x = 0
  for round = 1, n do
    for i = 1, 64 do x = steppers[i]:step(x) end
  end
  return x
end
