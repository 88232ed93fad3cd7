-- Walks by the 3x + 1 rule from each of 1..n down to 1, and counts the steps of all. This is collatz.lua for Lua 5.3
-- and later, which have 64-bit integers and operators on their bits.
return function(n)
  local steps = 0
  for i = 1, n do
    local x = i
    while x ~= 1 do
      if x & 1 == 0 then
        x = x >> 1
      else
        x = x * 3 + 1
      end
      steps = steps + 1
    end
  end
  return steps
end
