-- A graph with links in no order, walked, then garbage beside it: twin of dyn-graph.rga.
-- Returns run(n): n nodes with two random links each, 4 n steps from node to node, n trees of one node and two leaves.
return function(n)
  local nodes, w = {}, 1
  for i = 0, n - 1 do nodes[i] = { value = i, left = false, right = false } end
  for i = 0, n - 1 do
    local node = nodes[i]
    w = 18000 * (w % 65536) + math.floor(w / 65536)
    node.left = nodes[w % n]
    w = 18000 * (w % 65536) + math.floor(w / 65536)
    node.right = nodes[w % n]
  end
  local sum = 0
  for i = 0, n - 1 do
    local tree = { value = i, left = { value = i % 3, left = false, right = false }, right = nodes[i] }
    sum = sum + tree.left.value
  end
  local node = nodes[0]
  for i = 1, 4 * n do
    sum = sum + node.value % 8
    if i % 3 == 0 then node = node.left else node = node.right end
    if i % 16 == 0 then node = nodes[(i * 5) % n] end
  end
  return sum
end
