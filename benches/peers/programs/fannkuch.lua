-- Flips pancakes for each permutation of 0..n - 1 until 0 is in front: short loops over small arrays.
-- The result is checksum * 1000 + the most flips.
return function(n)
  local perm, flipped, counters, sign, most, sum = {}, {}, {}, 1, 0, 0
  for i = 0, n - 1 do
    perm[i] = i
    flipped[i] = i
    counters[i] = i
  end
  while true do
    -- Flip a copy. Its first element is kept in a variable.
    local first = perm[0]
    if first ~= 0 then
      for i = 1, n - 1 do flipped[i] = perm[i] end
      local flips = 1
      while true do
        local following = flipped[first]
        if following == 0 then
          sum = sum + sign * flips
          if flips > most then most = flips end
          break
        end
        flipped[first] = first
        if first >= 3 then
          local i, j = 1, first - 1
          repeat
            local swapped = flipped[i]
            flipped[i] = flipped[j]
            flipped[j] = swapped
            i = i + 1
            j = j - 1
          until i >= j
        end
        first = following
        flips = flips + 1
      end
    end

    -- Go on to the next permutation, of the other sign.
    if sign == 1 then
      local swapped = perm[0]
      perm[0] = perm[1]
      perm[1] = swapped
      sign = -1
    else
      local swapped = perm[1]
      perm[1] = perm[2]
      perm[2] = swapped
      sign = 1
      for i = 2, n - 1 do
        local counter = counters[i]
        if counter ~= 0 then
          counters[i] = counter - 1
          break
        end
        if i == n - 1 then return sum * 1000 + most end
        counters[i] = i
        local rotated = perm[0]
        for j = 0, i do perm[j] = perm[j + 1] end
        perm[i + 1] = rotated
      end
    end
  end
end
