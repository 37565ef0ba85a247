// The derived backward of every primitive, as text.
// RUN: gemelc %s --emit=backward > %t.mlir && FileCheck %s < %t.mlir
// What is printed is what is compiled.
// RUN: gemelc %s --backward --emit=asm > %t.a && gemelc %s %t.mlir --emit=asm > %t.b && cmp %t.a %t.b

// CHECK: gemel.op @arithmetic_backward[N](a: f32[N], b: f32[N], dy: f32[N]) -> (da: f32[N], db: f32[N]) {
// CHECK-NEXT:   t0 = a + b
// CHECK-NEXT:   t1 = a - b
// CHECK-NEXT:   y = t0 * t1 / b
// CHECK-NEXT:   t2 = dy / b
// CHECK-NEXT:   t3 = t2 * t1
// CHECK-NEXT:   t4 = t2 * t0
// CHECK-NEXT:   da = t3 + t4
// CHECK-NEXT:   db = t3 + -t4 + -(t2 * y)
gemel.op @arithmetic[N](a: f32[N], b: f32[N]) -> (y: f32[N]) {
  y = (a + b) * (a - b) / b
}
// CHECK: gemel.op @extremes_backward[N](a: f32[N], b: f32[N], c: f32[N], dy: f32[N]) -> (da: f32[N], db: f32[N], dc: f32[N]) {
// CHECK-NEXT:   t0 = max(a, b) <= abs(c)
// CHECK-NEXT:   dc = where(t0, 0.0, where(c > 0.0, dy, where(c < 0.0, -dy, 0.0)))
// CHECK-NEXT:   t1 = a >= b
// CHECK-NEXT:   da = where(t0, where(t1, dy, 0.0), 0.0)
// CHECK-NEXT:   db = where(t0, where(t1, 0.0, dy), 0.0)
gemel.op @extremes[N](a: f32[N], b: f32[N], c: f32[N]) -> (y: f32[N]) {
  y = min(max(a, b), abs(c))
}
// CHECK: gemel.op @powers_backward[N](a: f32[N], dy: f32[N]) -> (da: f32[N]) {
// CHECK-NEXT:   t0 = rsqrt(a)
// CHECK-NEXT:   t1 = -dy
// CHECK-NEXT:   t2 = t1 * a * a
// CHECK-NEXT:   da = dy * 2.0 * a + dy * 0.5 / sqrt(a) + -(dy * (0.5 * (t0 * sq(t0)))) + -(dy * sq(recip(a))) + t2 + t2 + t1 * (a * a)
gemel.op @powers[N](a: f32[N]) -> (y: f32[N]) {
  y = sq(a) + sqrt(a) + rsqrt(a) + recip(a) - pow(a, 3)
}
// CHECK: gemel.op @functions_backward[N](a: f32[N], dy: f32[N]) -> (da: f32[N]) {
// CHECK-NEXT:   t0 = sigmoid(a)
// CHECK-NEXT:   da = dy * exp(a) + dy * recip(a) + dy * (1.0 - sq(tanh(a))) + dy * (1.1283792 * exp(-sq(a))) + dy * (t0 * (1.0 - t0)) + dy * cos(a) + -(dy * sin(a))
gemel.op @functions[N](a: f32[N]) -> (y: f32[N]) {
  y = exp(a) + log(a) + tanh(a) + erf(a) + sigmoid(a) + sin(a) + cos(a)
}
// CHECK: gemel.op @quick_functions_backward[N](a: f32[N], dy: f32[N]) -> (da: f32[N]) {
// CHECK-NEXT:   t0 = quick(sigmoid)(a)
// CHECK-NEXT:   da = dy * quick(exp)(a) + dy * (1.0 - sq(quick(tanh)(a))) + dy * (1.1283792 * quick(exp)(-sq(a))) + dy * (t0 * (1.0 - t0))
gemel.op @quick_functions[N](a: f32[N]) -> (y: f32[N]) {
  y = quick(exp)(a) + quick(tanh)(a) + quick(erf)(a) + quick(sigmoid)(a)
}
// CHECK: gemel.op @choices_backward[N](dy: f32[N]) -> (da: f32[N], db: f32[N]) {
// CHECK-NEXT:   t0 = pos[N] < 3
// CHECK-NEXT:   da = where(t0, dy, 0.0)
// CHECK-NEXT:   db = where(t0, 0.0, -dy)
gemel.op @choices[N](a: f32[N], b: f32[N]) -> (y: f32[N]) {
  y = where(pos[N] < 3, a, -b)
}
// CHECK: gemel.op @stopped_backward[N](b: f32[N], dy: f32[N]) -> (da: f32[N], db: f32[N]) {
// CHECK-NEXT:   da = dy * stop(b)
// CHECK-NEXT:   db = 0.0
gemel.op @stopped[N](a: f32[N], b: f32[N]) -> (y: f32[N]) {
  y = a * stop(b)
}
// The gradient of a cast is the identity; of a cast to an integer, absent.
// CHECK: gemel.op @rounded_backward[N](dy: f32[N]) -> (da: f32[N], db: f32[N]) {
// CHECK-NEXT:   da = dy
// CHECK-NEXT:   db = 0.0
gemel.op @rounded[N](a: f32[N], b: f32[N]) -> (y: f32[N]) {
  y = bf16(a) + i32(b)
}
// CHECK: gemel.op @sums_backward[T, N](da: f32[T], db: f32[N], dc: f32[]) -> (dx: f32[T, N]) {
// CHECK-NEXT:   dx = da + db / size[T] + dc / (i64(size[T]) * size[N])
gemel.op @sums[T, N](x: f32[T, N]) -> (a: f32[T], b: f32[N], c: f32[]) {
  a = sum[N](x)
  b = mean[T](x)
  c = mean[T, N](x)
}
// CHECK: gemel.op @products_backward[T, N](x: f32[T, N], dy: f32[T]) -> (dx: f32[T, N]) {
// CHECK-NEXT:   t0 = x == 0.0
// CHECK-NEXT:   t1 = prod[N](where(t0, 1.0, x))
// CHECK-NEXT:   t2 = sum[N](where(t0, 1.0, 0.0))
// CHECK-NEXT:   dx = dy * where(t0, where(t2 == 1.0, t1, 0.0), where(t2 == 0.0, t1 / x, 0.0))
gemel.op @products[T, N](x: f32[T, N]) -> (y: f32[T]) {
  y = prod[N](x)
}
// CHECK: gemel.op @firsts_backward[T, N](x: f32[T, N], da: f32[T], db: f32[], dc: f32[]) -> (dx: f32[T, N]) {
// CHECK-NEXT:   t0 = pos[N] == argmax[N](x)
// CHECK-NEXT:   dx = where(t0, da, 0.0) + where(pos[T] * size[N] + pos[N] == argmax[T, N](-x), db, 0.0) + where(t0, where(pos[T] == argmax[T](max[N](x)), dc, 0.0), 0.0)
gemel.op @firsts[T, N](x: f32[T, N]) -> (a: f32[T], b: f32[], c: f32[]) {
  a = max[N](x)
  b = min[T, N](x)
  c = max[T: blocks 128](max[N](x))
}
// What was broadcast is summed over the missing axes, jointly, in header order.
// CHECK: gemel.op @broadcast_backward[A, B, C](x: f32[A, B, C], w: f32[B], dy: f32[A, B, C]) -> (dx: f32[A, B, C], dw: f32[B], ds: f32[]) {
// CHECK-NEXT:   ds = sum[A, B, C](dy)
// CHECK-NEXT:   dx = dy * w
// CHECK-NEXT:   dw = sum[A, C](dy * x)
// CHECK: gemel.op @broadcast_accumulate[A, B, C](x: f32[A, B, C], w: f32[B], dy: f32[A, B, C], inout dx: f32[A, B, C], inout dw: f32[B], inout ds: f32[]) -> () {
// CHECK-NEXT:   dx = dx + dy * w
// CHECK-NEXT:   dw = dw + sum[A, C](dy * x)
// CHECK-NEXT:   ds = ds + sum[A, B, C](dy)
gemel.op @broadcast[A, B, C](x: f32[A, B, C], w: f32[B], s: f32[]) -> (y: f32[A, B, C]) {
  y = x * w + s
}
// CHECK: gemel.op @spread_backward[T, N](dy: f32[T, N]) -> (dx: f32[T]) {
// CHECK-NEXT:   dx = sum[N](dy)
gemel.op @spread[T, N](x: f32[T]) -> (y: f32[T, N]) {
  y = x
}
// CHECK: gemel.op @spread_again_backward[T, N](dy: f32[T]) -> (dx: f32[T, N], dw: f32[T]) {
// CHECK-NEXT:   dw = sum[N](where(pos[N] < size[N], dy, 0.0))
// CHECK-NEXT:   dx = dy
gemel.op @spread_again[T, N](x: f32[T, N], w: f32[T]) -> (y: f32[T]) {
  y = sum[N](x + w)
}
// Contributions in the order of the uses, the result's own first.
// CHECK: gemel.op @uses_backward[N](a: f32[N], b: f32[N], dh: f32[N], dy: f32[N]) -> (da: f32[N], db: f32[N]) {
// CHECK-NEXT:   h = a * b
// CHECK-NEXT:   dh_1 = dh + dy * exp(h) + dy * cos(h)
// CHECK-NEXT:   da = dh_1 * b
// CHECK-NEXT:   db = dh_1 * a
gemel.op @uses[N](a: f32[N], b: f32[N]) -> (h: f32[N], y: f32[N]) {
  h = a * b
  y = exp(h) + sin(h)
}
// CHECK: gemel.op @matmul_backward<E: bf16|f32>[M, N, K](a: E[M, K], b: E[K, N], dy: E[M, N]) -> (da: E[M, K], db: f32[K, N]) {
// CHECK-NEXT:   t0 = E(dy * 2.0)
// CHECK-NEXT:   da = dot[N](t0, b)
// CHECK-NEXT:   db = dot[M](a, t0)
// CHECK: gemel.op @matmul_accumulate<E: bf16|f32>[M, N, K](a: E[M, K], b: E[K, N], dy: E[M, N], inout da: f32[M, K], inout db: f32[K, N]) -> () {
// CHECK-NEXT:   t0 = E(dy * 2.0)
// CHECK-NEXT:   da = da + dot[N](t0, b)
// CHECK-NEXT:   db = db + dot[M](a, t0)
gemel.op @matmul<E: bf16|f32>[M, N, K](a: E[M, K], b: E[K, N] grad f32) -> (y: E[M, N]) {
  y = dot[K](a, b) * 2.0
}
// CHECK: gemel.op @inner_backward[N](a: bf16[N], b: bf16[N], dy: f32[]) -> (da: bf16[N], db: bf16[N]) {
// CHECK-NEXT:   t0 = bf16(dy)
// CHECK-NEXT:   da = t0 * b
// CHECK-NEXT:   db = t0 * a
gemel.op @inner[N](a: bf16[N], b: bf16[N]) -> (y: f32[]) {
  y = dot[N](a, b)
}
// CHECK: gemel.op @batched_backward[B, M, N, K](a: f32[B, M, K], b: f32[B, N, K], dy: f32[M, N]) -> (da: f32[B, M, K], db: f32[B, N, K]) {
// CHECK-NEXT:   da = dot[N](dy, b)
// CHECK-NEXT:   db = dot[M](a, dy)
gemel.op @batched[B, M, N, K](a: f32[B, M, K], b: f32[B, N, K]) -> (y: f32[M, N]) {
  y = dot[K, B](a, b)
}
// CHECK: gemel.op @ordered_backward[M, N, K](a: f32[M, K], w: f32[K, N], dy: f32[M, N]) -> (da: f32[M, K], dw: f32[K, N], db: f32[N]) {
// CHECK-NEXT:   db = sum[M: blocks 64](dy)
// CHECK-NEXT:   da = dot[N](dy, w)
// CHECK-NEXT:   dw = dot[M: blocks 256](a, dy)
gemel.op @ordered[M, N, K](a: f32[M, K], w: f32[K, N], b: f32[N]) -> (y: f32[M, N]) {
  y = dot[K](a, w) + b
  grad w by blocks 256
  grad b by blocks 64
}
// CHECK: gemel.op @lookup_backward[T, V, D](id: i32[T], dy: f32[T, D]) -> (dw: f32[V, D]) {
// CHECK-NEXT:   dw = put[T](dy, V = id)
gemel.op @lookup[T, V, D](w: f32[V, D], id: i32[T]) -> (y: f32[T, D]) {
  y = at(w, V = id)
}
// CHECK: gemel.op @chosen_backward[T, V](id: i32[T], dy: f32[T]) -> (dx: f32[T, V]) {
// CHECK-NEXT:   dx = where(pos[V] == id, dy, 0.0) + where(pos[V] == 3, dy, 0.0)
gemel.op @chosen[T, V](x: f32[T, V], id: i32[T]) -> (y: f32[T]) {
  y = at(x, V = id) + at(x, V = 3)
}
// No axis has a position that no i32 is.
// CHECK: gemel.op @nowhere_backward[V](dy: f32[]) -> (dx: f32[V]) {
// CHECK-NEXT:   dx = where(pos[V] == 1, dy, 0.0)
gemel.op @nowhere[V](x: f32[V]) -> (y: f32[]) {
  y = at(x, V = 5000000000) + at(x, V = 1)
}
// CHECK: gemel.op @put_nowhere_backward[T, V](dy: f32[V]) -> (dx: f32[T]) {
// CHECK-NEXT:   dx = sum[V](dy)
gemel.op @put_nowhere[T, V](x: f32[T]) -> (y: f32[V]) {
  y = put[T](x, V = 5000000000) + sum[T](x)
}
// CHECK: gemel.op @scattered_backward[T, V, D](id: i32[T], dy: f32[V, D]) -> (dx: f32[T, D]) {
// CHECK-NEXT:   dx = where(id >= 0 and id < size[V], at(dy, V = id), 0.0)
gemel.op @scattered[T, V, D](x: f32[T, D], id: i32[T]) -> (y: f32[V, D]) {
  y = put[T](x, V = id)
}
// A given gradient replaces the derived one.
// CHECK: gemel.op @straight_train[N](x: f32[N], w: f32[N]) -> (y: f32[N], c: f32[N]) {
// CHECK-NEXT:   c = min(max(x, -1.0), 1.0)
// CHECK-NEXT:   y = c * w
// CHECK: gemel.op @straight_backward[N](x: f32[N], c: f32[N], dy: f32[N]) -> (dx: f32[N], dw: f32[N]) {
// CHECK-NEXT:   dx = where(c == x, dy, 0.0)
// CHECK-NEXT:   dw = dy * c
gemel.op @straight[N](x: f32[N], w: f32[N]) -> (y: f32[N]) {
  save c = min(max(x, -1.0), 1.0)
  y = c * w
  grad x = where(c == x, d(y), 0.0)
}
// CHECK: gemel.op @callee_backward[N](x: f32[N], t: f32[N], dz: f32[N]) -> (dx: f32[N], dt: f32[N]) {
// CHECK-NEXT:   t0 = log(x)
// CHECK-NEXT:   z = exp(t * t0)
// CHECK-NEXT:   t1 = dz * z
// CHECK-NEXT:   dt = t1 * t0
// CHECK-NEXT:   dx = t1 * t * recip(x)
gemel.op @callee[N](x: f32[N], t: f32[N]) -> (z: f32[N]) {
  z = pow(x, t)
}
gemel.op @pow(x: f32, y: f32) -> (z: f32) {
  z = exp(y * log(x))
}
// Names that are taken.
// CHECK: gemel.op @names_train[N](x: f32[N], dx: f32[N]) -> (y: f32[N], dy: f32[N]) {
// CHECK-NEXT:   dy = x * dx
// CHECK-NEXT:   y = sq(dy)
// CHECK: gemel.op @names_backward[N](x: f32[N], dx: f32[N], dy: f32[N], dy_1: f32[N]) -> (dx_1: f32[N], ddx: f32[N]) {
// CHECK-NEXT:   ddy = dy_1 * 2.0 * dy
// CHECK-NEXT:   dx_1 = ddy * dx
// CHECK-NEXT:   ddx = ddy * x
gemel.op @names[N](x: f32[N], dx: f32[N]) -> (y: f32[N]) {
  save dy = x * dx
  y = sq(dy)
}
// Nothing comes back for b; for n there is nothing to give.
// CHECK: gemel.op @unused_backward[N](n: i32[N], s: f32, dy: f32[N]) -> (da: f32[N], db: f32[N]) {
// CHECK-NEXT:   da = dy * s * n
// CHECK-NEXT:   db = 0.0
// CHECK: gemel.op @unused_accumulate[N](n: i32[N], s: f32, dy: f32[N], inout da: f32[N], inout db: f32[N]) -> () {
// CHECK-NEXT:   da = da + dy * s * n
// CHECK-NEXT:   db = db + 0.0
gemel.op @unused[N](a: f32[N], b: f32[N], n: i32[N], s: f32) -> (y: f32[N], i: i32[N]) {
  y = a * n * s
  i = n
}
// An array is read for its axis alone.
// CHECK: gemel.op @sized_backward[T, N](n: i32[N], dy: f32[T]) -> (dx: f32[T]) {
// CHECK-NEXT:   dx = dy * size[N]
gemel.op @sized[T, N](x: f32[T], n: i32[N]) -> (y: f32[T]) {
  y = x * size[N]
}
// Moved along its own axis: what was read at e is added at e.
// CHECK: gemel.op @shift_backward[T, N](dy: f32[T, N]) -> (dx: f32[T, N]) {
// CHECK-NEXT:   dx = put[N](dy, N = pos[N] - 1)
gemel.op @shift[T, N](x: f32[T, N]) -> (y: f32[T, N]) {
  y = at(x, N = pos[N] - 1)
}
gemel.op @gathered[T, N](x: f32[T, N], id: i32[N]) -> (y: f32[T, N]) {
  y = at(x, N = mod(id, size[N])) * at(x, T = mod(id, size[T]))
}
// RUN: gemelc check --backward %s | FileCheck %s --check-prefix=BITS
// BITS: 0 misses
gemel.check @shift {
  case T = 3, N = 70
  case T = 1, N = 1
  must tile
}
gemel.check @gathered {
  case T = 3, N = 17
  case T = 65, N = 5
  must tile
}
