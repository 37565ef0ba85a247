// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rows that are taken together: sums, extrema, booleans and numbers of a row,
// what later sweeps keep, batches that rows do not fill.
gemel.op @centred<E: bf16|f32>[T, D](x: E[T, D], w: E[D]) -> (y: E[T, D], m: f32[T]) {
  m = mean[D](x)
  d = x - m
  v = mean[D](sq(d))
  y = d * rsqrt(v + 1.0e-5) * w
}
gemel.op @weights<E: f16|f32>[T, D](x: E[T, D], s: f32[T]) -> (y: E[T, D], z: E[T]) {
  e = exp(x * s - max[D](x * s))
  z = sum[D](e)
  y = e / z
}
gemel.op @ends[T, D](x: f32[T, D], k: i32[T]) -> (y: f32[T, D], l: f32[T], h: f32[T], n: i32[T]) {
  l = min[D](x)
  h = max[D](x)
  n = where(l < -2.0, k + 1, k)
  y = where(h > 2.5, x - l, where(x > l, h, 0.0))
}
gemel.op @zeros[T, D](x: f32[T, D]) -> (y: f32[T], z: f32[T]) {
  y = max[D](x * 0.0)
  z = min[D](x * 0.0)
}
gemel.op @alone<E: bf16|f32>[T, U, D](x: E[T, U, D], w: E[D]) -> (y: E[T, U, D]) {
  y = x * w + x
}
gemel.op @same<E: bf16|f32|i1>[T, D](x: E[T, D]) -> (y: E[T, D], z: E[T, D]) {
  y = x
  z = x
}
gemel.op @masked[B, S, H, L](x: f32[B, S, H, L]) -> (y: f32[B, S, H, L], z: f32[B, S, H]) {
  s = where(pos[L] <= pos[S] + size[L] - size[S], x, -inf)
  z = max[L](s)
  y = where(z == -inf, 0.0, exp(s - z))
}
gemel.op @lower<E: bf16|f32>[B, S, H, L](x: E[B, S, H, L]) -> (y: E[B, S, H, L]) {
  y = where(pos[L] * (pos[H] + 1) <= pos[S] + pos[B], x, 0.0)
}
// Two teams of rows, whose sums are computed while the other's lanes are; rows
// that are not there are computed, too.
gemel.op @teams<E: bf16|f32>[T, D](x: E[T, D]) -> (y: E[T, D]) {
  e = exp(x - max[D](x))
  z = sum[D](e)
  y = E(where(x > 0, e / z, -e / z))
}
// Positions of lanes against an integer of each row.
gemel.op @against[T, D](x: f32[T, D], k: i32[T]) -> (y: f32[T, D], z: f32[T]) {
  a = where(pos[D] < k, x, 1) + where(pos[D] >= k, x, 2)
  b = where(k < pos[D], x, 3) + where(k >= pos[D], x, 4)
  c = where(pos[D] == k, x, 5) + where(not (k == pos[D]), x, 6)
  y = a * b + c
  z = sum[D](where(pos[D] <= k, x, 0))
}
gemel.check @same {
  case T = 7, D = 65
  case T = 9, D = 64
  must repeat batch tile vendor
}
gemel.check @centred {
  case T = 1, D = 64
  case T = 9, D = 128
  case T = 331, D = 64
  case T = 7, D = 4096
  case T = 5, D = 77
  case T = 3, D = 8192
  case T = 2, D = 8193
  must repeat batch tile vendor
}
gemel.check @weights {
  case T = 13, D = 192
  case T = 165, D = 64
  case T = 3, D = 2048
  case T = 6, D = 5
  must repeat batch tile vendor
}
gemel.check @ends {
  case T = 170, D = 64
  case T = 11, D = 320
  case T = 4, D = 1
  case T = 9, D = 100
  must repeat batch tile vendor
}
gemel.check @zeros {
  case T = 9, D = 64
  case T = 9, D = 3
  must repeat batch tile vendor
}
gemel.check @alone {
  case T = 3, U = 57, D = 64
  case T = 2, U = 5, D = 4096
  case T = 2, U = 3, D = 31
  must repeat batch tile vendor
}
gemel.check @masked {
  case B = 2, S = 9, H = 3, L = 64
  case B = 3, S = 41, H = 2, L = 77
  case B = 1, S = 5, H = 1, L = 3
  must repeat batch tile
}
gemel.check @lower {
  case B = 3, S = 7, H = 31, L = 64
  case B = 2, S = 65, H = 2, L = 9
  must repeat batch tile vendor
}
gemel.check @teams {
  case T = 331, D = 4096
  case T = 3, D = 4096
  case T = 85, D = 3001
}
gemel.check @against {
  case T = 9, D = 100
  case T = 41, D = 64
}
