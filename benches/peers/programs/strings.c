// Makes n short strings, counts how often each was made in a table, and joins them all with commas between.
// The result is the length of what was joined + the lengths of all strings.
#include "../harness/bench.h"

typedef struct {
  char key[12];
  int length;
  int count;
} Entry;

static Entry entries[16384];
static char joined[16u << 20];

double run(int n) {
  uint32_t x = 42;
  int end = 0;
  for (int i = 0; i < n; i++) {
    x = (x * 1229u + 1u) % 65536u;

    // The key is k and a number.
    int id = x % 5000;
    char key[12];
    int length = 0;
    key[length++] = 'k';
    char digits[8];
    int left = 0;
    do {
      digits[left++] = '0' + id % 10;
      id /= 10;
    } while (id);
    while (left) key[length++] = digits[--left];

    // Count it in a hash table without deletion, where a key goes into the first free entry from its hash on.
    uint32_t hash = 2166136261u;
    for (int j = 0; j < length; j++) hash = (hash ^ (uint8_t)key[j]) * 16777619u;
    uint32_t slot = hash & 16383;
    for (;;) {
      Entry *entry = &entries[slot];
      if (entry->count == 0) {
        for (int j = 0; j < length; j++) entry->key[j] = key[j];
        entry->length = length;
        entry->count = 1;
        break;
      }
      if (entry->length == length) {
        int j = 0;
        while (j < length && entry->key[j] == key[j]) j++;
        if (j == length) {
          entry->count++;
          break;
        }
      }
      slot = (slot + 1) & 16383;
    }

    for (int j = 0; j < length; j++) joined[end++] = key[j];
    joined[end++] = ',';
  }

  double sum = end - 1;
  for (int i = 0; i < 16384; i++) {
    if (entries[i].count) sum += (double)entries[i].count * entries[i].length;
  }
  return sum;
}
