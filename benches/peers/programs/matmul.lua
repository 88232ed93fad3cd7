-- Multiplies two n by n matrices kept in flat arrays, and adds up the elements of the product.
return function(n)
  local a, b, c = {}, {}, {}
  for i = 0, n - 1 do
    for j = 0, n - 1 do
      a[i * n + j] = (i - j) * 0.5 + 1
      b[i * n + j] = (i + j) * 0.25
    end
  end
  for i = 0, n - 1 do
    for j = 0, n - 1 do
      local sum = 0.0
      for k = 0, n - 1 do sum = sum + a[i * n + k] * b[k * n + j] end
      c[i * n + j] = sum
    end
  end
  local total = 0
  for i = 0, n * n - 1 do total = total + c[i] end
  return total
end
