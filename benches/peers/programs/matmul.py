# Multiplies two n by n matrices kept in flat arrays, and adds up the elements of the product.
def run(n):
    a = [0.0] * (n * n)
    b = [0.0] * (n * n)
    c = [0.0] * (n * n)
    for i in range(n):
        for j in range(n):
            a[i * n + j] = (i - j) * 0.5 + 1
            b[i * n + j] = (i + j) * 0.25
    for i in range(n):
        for j in range(n):
            element = 0.0
            for k in range(n):
                element += a[i * n + k] * b[k * n + j]
            c[i * n + j] = element
    total = 0
    for i in range(n * n):
        total += c[i]
    return total
