/* What a program has in WebAssembly, where there is no library: it exports `run`, and who embeds it takes the time. */
#include <stddef.h>
#include <stdint.h>

#define SQRT __builtin_sqrt
#define PAGE 65536

double run(int n);

/* Memory: what is given back is kept in a list for each multiple of 16 bytes, and taken from there first. */
extern unsigned char __heap_base;

typedef struct Free {
  struct Free *next;
} Free;

static Free *free_of[16];
static size_t heap_next, heap_end;

static inline void *xmalloc(size_t size) {
  size_t class = (size + 15) / 16;
  if (class >= 16) __builtin_trap();
  Free *first = free_of[class];
  if (first) {
    free_of[class] = first->next;
    return first;
  }
  if (!heap_next) {
    heap_next = ((size_t)&__heap_base + 15) / 16 * 16;
    heap_end = __builtin_wasm_memory_size(0) * PAGE;
  }
  size_t start = heap_next;
  heap_next += class * 16;
  while (heap_next > heap_end) {
    if (__builtin_wasm_memory_grow(0, 64) == (size_t)-1) __builtin_trap();
    heap_end += 64 * PAGE;
  }
  return (void *)start;
}

static inline void xfree(void *pointer, size_t size) {
  Free **list = &free_of[(size + 15) / 16];
  ((Free *)pointer)->next = *list;
  *list = pointer;
}
