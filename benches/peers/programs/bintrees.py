# Builds binary trees and counts their nodes, over and over, beside one tree that stays.
class Tree:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


def make(depth):
    return Tree(None, None) if depth == 0 else Tree(make(depth - 1), make(depth - 1))


def count(tree):
    return 1 + count(tree.left) + count(tree.right) if tree.left is not None else 1


def run(n):
    total = count(make(n + 1))
    kept = make(n)
    for depth in range(4, n + 1, 2):
        for _ in range(1 << (n - depth + 4)):
            total += count(make(depth))
    return total + count(kept)
