// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Residual addition: y = x + r, one rounding. Exact.

gemel.op @residual_add<E: bf16|f16|f32>[T, D](x: E[T, D], r: E[T, D]) -> (y: E[T, D]) {
  y = x + r
}
gemel.check @residual_add {
  case T = 7, D = 65
  case T = 9, D = 1024
  must repeat batch tile vendor
}
