# How many primes there are up to n by the sieve of Eratosthenes, four times from the start.
def run(n):
    for _ in range(4):
        count = 0
        prime = [True] * (n + 1)
        for i in range(2, n + 1):
            if prime[i]:
                count += 1
                for j in range(i + i, n + 1, i):
                    prime[j] = False
    return count
