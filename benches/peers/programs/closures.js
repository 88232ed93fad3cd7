// Makes two closures that share a variable, n times, and calls each ten times.
(function (n) {
  let sum = 0;
  for (let i = 1; i <= n; i++) {
    let count = 0;
    const make = (a) => (x) => {
      count = count + 1;
      return x + a;
    };
    const p = make(i & 7), q = make(3);
    let x = 0;
    for (let j = 0; j < 10; j++) {
      x = p(x);
      x = q(x);
    }
    sum += x + count;
  }
  return sum;
})
