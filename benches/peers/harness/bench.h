/* Runs one program, which defines `double run(int n)`: prints its result and the seconds of CPU time that it took. */
#ifdef __wasm__
#include "bench-wasm.h"
#else
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SQRT sqrt
#define xmalloc malloc
#define xfree(pointer, size) free(pointer)

double run(int n);

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

int main(int count, char **words) {
  int n = atoi(words[1]);
  double start = seconds();
  double result = run(n);
  printf("%.9f %.6f\n", result, seconds() - start);
  return 0;
}
#endif
