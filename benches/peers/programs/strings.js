// Makes n short strings, counts how often each was made in a map, and joins them all with commas between.
// The result is the length of what was joined + the lengths of all strings.
(function (n) {
  let x = 42;
  const counts = new Map(), parts = [];
  for (let i = 0; i < n; i++) {
    x = (x * 1229 + 1) % 65536;
    const key = "k" + (x % 5000);
    counts.set(key, (counts.get(key) || 0) + 1);
    parts.push(key);
  }
  const joined = parts.join(",");
  let sum = joined.length;
  for (const [key, count] of counts) sum += count * key.length;
  return sum;
})
