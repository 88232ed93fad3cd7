-- Objects replaced in no order, so that the old have holes everywhere: twin of dyn-frag.rga.
-- Returns run(n): an array of n slots, 20 n times a slot chosen at random gets a new object.
return function(n)
  local slots, w, sum = {}, 1, 0
  for i = 0, n - 1 do slots[i] = { value = i, more = false } end
  for i = 1, 20 * n do
    w = 18000 * (w % 65536) + math.floor(w / 65536)
    local at = w % n
    sum = sum + slots[at].value % 16
    slots[at] = { value = i, more = false }
  end
  return sum
end
