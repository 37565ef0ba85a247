// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// GELU, by the error function: x/2 (1 + erf(x / sqrt 2)).
//
// gelu is for calls from other operators; gelu_rows launches it on an array.
// quick erf (relative error 2^-16). Exact: the same bits on every target.
// Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.

gemel.op @gelu<E: bf16|f16|f32>(x: E) -> (y: E) {
  y = 0.5 * x * (1.0 + quick(erf)(x * 0.70710678))
}
gemel.op @gelu_rows<E: bf16|f16|f32>[N](x: E[N]) -> (y: E[N]) {
  y = gelu(x)
}
gemel.check @gelu_rows {
  case N = 1003
  case N = 1
  must repeat batch tile vendor
}
