// Multiplies two n by n matrices (512 by 512 at most) kept in flat arrays, and adds up the elements of the product.
#include "../harness/bench.h"

static double a[262144], b[262144], c[262144];

double run(int n) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) {
      a[i * n + j] = (i - j) * 0.5 + 1;
      b[i * n + j] = (i + j) * 0.25;
    }
  }
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
  }
  double total = 0;
  for (int i = 0; i < n * n; i++) total += c[i];
  return total;
}
