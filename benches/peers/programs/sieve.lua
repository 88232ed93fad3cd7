-- How many primes there are up to n by the sieve of Eratosthenes, four times from the start.
return function(n)
  local count = 0
  for round = 1, 4 do
    count = 0
    local prime = {}
    for i = 1, n do prime[i] = true end
    for i = 2, n do
      if prime[i] then
        count = count + 1
        for j = i + i, n, i do prime[j] = false end
      end
    end
  end
  return count
end
