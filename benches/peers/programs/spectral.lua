-- The spectral norm of an infinite matrix, cut to n by n, by ten rounds of the power method.
local function element(i, j)
  local ij = i + j
  return 1.0 / (ij * (ij + 1) * 0.5 + i + 1)
end

local function multiply(n, x, y)
  for i = 0, n - 1 do
    local sum = 0
    for j = 0, n - 1 do sum = sum + x[j] * element(i, j) end
    y[i] = sum
  end
end

local function multiply_transposed(n, x, y)
  for i = 0, n - 1 do
    local sum = 0
    for j = 0, n - 1 do sum = sum + x[j] * element(j, i) end
    y[i] = sum
  end
end

return function(n)
  local u, v, between = {}, {}, {}
  for i = 0, n - 1 do u[i] = 1 end
  for round = 1, 10 do
    multiply(n, u, between)
    multiply_transposed(n, between, v)
    multiply(n, v, between)
    multiply_transposed(n, between, u)
  end
  local uv, vv = 0, 0
  for i = 0, n - 1 do
    uv = uv + u[i] * v[i]
    vv = vv + v[i] * v[i]
  end
  return math.sqrt(uv / vv)
end
