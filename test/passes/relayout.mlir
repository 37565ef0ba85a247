// Operands of contractions get the lanes' axis last in memory, where each
// element is read many times.
// RUN: gemel-opt %s --gemel-instantiate --gemel-relayout | FileCheck %s
// RUN: gemelc check %s | FileCheck %s --check-prefix=BITS
// BITS: 0 misses

// CHECK-LABEL: "input_gradient"
// CHECK: %[[W:.*]] = gemel.relayout %arg1 : (!gemel.array<[K, N] f32>) -> !gemel.array<[N, K] f32>
// CHECK: gemel.dot %arg0, %[[W]] over ["N"]
gemel.op @input_gradient[M, N, K](dy: f32[M, N], w: f32[K, N]) -> (da: f32[M, K]) {
  da = dot[N](dy, w)
}
gemel.check @input_gradient {
  case M = 9, N = 37, K = 70
  case M = 1, N = 1, K = 33
  must repeat tile
}

// Lanes lie well already; and where few rows read, nothing is copied.
// CHECK-LABEL: gemel.op @forward
// CHECK-NOT: relayout
gemel.op @forward[M, N, K](a: f32[M, K], w: f32[K, N]) -> (y: f32[M, N]) {
  y = dot[K](a, w)
}
// CHECK-LABEL: gemel.op @few_rows
// CHECK-NOT: relayout
gemel.op @few_rows[M = 2, N, K](dy: f32[M, N], w: f32[K, N]) -> (da: f32[M, K]) {
  da = dot[N](dy, w)
}
// CHECK-LABEL: gemel.op @vector
// CHECK-NOT: relayout
gemel.op @vector[N, K](dy: f32[N], w: f32[K, N]) -> (da: f32[K]) {
  da = dot[N](dy, w)
}
gemel.check @vector {
  case N = 37, K = 70
  must tile
}

// The copy holds what is computed, too.
// CHECK-LABEL: "masked"
// CHECK: gemel.relayout %{{.*}} : (!gemel.array<[B, K, N] f32>) -> !gemel.array<[B, N, K] f32>
gemel.op @masked[B, M, N, K](dy: f32[B, M, N], w: f32[B, K, N]) -> (da: f32[B, M, K]) {
  da = dot[N](dy, exp(tanh(w)) * 2.0)
}
gemel.check @masked {
  case B = 2, M = 9, N = 37, K = 70
  must repeat tile
}
