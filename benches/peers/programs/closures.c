// Makes two closures that share a variable, n times, and calls each ten times: a structure with a function in it.
#include "../harness/bench.h"

typedef struct Closure Closure;

struct Closure {
  int (*function)(Closure *, int);
  int a;
  int *count;
};

__attribute__((noinline)) static int add(Closure *closure, int x) {
  (*closure->count)++;
  return x + closure->a;
}

// Volatile, so that the compiler can't know what is called.
static int (*volatile function)(Closure *, int) = add;

__attribute__((noinline)) static Closure *make(int a, int *count) {
  Closure *closure = xmalloc(sizeof(Closure));
  closure->function = function;
  closure->a = a;
  closure->count = count;
  return closure;
}

double run(int n) {
  double sum = 0;
  for (int i = 1; i <= n; i++) {
    int count = 0;
    Closure *p = make(i & 7, &count), *q = make(3, &count);
    int x = 0;
    for (int j = 0; j < 10; j++) {
      x = p->function(p, x);
      x = q->function(q, x);
    }
    sum += x + count;
    xfree(p, sizeof(Closure));
    xfree(q, sizeof(Closure));
  }
  return sum;
}
