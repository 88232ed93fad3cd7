# Calls two functions deep, n times, and every fourth time the inner one throws: a try that mostly goes well.
class Problem(Exception):
    pass


# One for all: the traceback is taken off again, or it would grow.
PROBLEM = Problem()


def inner(i):
    if i & 3 == 0:
        raise PROBLEM
    return i & 7


def outer(i):
    return inner(i) + 1


def run(n):
    total = 0
    for i in range(1, n + 1):
        try:
            total += outer(i)
        except Problem:
            total += 100
            PROBLEM.__traceback__ = None
    return total
