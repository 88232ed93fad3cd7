-- A large tree that stays, and much garbage beside it: twin of dyn-live.rga.
-- Returns run(n): a tree of depth n, then 20000 of depth 9 (40 when n is small) of which every 16th lives for a while.
local function make(depth)
  if depth == 0 then return { left = false, right = false } end
  return { left = make(depth - 1), right = make(depth - 1) }
end

local function count(tree)
  if tree.left then return 1 + count(tree.left) + count(tree.right) end
  return 1
end

return function(n)
  local large, kept, sum = make(n), {}, 0
  local trees = n < 16 and 40 or 20000
  for i = 0, trees - 1 do
    local tree = make(9)
    sum = sum + count(tree.right)
    if i % 16 == 0 then kept[i / 16 % 64] = tree end
  end
  for i = 0, 63 do
    if kept[i] then sum = sum + count(kept[i]) end
  end
  return sum + count(large)
end
