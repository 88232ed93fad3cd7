/* Runs one WebAssembly module on wasm3: `wasm3-runner MODULE SIZE` prints the result and the seconds of CPU time that it took;
   `wasm3-runner version` prints the version. Everything is compiled before the clock starts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "wasm3.h"

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

static void check(const char *what, M3Result result) {
  if (!result) return;
  fprintf(stderr, "%s: %s\n", what, result);
  exit(1);
}

static uint8_t *contents(const char *name, uint32_t *length) {
  FILE *file = fopen(name, "rb");
  if (!file) {
    perror(name);
    exit(1);
  }
  fseek(file, 0, SEEK_END);
  *length = (uint32_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(*length);
  if (!bytes || fread(bytes, 1, *length, file) != *length) check(name, "can't be read");
  fclose(file);
  return bytes;
}

int main(int count, char **words) {
  if (count == 2 && !strcmp(words[1], "version")) {
    printf("wasm3 %s\n", M3_VERSION);
    return 0;
  }
  if (count != 3) {
    fprintf(stderr, "wanted are a module and a size, or `version`\n");
    return 2;
  }
  uint32_t length;
  uint8_t *bytes = contents(words[1], &length);
  IM3Environment environment = m3_NewEnvironment();
  IM3Runtime runtime = m3_NewRuntime(environment, 1 << 20, NULL);
  IM3Module module;
  IM3Function run;
  check("it can't be read", m3_ParseModule(environment, &module, bytes, length));
  check("it can't be loaded", m3_LoadModule(runtime, module));
  check("it can't be compiled", m3_CompileModule(module));
  check("no function `run`", m3_FindFunction(&run, runtime, "run"));

  const char *arguments[] = {words[2]};
  double start = seconds();
  M3Result trap = m3_CallArgv(run, 1, arguments);
  double taken = seconds() - start;
  check("it trapped", trap);

  union {
    int32_t i32;
    int64_t i64;
    double f64;
  } result = {0};
  check("no result", m3_GetResultsV(run, &result));
  switch (m3_GetRetType(run, 0)) {
    case c_m3Type_i32: printf("%d %.6f\n", result.i32, taken); break;
    case c_m3Type_i64: printf("%lld %.6f\n", (long long)result.i64, taken); break;
    case c_m3Type_f64: printf("%.9f %.6f\n", result.f64, taken); break;
    default: check("the result", "is no number of 32 or 64 bits");
  }
  return 0;
}
