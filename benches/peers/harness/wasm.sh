#!/bin/sh
# Makes a WebAssembly module of a program: `wasm.sh PROGRAM MODULE`. Texts (.wat) are assembled, C is compiled; neither uses
# more than the first version of WebAssembly has.
set -eu
case $1 in
*.wat) wat2wasm "$1" -o "$2" ;;
*.c)
  clang --target=wasm32 -O2 -w -nostdlib -ffreestanding -fno-builtin -fno-vectorize -fno-slp-vectorize \
    -Wl,--no-entry -Wl,--export=run -Wl,-z,stack-size=65536 -o "$2" "$1"
  ;;
*) echo "wasm.sh: $1 is neither .wat nor .c" >&2 && exit 2 ;;
esac
