// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sums over rows, of which several go together.
gemel.op @columns[T, D](x: bf16[T, D], r: f32[T], w: f32[T, D]) -> (y: f32[D]) {
  y = sum[T](x * r * w)
}
gemel.op @products[T, D](x: f32[T, D]) -> (y: f32[D]) {
  y = prod[T](1.0 + x * 0.001)
}
// The rows are neither the first axis nor the last but one.
gemel.op @between[B, T, H, D](x: f16[B, T, H, D]) -> (y: f32[B, H, D]) {
  y = sum[T](x)
}
gemel.check @columns {
  case T = 1, D = 1
  case T = 8, D = 3
  case T = 7, D = 64
  case T = 71, D = 1000
  case T = 200, D = 2500
  must repeat batch tile vendor
}
gemel.check @products {
  case T = 9, D = 5
  case T = 130, D = 1100
  must repeat batch tile vendor
}
gemel.check @between {
  case B = 2, T = 19, H = 3, D = 7
  case B = 1, T = 40, H = 2, D = 65
  must repeat batch tile vendor
}
