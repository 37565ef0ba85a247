// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SwiGLU: y = silu(g) * u, the gate and the value side by side.
//
// f32 inside: silu is called on an f32 value, so nothing rounds before the
// border. Exact. Shazeer, "GLU Variants Improve Transformer", 2020.

gemel.op @swiglu<E: bf16|f16|f32>[T, F](g: E[T, F], u: E[T, F]) -> (y: E[T, F]) {
  y = g * quick(sigmoid)(g) * u
}
gemel.check @swiglu {
  case T = 3, F = 200
  case T = 17, F = 1024
  case T = 3, F = 4608
  case T = 1, F = 7
  must repeat batch tile vendor
}
