// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Embedding: y[t] = w[id[t]]; an id outside [0, V) gives NaN. Exact.

gemel.op @embedding<E: bf16|f16|f32, I: i32|i64>[T, V, D](w: E[V, D], id: I[T]) -> (y: E[T, D]) {
  y = at(w, V = id)
}
gemel.check @embedding {
  case T = 11, V = 19, D = 45
  must repeat batch tile vendor
}
