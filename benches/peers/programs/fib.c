// The nth Fibonacci number the slow way: two calls for each.
#include "../harness/bench.h"

// -DPLAIN keeps a call for each node: without it, some are inlined and others become loops.
#ifdef PLAIN
__attribute__((noinline, noclone, optimize("O1", "no-optimize-sibling-calls")))
#endif
int fib(int n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

double run(int n) {
  return fib(n);
}
