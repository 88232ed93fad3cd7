// Builds binary trees, counts their nodes and drops them, over and over, beside one tree that stays.
#include "../harness/bench.h"

typedef struct Tree {
  struct Tree *left, *right;
} Tree;

static Tree *make(int depth) {
  Tree *tree = xmalloc(sizeof(Tree));
  if (depth == 0) {
    tree->left = tree->right = 0;
  } else {
    tree->left = make(depth - 1);
    tree->right = make(depth - 1);
  }
  return tree;
}

static int count(Tree *tree) {
  return tree->left ? 1 + count(tree->left) + count(tree->right) : 1;
}

static void drop(Tree *tree) {
  if (tree->left) {
    drop(tree->left);
    drop(tree->right);
  }
  xfree(tree, sizeof(Tree));
}

double run(int n) {
  double sum = 0;
  Tree *large = make(n + 1);
  sum += count(large);
  drop(large);
  Tree *kept = make(n);
  for (int depth = 4; depth <= n; depth += 2) {
    int trees = 1 << (n - depth + 4);
    for (int i = 0; i < trees; i++) {
      Tree *tree = make(depth);
      sum += count(tree);
      drop(tree);
    }
  }
  return sum + count(kept);
}
