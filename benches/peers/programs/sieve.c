// How many primes there are up to n (2,000,000 at most) by the sieve of Eratosthenes, four times from the start.
#include "../harness/bench.h"

static uint8_t prime[2000002];

double run(int n) {
  int count = 0;
  for (int round = 0; round < 4; round++) {
    count = 0;
    for (int i = 2; i <= n; i++) prime[i] = 1;
    for (int i = 2; i <= n; i++) {
      if (prime[i]) {
        count++;
        for (int j = i + i; j <= n; j += i) prime[j] = 0;
      }
    }
  }
  return count;
}
