// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SiLU: x sigmoid(x).
//
// silu is for calls; silu_rows launches it on an array. quick sigmoid. Exact.
// Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units", 2017.

gemel.op @silu<E: bf16|f16|f32>(x: E) -> (y: E) {
  y = x * quick(sigmoid)(x)
}
gemel.op @silu_rows<E: bf16|f16|f32>[N](x: E[N]) -> (y: E[N]) {
  y = silu(x)
}
gemel.check @silu_rows {
  case N = 517
  case N = 33
  must repeat batch tile vendor
}
