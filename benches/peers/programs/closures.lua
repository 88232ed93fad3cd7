-- Makes two closures that share a variable, n times, and calls each ten times.
return function(n)
  local sum = 0
  for i = 1, n do
    local count = 0
    local function make(a)
      return function(x)
        count = count + 1
        return x + a
      end
    end
    local p, q = make(i % 8), make(3)
    local x = 0
    for j = 1, 10 do
      x = p(x)
      x = q(x)
    end
    sum = sum + x + count
  end
  return sum
end
