-- Makes n short strings, counts how often each was made in a table, and joins them all with commas between.
-- The result is the length of what was joined + the lengths of all strings.
return function(n)
  local x, counts, parts = 42, {}, {}
  for i = 1, n do
    x = (x * 1229 + 1) % 65536
    local key = "k" .. (x % 5000)
    counts[key] = (counts[key] or 0) + 1
    parts[i] = key
  end
  local joined = table.concat(parts, ",")
  local sum = #joined
  for key, count in pairs(counts) do sum = sum + count * #key end
  return sum
end
