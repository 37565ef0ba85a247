// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rotary position embedding, half-split: pairs (x[.., 0, r], x[.., 1, r]) turn
// by position * base^(-r / R).
//
// Interleaved pairs are the same text with the axes [T, H, R, P]. Exact.
// Su et al., "RoFormer", 2021.

gemel.op @rope<E: bf16|f32>[T, H, P = 2, R](x: E[T, H, P, R], position: i32[T], base: f32 = 10000.0) -> (y: E[T, H, P, R]) {
  a = position * pow(base, -(pos[R] / size[R]))
  y = x * cos(a) + where(pos[P] == 0, -at(x, P = 1), at(x, P = 0)) * sin(a)
}
gemel.check @rope {
  case T = 5, H = 3, R = 20
  case T = 2, H = 1, R = 33
  case T = 9, H = 3, R = 64
  must repeat batch tile vendor
}
