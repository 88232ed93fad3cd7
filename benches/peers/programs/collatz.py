# Walks by the 3x + 1 rule from each of 1..n down to 1, and counts the steps of all.
def run(n):
    steps = 0
    for i in range(1, n + 1):
        x = i
        while x != 1:
            if x & 1 == 0:
                x = x >> 1
            else:
                x = x * 3 + 1
            steps += 1
    return steps
