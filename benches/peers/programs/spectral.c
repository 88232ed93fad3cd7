// The spectral norm of an infinite matrix, cut to n by n (2048 at most), by ten rounds of the power method.
#include "../harness/bench.h"

static double u[2048], v[2048], between[2048];

static double element(int i, int j) {
  int ij = i + j;
  return 1.0 / (ij * (ij + 1) / 2 + i + 1);
}

static void multiply(int n, double *x, double *y) {
  for (int i = 0; i < n; i++) {
    double sum = 0;
    for (int j = 0; j < n; j++) sum += x[j] * element(i, j);
    y[i] = sum;
  }
}

static void multiply_transposed(int n, double *x, double *y) {
  for (int i = 0; i < n; i++) {
    double sum = 0;
    for (int j = 0; j < n; j++) sum += x[j] * element(j, i);
    y[i] = sum;
  }
}

double run(int n) {
  for (int i = 0; i < n; i++) u[i] = 1;
  for (int round = 0; round < 10; round++) {
    multiply(n, u, between);
    multiply_transposed(n, between, v);
    multiply(n, v, between);
    multiply_transposed(n, between, u);
  }
  double uv = 0, vv = 0;
  for (int i = 0; i < n; i++) {
    uv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  return SQRT(uv / vv);
}
