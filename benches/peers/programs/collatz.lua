-- Walks by the 3x + 1 rule from each of 1..n down to 1, and counts the steps of all. All numbers may be floats:
-- collatz53.lua is the same for versions with 64-bit integers, Lua 5.3 and later.
return function(n)
  local steps = 0
  for i = 1, n do
    local x = i
    while x ~= 1 do
      if x % 2 == 0 then
        x = x / 2
      else
        x = x * 3 + 1
      end
      steps = steps + 1
    end
  end
  return steps
end
