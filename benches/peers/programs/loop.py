# Counts to n while two sums grow and wrap at their limits: adding, comparing, branching.
def run(n):
    x = 1
    k = 7
    i = 0
    while i < n:
        x = x + k
        if x > 1000003:
            x = x - 1000003
        k = k + 7
        if k > 1009:
            k = k - 1009
        i = i + 1
    return x
