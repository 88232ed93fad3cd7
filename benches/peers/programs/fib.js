// The nth Fibonacci number the slow way: two calls for each.
(function () {
  function fib(n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
  }

  return fib;
})()
