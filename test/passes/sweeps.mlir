// Sweeps along a row's lanes that keep another axis belong in loops over it.
// RUN: gemelc check --backward %s
gemel.op @inner_axis[A, B, C](x: f32[A, C, B], w: f32[A, B]) -> (y: f32[A], z: f32[A, B]) {
  e = exp(w)
  t = sum[B](e)
  u = sum[B](x * e)
  y = sum[C](u * t)
  z = e * recip(t) + prod[C](u)
}
gemel.check @inner_axis {
  case A = 9, B = 37, C = 5
  case A = 1, B = 4, C = 3
  must tile
}
// What was derived of these has such sweeps.
gemel.op @mixed_rows[A, B, C](x0: bf16[A, B, C], keep: i1[B]) -> (y0: f32[A, B], y1: f32[A, B]) {
  v0 = (x0 / (1.5 + sq(x0)))
  v1 = prod[C]((1.0 + 0.5 * tanh(v0)))
  save v2 = (quick(exp)(tanh(where(keep, v1, 3.0))) * stop(tanh(quick(exp)(tanh(where(keep, v1, 3.0))))))
  v3 = dot[C](v0, v0)
  v4 = min(at(v3, B = 0), v1)
  y0 = v3
  y1 = v4
}
gemel.check @mixed_rows {
  case A = 9, B = 4, C = 9
  must tile
}
gemel.op @later_sweeps[A, B, C](x0: f32[A, B, C], x1: bf16[B], x2: f32[A, B, C]) -> (y0: f32[A, B, C]) {
  v0 = (x0 * at(x0, C = 1))
  save v1 = where(x1 >= x0, v0, x1)
  v2 = (((0.25 * pos[C]) / (1.5 + sq(v0))) + dot[A](bf16(v1), bf16(v1)))
  v3 = min(where(pos[A] >= 3, v0, x2), at(v0, B = 1))
  save v4 = max(v2, v3)
  y0 = v4
}
gemel.check @later_sweeps {
  case A = 2, B = 9, C = 3
  must tile
}
// A reduction inside one over several axes, which keeps one of them.
gemel.op @inside[A, B, C](d: f32[C, A, B]) -> (y: f32[C]) {
  t = sum[B](d)
  y = sum[A, B](where(pos[B] == 3, t, 0.0))
}
gemel.check @inside {
  case A = 3, B = 4, C = 2
  case A = 3, B = 40, C = 33
  must tile
}
// A contraction holds several rows: a row's sweeps keep nothing.
gemel.op @rows_of_dot[A, B, C](x: f32[A, C], v: f32[A, B, C], w: f32[B]) -> (y: f32[A, C]) {
  e = exp(tanh(x))
  y = e * recip(sum[C](e)) + dot[B](w, v)
}
gemel.check @rows_of_dot {
  case A = 9, B = 3, C = 37
  must tile
}
