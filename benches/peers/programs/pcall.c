// Calls two functions deep, n times, and every fourth time the inner one doesn't return but jumps out of both.
#include "../harness/bench.h"
#include <setjmp.h>

static jmp_buf handler;

__attribute__((noinline)) static int inner(int i) {
  if ((i & 3) == 0) longjmp(handler, 1);
  return i & 7;
}

__attribute__((noinline)) static int outer(int i) {
  return inner(i) + 1;
}

double run(int n) {
  // Volatile, so that both are still there after a jump.
  volatile double sum = 0;
  for (volatile int i = 1; i <= n; i++) {
    if (!setjmp(handler))
      sum += outer(i);
    else
      sum += 100;
  }
  return sum;
}
