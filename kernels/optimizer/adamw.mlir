// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// AdamW, one step: p, m and v in place, q the bf16 copy of p.
//
// lr: the step's learning rate; c1, c2: 1 / (1 - b1^t), 1 / (1 - b2^t); all
// three change from step to step and are read on the device. Exact.
// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019.

gemel.op @adamw<G: bf16|f32>[N](inout p: f32[N], inout m: f32[N], inout v: f32[N], g: G[N], lr: f32[], c1: f32[], c2: f32[], b1: f32, b2: f32, eps: f32, decay: f32) -> (q: bf16[N]) {
  m = b1 * m + (1.0 - b1) * g
  v = b2 * v + (1.0 - b2) * sq(g)
  p = p - lr * (m * c1 / (sqrt(v * c2) + eps) + decay * p)
  q = p
}
gemel.check @adamw {
  case N = 1001
  case N = 8
  must repeat batch tile vendor
}
