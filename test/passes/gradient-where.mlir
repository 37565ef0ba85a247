// Nothing comes through the branch not taken, whatever stands there: where its
// value or its derivative is NaN or infinite, too. Data of both signs.
// RUN: gemelc check --backward --interpreted %s
// RUN: gemelc %s --emit=backward | FileCheck %s

gemel.op @root[N](x: f32[N]) -> (y: f32[N]) {
  y = where(x > 0.0, sqrt(x), 0.0)
}
gemel.check @root { case N = 33 }
// The selection comes last.
// CHECK-LABEL: gemel.op @root_backward
// CHECK: dx = where(x > 0.0, dy * 0.5 / sqrt(x), 0.0)

gemel.op @total[T, N](x: f32[T, N]) -> (y: f32[T]) {
  keep = x > 0.25
  y = sum[N](where(keep, log(x) + sqrt(x), 0.0))
}
gemel.check @total { case T = 3, N = 21 }

// Two uses behind two conditions: outside of both, none.
gemel.op @two[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
  r = sqrt(x)
  y = where(x > 0.5, r, z) + where(x > 0.25, r * z, 0.0)
}
gemel.check @two { case N = 40 }

// A condition inside another.
gemel.op @nested[N](x: f32[N], z: f32[N]) -> (y: f32[N]) {
  y = where(x > 0.0, where(z > 0.0, log(x * z), z), x)
}
gemel.check @nested { case N = 40 }

// The larger of two, of which the other one is NaN or infinite there.
gemel.op @larger[N](x: f32[N]) -> (y: f32[N]) {
  y = where(x > 0.0, min(x / sqrt(x), 2.0), x)
}
gemel.check @larger { case N = 40 }
