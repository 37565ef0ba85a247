// What is equal to the bit is folded; what differs for -0, inf or NaN stays.
// RUN: gemel-opt %s --gemel-instantiate --gemel-simplify | FileCheck %s

// CHECK-LABEL: gemel.op @identities
// CHECK-NEXT: a = x
// CHECK-NEXT: b = x
// CHECK-NEXT: c = x
// CHECK-NEXT: d = x
// CHECK-NEXT: e = x
gemel.op @identities[N](x: f32[N], i: i32[N])
    -> (a: f32[N], b: f32[N], c: f32[N], d: f32[N], e: f32[N], f: i32[N]) {
  a = 1.0 * x
  b = x + -0.0
  c = x - 0.0
  d = where(true, max(x, x), x / 0.0)
  e = -(-(x / 1.0))
  f = i * 1 + 0
}

// CHECK-LABEL: gemel.op @not_identities
// CHECK-NEXT: a = x + 0.0
// CHECK-NEXT: b = x * 0.0
// CHECK-NEXT: c = x - x
// CHECK-NEXT: d = x - -0.0
// CHECK-NEXT: e = x / x
gemel.op @not_identities[N](x: f32[N])
    -> (a: f32[N], b: f32[N], c: f32[N], d: f32[N], e: f32[N]) {
  a = x + 0.0
  b = x * 0.0
  c = x - x
  d = x - -0.0
  e = x / x
}

// CHECK-LABEL: gemel.op @literals
// CHECK-NEXT: y = x * 0.33333334
gemel.op @literals[N](x: f32[N]) -> (y: f32[N]) {
  y = x * (1.0 / 3.0)
}

// A value that stands twice is computed once; one that nothing reads, never.
// CHECK-LABEL: gemel.op @twice
// CHECK-NEXT: a = exp(x)
// CHECK-NEXT: y = a + sq(a)
// CHECK-NEXT: }
gemel.op @twice[N](x: f32[N]) -> (y: f32[N]) {
  a = exp(x)
  b = exp(x)
  c = log(x)
  y = a + sq(b)
}

// A rounding of what was widened from that type is none.
// CHECK-LABEL: gemel.op @rounded_bf16
// CHECK-NEXT: y = x
// CHECK-LABEL: gemel.op @rounded_f32
// CHECK-NEXT: y = bf16(x)
gemel.op @rounded<E: bf16|f32>[N](x: E[N]) -> (y: bf16[N]) {
  y = bf16(x)
}
