# The nth Fibonacci number the slow way: two calls for each.
def run(n):
    return n if n < 2 else run(n - 1) + run(n - 2)
