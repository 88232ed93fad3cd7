// Flips pancakes for each permutation of 0..n - 1 until 0 is in front: short loops over small arrays of 16 at most.
// The result is checksum * 1000 + the most flips.
#include "../harness/bench.h"

double run(int n) {
  int perm[16], flipped[16], counters[16], sign = 1, most = 0, sum = 0;
  for (int i = 0; i < n; i++) {
    perm[i] = i;
    flipped[i] = i;
    counters[i] = i;
  }
  for (;;) {
    // Flip a copy. Its first element is kept in a variable.
    int first = perm[0];
    if (first != 0) {
      for (int i = 1; i < n; i++) flipped[i] = perm[i];
      int flips = 1;
      for (;;) {
        int following = flipped[first];
        if (following == 0) {
          sum += sign * flips;
          if (flips > most) most = flips;
          break;
        }
        flipped[first] = first;
        if (first >= 3) {
          int i = 1, j = first - 1;
          do {
            int swapped = flipped[i];
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
    if (sign == 1) {
      int swapped = perm[0];
      perm[0] = perm[1];
      perm[1] = swapped;
      sign = -1;
    } else {
      int swapped = perm[1];
      perm[1] = perm[2];
      perm[2] = swapped;
      sign = 1;
      for (int i = 2; i < n; i++) {
        int counter = counters[i];
        if (counter != 0) {
          counters[i] = counter - 1;
          break;
        }
        if (i == n - 1) return sum * 1000.0 + most;
        counters[i] = i;
        int rotated = perm[0];
        for (int j = 0; j <= i; j++) perm[j] = perm[j + 1];
        perm[i + 1] = rotated;
      }
    }
  }
}
