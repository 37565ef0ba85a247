// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Embedding: y[t] = w[id[t]]; an id outside [0, V) gives NaN. Exact.

gemel.op @embedding<E: bf16|f16|f32, I: i32|i64>[T, V, D](w: E[V, D], id: I[T]) -> (y: E[T, D]) {
  y = at(w, V = id)
}
gemel.check @embedding {
  case T = 11, V = 19, D = 45
  case T = 9, V = 5, D = 1024
  must repeat batch tile vendor
}

// Scores of every row of the table: the head of a model that shares its table
// with the embedding. w is read along D, as the embedding lays it out.
gemel.op @unembedding<E: bf16|f16|f32>[T, V, D](x: E[T, D], w: E[V, D]) -> (y: E[T, V]) {
  y = dot[D](x, w)
}
gemel.check @unembedding {
  case T = 11, V = 37, D = 45
  case T = 1, V = 3, D = 1
  tol bf16 ulp 64
  must repeat batch tile vendor
}
