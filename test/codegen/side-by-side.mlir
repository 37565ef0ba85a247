// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operators for a device are compiled side by side; what is said of them comes
// in their order, once for all targets, whoever is ready first.
// RUN: rm -rf %t && mkdir %t
// RUN: not env GEMEL_PTXAS=%S/Inputs/slow.sh XDG_CACHE_HOME=%t/three gemelc %s --jobs=3 --target=sm_80,sm_90a --strict -o %t/a.so 2>&1 | FileCheck %s
// RUN: not env GEMEL_PTXAS=%S/Inputs/slow.sh XDG_CACHE_HOME=%t/one gemelc %s --jobs=1 --target=sm_80,sm_90a --strict -o %t/a.so 2>&1 | FileCheck %s
// RUN: not test -e %t/a.so

// So are the host's kernels, in parts; the library is the same.
// RUN: mkdir %t/one %t/three || true
// RUN: gemelc %kernels/norm --backward --jobs=1 -o %t/one/libnorm.so
// RUN: gemelc %kernels/norm --backward --jobs=3 -o %t/three/libnorm.so
// RUN: cmp %t/one/libnorm.so %t/three/libnorm.so

// CHECK-NOT: error
// CHECK: side-by-side.mlir:[[#@LINE+1]]:10: error: warning: first for sm_80
gemel.op @first[N](x: f32[N]) -> (y: f32[N]) {
  y = x * 2
}

// CHECK: side-by-side.mlir:[[#@LINE-4]]:10: error: warning: first for sm_90a
// CHECK: side-by-side.mlir:[[#@LINE+3]]:10: error: warning: second
// CHECK-NOT: warning: second
// CHECK: side-by-side.mlir:[[#@LINE+5]]:10: error: warning: third for sm_80
gemel.op @second[N](x: f32[N]) -> (y: f32[N]) {
  y = x * 3
}

gemel.op @third[N](x: f32[N]) -> (y: f32[N]) {
  y = x * 4
}
