// One value in arrays of other axes: a loop nest for each that none covers.
// RUN: gemelc check %s
gemel.op @apart[A, B, C](x: f32[A]) -> (y: f32[A, B], z: f32[A, C], w: f32[A]) {
  t = sq(x)
  y = t
  z = t
  w = t
}
gemel.check @apart {
  case A = 5, B = 3, C = 7
  case A = 9, B = 33, C = 1
  must tile
}
gemel.op @all_apart[A, B, C](x: f32[C, A]) -> (y: f32[A, B], z: f32[A, C], w: f32[]) {
  t = sum[C, A](x)
  y = t
  z = t
  w = t
}
gemel.check @all_apart {
  case A = 5, B = 3, C = 7
  must tile
}
