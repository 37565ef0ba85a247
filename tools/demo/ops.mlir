// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The operators of the demo's byte-level language model, forward and backward.
//
// Bytes of the context are embedded and laid side by side (K = context * D),
// then linear, GELU, linear, cross-entropy. `embedding` and `adamw` come from
// the operator library. N counts bytes, T rows of the batch.

gemel.op @hidden[T, K, H](x: f32[T, K], w: f32[K, H], b: f32[H]) -> (h: f32[T, H], g: f32[T, H]) {
  h = dot[K](x, w) + b
  g = gelu(h)
}
gemel.op @logits[T, H, V](g: f32[T, H], w: f32[H, V], b: f32[V]) -> (z: f32[T, V]) {
  z = dot[H](g, w) + b
}
// The loss of each row and its gradient in the logits, scaled by the caller.
gemel.op @loss[T, V](z: f32[T, V], label: i32[T], scale: f32) -> (l: f32[T], dz: f32[T, V]) {
  m = stop(max[V](z))
  e = quick(exp)(z - m)
  s = sum[V](e)
  l = m + log(s) - at(z, V = label)
  dz = (e * recip(s) - where(pos[V] == label, 1.0, 0.0)) * scale
}
gemel.op @average[T](l: f32[T]) -> (y: f32[]) {
  y = mean[T](l)
}
// Weight and bias gradients of a linear layer: sums over the rows.
gemel.op @weight_gradient[T, K, H](x: f32[T, K], dy: f32[T, H]) -> (dw: f32[K, H]) {
  dw = dot[T](x, dy)
}
gemel.op @bias_gradient[T, H](dy: f32[T, H]) -> (db: f32[H]) {
  db = sum[T](dy)
}
gemel.op @transpose[K, H](w: f32[K, H]) -> (t: f32[H, K]) {
  t = w
}
// Through the second layer and GELU: d/dh h/2 (1 + erf(h / sqrt 2)).
gemel.op @hidden_gradient[T, H, V](dz: f32[T, V], wt: f32[V, H], h: f32[T, H]) -> (dh: f32[T, H]) {
  dg = dot[V](dz, wt)
  slope = 0.5 * (1.0 + quick(erf)(h * 0.70710678)) + h * 0.39894228 * quick(exp)(-0.5 * sq(h))
  dh = dg * slope
}
gemel.op @input_gradient[T, H, K](dh: f32[T, H], wt: f32[H, K]) -> (dx: f32[T, K]) {
  dx = dot[H](dh, wt)
}
// Rows of the table collect their contributions in the order of the bytes.
gemel.op @embedding_gradient[N, V, D](dx: f32[N, D], id: i32[N]) -> (dw: f32[V, D]) {
  dw = put[N](dx, V = id)
}
