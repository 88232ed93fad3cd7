-- Builds binary trees and counts their nodes, over and over, beside one tree that stays.
local function make(depth)
  if depth == 0 then return { left = false, right = false } end
  return { left = make(depth - 1), right = make(depth - 1) }
end

local function count(tree)
  if tree.left then return 1 + count(tree.left) + count(tree.right) end
  return 1
end

return function(n)
  local sum = count(make(n + 1))
  local kept = make(n)
  for depth = 4, n, 2 do
    local trees = 2 ^ (n - depth + 4)
    for i = 1, trees do sum = sum + count(make(depth)) end
  end
  return sum + count(kept)
end
