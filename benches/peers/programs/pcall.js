// Calls two functions deep, n times, and every fourth time the inner one throws: a try that mostly goes well.
(function () {
  const problem = {};

  function inner(i) {
    if ((i & 3) === 0) throw problem;
    return i & 7;
  }

  function outer(i) {
    return inner(i) + 1;
  }

  return function (n) {
    let sum = 0;
    for (let i = 1; i <= n; i++) {
      try {
        sum += outer(i);
      } catch (caught) {
        sum += 100;
      }
    }
    return sum;
  };
})()
