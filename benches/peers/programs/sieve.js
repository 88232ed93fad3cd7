// How many primes there are up to n by the sieve of Eratosthenes, four times from the start.
(function (n) {
  let count = 0;
  for (let round = 0; round < 4; round++) {
    count = 0;
    const prime = [];
    for (let i = 0; i <= n; i++) prime.push(true);
    for (let i = 2; i <= n; i++) {
      if (prime[i]) {
        count++;
        for (let j = i + i; j <= n; j += i) prime[j] = false;
      }
    }
  }
  return count;
})
