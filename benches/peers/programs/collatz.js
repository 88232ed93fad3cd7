// Walks by the 3x + 1 rule from each of 1..n down to 1, and counts the steps of all.
(function (n) {
  let steps = 0;
  for (let i = 1; i <= n; i++) {
    let x = i;
    while (x !== 1) {
      if (x % 2 === 0) {
        x = x / 2;
      } else {
        x = x * 3 + 1;
      }
      steps++;
    }
  }
  return steps;
})
