-- The Mandelbrot set on a grid of n by n points: the iterations that they take together, at most 50 each.
return function(n)
  local iterations = 0
  for y = 0, n - 1 do
    local ci = 2.0 * y / n - 1.0
    for x = 0, n - 1 do
      local cr, zr, zi, k = 2.0 * x / n - 1.5, 0.0, 0.0, 0
      while k < 50 do
        local zr2, zi2 = zr * zr, zi * zi
        if zr2 + zi2 > 4.0 then break end
        zi = 2.0 * zr * zi + ci
        zr = zr2 - zi2 + cr
        k = k + 1
      end
      iterations = iterations + k
    end
  end
  return iterations
end
