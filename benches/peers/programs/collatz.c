// Walks by the 3x + 1 rule from each of 1..n down to 1, and counts the steps of all.
#include "../harness/bench.h"

double run(int n) {
  int64_t steps = 0;
  for (int64_t i = 1; i <= n; i++) {
    int64_t x = i;
    while (x != 1) {
      if ((x & 1) == 0)
        x = x >> 1;
      else
        x = x * 3 + 1;
      steps++;
    }
  }
  return (double)steps;
}
