// The Mandelbrot set on a grid of n by n points: the iterations that they take together, at most 50 each.
(function (n) {
  let iterations = 0;
  for (let y = 0; y < n; y++) {
    const ci = 2.0 * y / n - 1.0;
    for (let x = 0; x < n; x++) {
      const cr = 2.0 * x / n - 1.5;
      let zr = 0, zi = 0, k = 0;
      while (k < 50) {
        const zr2 = zr * zr, zi2 = zi * zi;
        if (zr2 + zi2 > 4.0) break;
        zi = 2.0 * zr * zi + ci;
        zr = zr2 - zi2 + cr;
        k++;
      }
      iterations += k;
    }
  }
  return iterations;
})
