# Makes two closures that share a variable, n times, and calls each ten times.
def run(n):
    total = 0
    for i in range(1, n + 1):
        count = 0

        def make(a):
            def add(x):
                nonlocal count
                count = count + 1
                return x + a

            return add

        p = make(i & 7)
        q = make(3)
        x = 0
        for _ in range(10):
            x = p(x)
            x = q(x)
        total += x + count
    return total
