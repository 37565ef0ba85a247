// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cross-entropy of each row's logits with its label: l = log sum exp x - x[label].
//
// Rows whose label equals `ignore` give 0; any other label outside [0, V)
// gives NaN. Saves the row maximum m and the sum z. Exact.

gemel.op @cross_entropy<E: bf16|f32, I: i32|i64>[T, V](x: E[T, V], label: I[T], ignore: i32 = -100) -> (l: f32[T]) {
  save m = stop(max[V](x))
  save z = sum[V](quick(exp)(x - m))
  l = where(label == ignore, 0.0, m + log(z) - at(x, V = label))
}
gemel.check @cross_entropy {
  case T = 6, V = 100
  case T = 9, V = 19
  case T = 9, V = 1024
  case T = 5, V = 4096
  must repeat batch tile vendor
}
