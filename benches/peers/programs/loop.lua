-- Counts to n while two sums grow and wrap at their limits: adding, comparing, branching.
return function(n)
  local x, k, i = 1, 7, 0
  while i < n do
    x = x + k
    if x > 1000003 then x = x - 1000003 end
    k = k + 7
    if k > 1009 then k = k - 1009 end
    i = i + 1
  end
  return x
end
