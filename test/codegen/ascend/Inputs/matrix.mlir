// Products on cube cores, and what vector cores do with them.

// More tiles than two for each group of cores: what is handed over takes turns.
gemel.op @many<E: bf16|f16|f32>[B, M, N, K](a: E[B, M, K], w: E[B, K, N], b: E[N]) -> (y: E[B, M, N]) {
  y = max(dot[K](a, w) + b, 0)
}
// Operands whose terms stand either way, and an array read along.
gemel.op @turned<E: bf16|f32>[B, M, N, K](a: E[K, B, M], w: E[N, B, K], r: E[B, M, N]) -> (y: E[B, M, N], h: f32[B, M, N]) {
  h = dot[K](a, w)
  y = E(h * 2 + r)
}
// Stored as they are, terms of both along memory.
gemel.op @plain<E: bf16|f32>[M, N, K](a: E[M, K], w: E[N, K]) -> (y: f32[M, N]) {
  y = dot[K](a, w)
}
// Values of rows, and a mask of positions.
gemel.op @rows<E: bf16|f32>[M, N, K](a: E[M, K], w: E[K, N], s: f32[M], t: f32) -> (y: E[M, N]) {
  y = where(pos[N] <= pos[M], dot[K](a, w) * s, t)
}
// Values that each row has one of: anywhere in memory, of all sizes, computed.
gemel.op @each<E: bf16|f16|f32>[B, M, N, K](a: E[B, M, K], w: E[K, N], s: f32[M, B], keep: i1[M, B], label: i32[B, M], c: E[B], e: E[M], t: f32[N]) -> (y: E[B, M, N]) {
  v = dot[K](a, w) * recip(s) + c
  y = E(where(keep and not (pos[M] == 3), v + t, where(pos[N] == label, v, v - e)))
}
// Comparisons of what has pads between rows.
gemel.op @signs<E: bf16|f32>[B, M, N, K](a: E[B, M, K], w: E[K, N], r: i1[B, M, N], t: f32[N]) -> (y: E[B, M, N]) {
  v = dot[K](a, w)
  y = E(where(v > 0 and r, v, where(t < 0, exp(v), v * 0.5)))
}
// Integers that the vector unit has not: row by row, of rows and of results.
gemel.op @long<E: bf16|f32>[M, N, K](a: E[M, K], w: E[K, N], label: i64[M], r: i64[M, N]) -> (y: f32[M, N], z: f32[M, N]) {
  v = dot[K](a, w)
  y = where(i64(pos[N]) == label, v, 0)
  z = v * f32(min(r, 5))
}
// Adds to what is there.
gemel.op @add[M, N, K](a: bf16[M, K], w: bf16[K, N], v: f32[M, N]) -> (y: f32[M, N]) {
  y = v + dot[K](a, w)
}
gemel.check @many {
  case B = 65, M = 5, N = 17, K = 9
  case B = 1, M = 200, N = 300, K = 300
  case B = 2, M = 2, N = 3, K = 0
  tol bf16 ulp 64
  must repeat batch tile vendor
}
gemel.check @turned {
  case B = 3, M = 131, N = 33, K = 70
  case B = 1, M = 1, N = 1, K = 1
  case B = 1, M = 2, N = 15700, K = 1000
  tol bf16 ulp 64
}
gemel.check @plain {
  case M = 3, N = 5, K = 70000
  case M = 40, N = 270, K = 257
  case M = 1, N = 16, K = 0
  // Rows some of whose terms stay in L1 for several tiles: 7 of 8 steps.
  case M = 2, N = 15700, K = 1000
}
gemel.check @rows {
  case M = 37, N = 70, K = 40
  tol bf16 ulp 64
}
gemel.check @each {
  case B = 3, M = 37, N = 70, K = 40
  case B = 1, M = 300, N = 270, K = 9
  case B = 2, M = 1, N = 3, K = 2
  case B = 1, M = 129, N = 64, K = 2
  tol bf16 ulp 64
  tol f16 ulp 64
  must repeat batch tile vendor
}
gemel.check @signs {
  case B = 3, M = 37, N = 70, K = 40
  case B = 1, M = 150, N = 3, K = 7
  tol bf16 ulp 64
}
gemel.check @long {
  case M = 37, N = 70, K = 40
}
gemel.check @add {
  case M = 20, N = 261, K = 33
  case M = 3, N = 70001, K = 2
}
