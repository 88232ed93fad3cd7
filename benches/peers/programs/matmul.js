// Multiplies two n by n matrices kept in flat arrays, and adds up the elements of the product.
(function (n) {
  const a = [], b = [], c = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      a.push((i - j) * 0.5 + 1);
      b.push((i + j) * 0.25);
      c.push(0.5);
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
  }
  let total = 0;
  for (let i = 0; i < n * n; i++) total += c[i];
  return total;
})
