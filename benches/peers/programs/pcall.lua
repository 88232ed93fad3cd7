-- Calls two functions deep, n times, and every fourth time the inner one throws: protected calls that mostly go well.
local problem = {}
local pcall, error = pcall, error

local function inner(i)
  if i % 4 == 0 then error(problem) end
  return i % 8
end

local function outer(i)
  return inner(i) + 1
end

return function(n)
  local sum = 0
  for i = 1, n do
    local ok, value = pcall(outer, i)
    if ok then
      sum = sum + value
    else
      sum = sum + 100
    end
  end
  return sum
end
