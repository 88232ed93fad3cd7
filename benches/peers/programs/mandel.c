// The Mandelbrot set on a grid of n by n points: the iterations that they take together, at most 50 each.
#include "../harness/bench.h"

double run(int n) {
  int iterations = 0;
  for (int y = 0; y < n; y++) {
    double ci = 2.0 * y / n - 1.0;
    for (int x = 0; x < n; x++) {
      double cr = 2.0 * x / n - 1.5, zr = 0, zi = 0;
      int k = 0;
      while (k < 50) {
        double zr2 = zr * zr, zi2 = zi * zi;
        if (zr2 + zi2 > 4.0) break;
        zi = 2.0 * zr * zi + ci;
        zr = zr2 - zi2 + cr;
        k++;
      }
      iterations += k;
    }
  }
  return iterations;
}
