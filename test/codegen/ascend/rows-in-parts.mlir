// Rows of which UB has no room for all that is made of one: a row stays, and is
// computed in parts, one after another, each with room for its own.
// RUN: gemelc %s --target=ascend910b --emit=cce | FileCheck %s --check-prefix=CCE
// RUN: gemelc check %s --target=ascend910b --quiet | FileCheck %s
// CHECK: 22 cases, {{.*}} 0 misses

// A row of f32 that is kept, of 8192 elements, and what a part has.
// CCE: cce.kernel @gemel_softened_bf16_ascend910b_softened_g0_v2
// CCE: cce.alloc 32768
// CCE: cce.alloc 16384
// CCE: cce.kernel
gemel.op @softened<E: bf16|f32>[T, N](x: E[T, N], g: E[T, N]) -> (y: E[T, N]) {
  e = quick(exp)(x - max[N](x))
  s = recip(sum[N](e))
  y = (g * s - sum[N](g * e) * sq(s)) * e
}
gemel.check @softened {
  case T = 1, N = 8192
  case T = 3, N = 4097
  case T = 41, N = 4160
  case T = 2, N = 6144
  case T = 5, N = 8191
  must repeat batch tile vendor
}

// Doubled rows are made again, and weights are parts', too.
gemel.op @weighed<E: bf16|f32>[T, N](x: E[T, N], w: E[N], r: f32[T], g: E[T, N]) -> (y: E[T, N], q: f32[T]) {
  q = sum[N](g * w * x)
  y = (2.0 * x) * (q * r) + (g * w) * r
}
gemel.check @weighed {
  case T = 1, N = 8192
  case T = 3, N = 4100
  case T = 83, N = 4544
  case T = 2, N = 7000
  case T = 0, N = 8192
  case T = 1, N = 5
  must repeat batch tile vendor
}
