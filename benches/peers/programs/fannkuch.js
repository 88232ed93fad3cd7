// Flips pancakes for each permutation of 0..n - 1 until 0 is in front: short loops over small arrays.
// The result is checksum * 1000 + the most flips.
(function (n) {
  const perm = [], flipped = [], counters = [];
  let sign = 1, most = 0, sum = 0;
  for (let i = 0; i < n; i++) {
    perm.push(i);
    flipped.push(i);
    counters.push(i);
  }
  for (;;) {
    // Flip a copy. Its first element is kept in a variable.
    let first = perm[0];
    if (first !== 0) {
      for (let i = 1; i < n; i++) flipped[i] = perm[i];
      let flips = 1;
      for (;;) {
        const following = flipped[first];
        if (following === 0) {
          sum += sign * flips;
          if (flips > most) most = flips;
          break;
        }
        flipped[first] = first;
        if (first >= 3) {
          let i = 1, j = first - 1;
          do {
            const swapped = flipped[i];
            flipped[i] = flipped[j];
            flipped[j] = swapped;
            i++;
            j--;
          } while (i < j);
        }
        first = following;
        flips++;
      }
    }

    // Go on to the next permutation, of the other sign.
    if (sign === 1) {
      const swapped = perm[0];
      perm[0] = perm[1];
      perm[1] = swapped;
      sign = -1;
    } else {
      const swapped = perm[1];
      perm[1] = perm[2];
      perm[2] = swapped;
      sign = 1;
      for (let i = 2; i < n; i++) {
        const counter = counters[i];
        if (counter !== 0) {
          counters[i] = counter - 1;
          break;
        }
        if (i === n - 1) return sum * 1000 + most;
        counters[i] = i;
        const rotated = perm[0];
        for (let j = 0; j <= i; j++) perm[j] = perm[j + 1];
        perm[i + 1] = rotated;
      }
    }
  }
})
