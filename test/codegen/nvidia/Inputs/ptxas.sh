#!/bin/sh
# Says what ptxas says of a kernel whose values do not fit its registers.
while [ $# -gt 0 ]; do
  [ "$1" = -o ] && output=$2
  shift
done
echo "machine code" >"$output"
cat <<TEXT
ptxas info    : Compiling entry function 'scale_kernel' for 'sm_80'
ptxas info    : Function properties for scale_kernel
    8 bytes stack frame, 24 bytes spill stores, 24 bytes spill loads
ptxas info    : Used 64 registers, 380 bytes cmem[0]
TEXT
