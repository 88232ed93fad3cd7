-- Lists and maps that die young, and a few maps that live a while: twin of dyn-churn.rga.
-- Returns run(n): n rounds of a list of 1000 cells and a map with 1000 entries; the last 16 maps are kept.
return function(n)
  local kept, sum = {}, 0
  for round = 0, n - 1 do
    local list = nil
    for i = 1, 1000 do list = { value = i, next = list } end
    local map = {}
    for i = 0, 999 do map[i * 7 + round % 13] = i end
    for i = 0, 999 do
      local found = map[i * 5]
      if found then sum = sum + found end
    end
    while list do
      sum = sum + list.value
      list = list.next
    end
    kept[round % 16] = map
  end
  local key = 7
  for i = 0, 15 do
    local found = kept[i] and kept[i][key]
    if found then sum = sum + found end
  end
  return sum
end
