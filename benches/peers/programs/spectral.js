// The spectral norm of an infinite matrix, cut to n by n, by ten rounds of the power method.
(function () {
  function element(i, j) {
    const ij = i + j;
    return 1.0 / (ij * (ij + 1) * 0.5 + i + 1);
  }

  function multiply(n, x, y) {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += x[j] * element(i, j);
      y[i] = sum;
    }
  }

  function multiplyTransposed(n, x, y) {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += x[j] * element(j, i);
      y[i] = sum;
    }
  }

  return function (n) {
    const u = [], v = [], between = [];
    for (let i = 0; i < n; i++) {
      u.push(1);
      v.push(0.5);
      between.push(0.5);
    }
    for (let round = 0; round < 10; round++) {
      multiply(n, u, between);
      multiplyTransposed(n, between, v);
      multiply(n, v, between);
      multiplyTransposed(n, between, u);
    }
    let uv = 0, vv = 0;
    for (let i = 0; i < n; i++) {
      uv += u[i] * v[i];
      vv += v[i] * v[i];
    }
    return Math.sqrt(uv / vv);
  };
})()
