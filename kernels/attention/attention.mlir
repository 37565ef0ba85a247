// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Causal attention with grouped queries: o = softmax(q k scale, masked) v.
//
// q: [B, S, H, G, D], G query heads a key head. The last S of L positions
// attend; `blocks 128` states the online softmax. lse: log sum exp of each
// row, for the backward pass. Matrix class.
// Dao et al., "FlashAttention", 2022.

gemel.op @attention<E: bf16|f16|f32>[B, S, H, G, L, D, V](q: E[B, S, H, G, D], k: E[B, L, H, D], v: E[B, L, H, V], scale: f32) -> (o: E[B, S, H, G, V], lse: f32[B, S, H, G]) {
  require size[L] >= size[S]
  s = where(pos[L] <= pos[S] + (size[L] - size[S]), dot[D](q, k) * scale, -inf)
  save m = stop(max[L: blocks 128](s))
  p = fast(exp(s - m))
  save z = sum[L: blocks 128](p)
  o = dot[L: blocks 128](E(p), v) * recip(z)
  lse = m + log(z)
}
gemel.check @attention {
  case B = 1, S = 5, L = 150, H = 2, G = 2, D = 17, V = 9
  case B = 2, S = 40, L = 40, H = 1, G = 1, D = 8, V = 33
  must repeat batch tile vendor
}
