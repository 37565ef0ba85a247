// Exponentials of differences from an extremum.

gemel.op @own<E: bf16|f32>[T, D](x: E[T, D]) -> (y: E[T, D]) {
  y = E(exp(x - max[D](x)))
}
// With rows of nothing but what has no difference, or none that is a number.
gemel.op @ends[T, D](x: f32[T, D]) -> (y: f32[T, D]) {
  z = where(pos[T] < 2, 1 / 0 * x, x)
  w = where(pos[T] == 3, 0 / 0 * x, z)
  y = exp(w - max[D](w))
}
gemel.op @other[T, D](x: f32[T, D], w: f32[T, D]) -> (y: f32[T, D]) {
  y = exp(x - max[D](w))
}
gemel.op @least[T, D](x: f32[T, D]) -> (y: f32[T, D]) {
  y = exp(x - min[D](x))
}
gemel.check @own {
  case T = 9, D = 100
}
gemel.check @ends {
  case T = 9, D = 100
}
gemel.check @other {
  case T = 9, D = 100
}
gemel.check @least {
  case T = 9, D = 100
}
