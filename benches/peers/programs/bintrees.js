// Builds binary trees and counts their nodes, over and over, beside one tree that stays.
(function () {
  function make(depth) {
    return depth === 0 ? { left: null, right: null } : { left: make(depth - 1), right: make(depth - 1) };
  }

  function count(tree) {
    return tree.left !== null ? 1 + count(tree.left) + count(tree.right) : 1;
  }

  return function (n) {
    let sum = count(make(n + 1));
    const kept = make(n);
    for (let depth = 4; depth <= n; depth += 2) {
      const trees = 1 << (n - depth + 4);
      for (let i = 0; i < trees; i++) sum += count(make(depth));
    }
    return sum + count(kept);
  };
})()
