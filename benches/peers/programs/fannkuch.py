# Flips pancakes for each permutation of 0..n - 1 until 0 is in front: short loops over small arrays.
# The result is checksum * 1000 + the most flips.
def run(n):
    perm = list(range(n))
    flipped = list(range(n))
    counters = list(range(n))
    perm.append(0)
    sign = 1
    most = 0
    checksum = 0
    while True:
        # Flip a copy. Its first element is kept in a variable.
        first = perm[0]
        if first != 0:
            for i in range(1, n):
                flipped[i] = perm[i]
            flips = 1
            while True:
                following = flipped[first]
                if following == 0:
                    checksum += sign * flips
                    if flips > most:
                        most = flips
                    break
                flipped[first] = first
                if first >= 3:
                    i = 1
                    j = first - 1
                    while True:
                        swapped = flipped[i]
                        flipped[i] = flipped[j]
                        flipped[j] = swapped
                        i += 1
                        j -= 1
                        if i >= j:
                            break
                first = following
                flips += 1

        # Go on to the next permutation, of the other sign.
        if sign == 1:
            swapped = perm[0]
            perm[0] = perm[1]
            perm[1] = swapped
            sign = -1
        else:
            swapped = perm[1]
            perm[1] = perm[2]
            perm[2] = swapped
            sign = 1
            for i in range(2, n):
                counter = counters[i]
                if counter != 0:
                    counters[i] = counter - 1
                    break
                if i == n - 1:
                    return checksum * 1000 + most
                counters[i] = i
                rotated = perm[0]
                for j in range(0, i + 1):
                    perm[j] = perm[j + 1]
                perm[i + 1] = rotated
