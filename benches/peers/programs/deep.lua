-- A deep stack with an object in every frame, and garbage made on top of it: twin of dyn-deep.rga.
-- Returns run(n): n frames, and a million objects, or ten thousand when n is small. Neither Lua has room for the full size.
local function garbage(n)
  local sum = 0
  for i = 1, n do
    local cell = { value = i % 4, next = false }
    sum = sum + cell.value
  end
  return sum
end

local function descend(n, many)
  if n == 0 then return garbage(many) end
  local cell = { value = n % 8, next = false }
  local below = descend(n - 1, many)
  return below + cell.value
end

return function(n) return descend(n, n < 10000 and 10000 or 1000000) end
