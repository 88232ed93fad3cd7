# The spectral norm of an infinite matrix, cut to n by n, by ten rounds of the power method.
from math import sqrt


def element(i, j):
    ij = i + j
    return 1.0 / (ij * (ij + 1) * 0.5 + i + 1)


def multiply(n, x, y):
    for i in range(n):
        total = 0
        for j in range(n):
            total += x[j] * element(i, j)
        y[i] = total


def multiply_transposed(n, x, y):
    for i in range(n):
        total = 0
        for j in range(n):
            total += x[j] * element(j, i)
        y[i] = total


def run(n):
    u = [1] * n
    v = [0] * n
    between = [0] * n
    for _ in range(10):
        multiply(n, u, between)
        multiply_transposed(n, between, v)
        multiply(n, v, between)
        multiply_transposed(n, between, u)
    uv = vv = 0
    for i in range(n):
        uv += u[i] * v[i]
        vv += v[i] * v[i]
    return sqrt(uv / vv)
