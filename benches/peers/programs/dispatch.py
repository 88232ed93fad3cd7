# 64 objects of four classes do a step n times each, in turn: a call whose target keeps changing.
class Up:
    def __init__(self, a):
        self.a = a

    def step(self, x):
        return x + self.a


class Down:
    def __init__(self, a):
        self.a = a

    def step(self, x):
        return x - self.a


class Counting:
    def __init__(self, a):
        self.a = a

    def step(self, x):
        self.a = self.a + 1
        if self.a > 100:
            self.a = 0
        return x + 1


class Wrapping:
    def __init__(self, a):
        self.a = a

    def step(self, x):
        if x > 1000000:
            return x - 1000000
        return x + self.a + self.a


def run(n):
    classes = [Up, Down, Counting, Wrapping]
    steppers = [classes[(i * 7 + i // 5) % 4](i + 1) for i in range(64)]
    x = 0
    for _ in range(n):
        for i in range(64):
            x = steppers[i].step(x)
    return x
