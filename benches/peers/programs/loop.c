// Counts to n while two sums grow and wrap at their limits: adding, comparing, branching.
#include "../harness/bench.h"

double run(int n) {
  int x = 1, k = 7, i = 0;
  while (i < n) {
    x += k;
    if (x > 1000003) x -= 1000003;
    k += 7;
    if (k > 1009) k -= 1009;
    i++;
  }
  return x;
}
