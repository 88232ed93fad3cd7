# Makes n short strings, counts how often each was made in a dict, and joins them all with commas between.
# The result is the length of what was joined + the lengths of all strings.
def run(n):
    x = 42
    counts = {}
    parts = []
    for _ in range(n):
        x = (x * 1229 + 1) % 65536
        key = "k" + str(x % 5000)
        counts[key] = counts.get(key, 0) + 1
        parts.append(key)
    joined = ",".join(parts)
    total = len(joined)
    for key, count in counts.items():
        total += count * len(key)
    return total
