// 64 objects of four kinds do a step n times each, in turn: a call whose target keeps changing.
#include "../harness/bench.h"

typedef struct Stepper Stepper;

struct Stepper {
  int (*step)(Stepper *, int);
  int a;
};

__attribute__((noinline)) static int up(Stepper *stepper, int x) {
  return x + stepper->a;
}

__attribute__((noinline)) static int down(Stepper *stepper, int x) {
  return x - stepper->a;
}

__attribute__((noinline)) static int counting(Stepper *stepper, int x) {
  stepper->a = stepper->a + 1;
  if (stepper->a > 100) stepper->a = 0;
  return x + 1;
}

__attribute__((noinline)) static int wrapping(Stepper *stepper, int x) {
  if (x > 1000000) return x - 1000000;
  return x + stepper->a + stepper->a;
}

// Volatile, so that the compiler can't know what is called.
static int (*volatile steps[4])(Stepper *, int) = {up, down, counting, wrapping};

double run(int n) {
  Stepper steppers[64];
  for (int i = 0; i < 64; i++) {
    steppers[i].step = steps[(i * 7 + i / 5) % 4];
    steppers[i].a = i + 1;
  }
  int x = 0;
  for (int round = 0; round < n; round++) {
    for (int i = 0; i < 64; i++) x = steppers[i].step(&steppers[i], x);
  }
  return x;
}
