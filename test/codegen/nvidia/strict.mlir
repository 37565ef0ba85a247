// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A spill is a remark, with --strict an error that leaves nothing written.
// RUN: rm -rf %t && mkdir %t
// RUN: env GEMEL_PTXAS=%S/Inputs/ptxas.sh XDG_CACHE_HOME=%t gemelc %s --target=sm_80 --remarks -o %t/a.so 2>&1 | FileCheck %s
// RUN: not env GEMEL_PTXAS=%S/Inputs/ptxas.sh XDG_CACHE_HOME=%t gemelc %s --target=sm_80 --strict -o %t/b.so 2>&1 | FileCheck %s --check-prefix=STRICT
// RUN: test -f %t/a.so && not test -e %t/b.so

// CHECK: strict.mlir:[[#@LINE+2]]:10: remark: 'scale_kernel' has no registers for 24 bytes of what its 64 registers should hold; they go through local memory
// STRICT: strict.mlir:[[#@LINE+1]]:10: error: 'scale_kernel' has no registers for 24 bytes of what its 64 registers should hold; they go through local memory
gemel.op @scale[N](x: f32[N]) -> (y: f32[N]) {
  y = x * 2
}
