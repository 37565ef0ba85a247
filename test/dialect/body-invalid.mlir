// RUN: gemel-opt %s -split-input-file -verify-diagnostics
// What the language refuses, with the whole message. One case a split.

// unknown value
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'z' has no value here; give it one above, or make it a parameter}}
  y = x + z
}

// -----

// op_c3: given twice
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-note @+1 {{first given here}}
  a = x
// expected-error @+1 {{'a' is given twice; every name but an inout is given once}}
  a = w
  y = a
}

// -----

// op_c3: parameter given
// expected-note @+1 {{first given here}}
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'x' is given twice; every name but an inout is given once}}
  x = w
  y = x
}

// -----

// op_c3: result missing
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
  a = x
// expected-error @+1 {{result 'y' is never given; write 'y = …'}}
}

// -----

// op_c4: result lacks an axis
// expected-error @+1 {{'y' is f32[T], but its value is f32[T, N]; reduce axis 'N' or add it to the result}}
gemel.op @f[T, N](x: f32[T, N]) -> (y: f32[T]) {
  y = x
}

// -----

// op_c5: result dtype
// expected-error @+1 {{'y' is i32[T, N], but its value is f32[T, N]; write i32(…)}}
gemel.op @f[T, N](x: f32[T, N]) -> (y: i32[T, N]) {
  y = x
}

// -----

// op_c5: result narrower
// expected-error @+1 {{'y' is i32[N], but its value is i64[N]; write i32(…)}}
gemel.op @f[N](x: i64[N]) -> (y: i32[N]) {
  y = x
}

// -----

// op_c5: result u8
// expected-error @+1 {{'y' is u8[N], but its value is i32[N]; write u8(…)}}
gemel.op @f[N](x: i32[N]) -> (y: u8[N]) {
  y = x
}

// -----

// add_c1: bool arithmetic
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'+' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  y = x + c
}

// -----

// compare_c1: bool comparison
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'==' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  y = where(c == c, x, w)
}

// -----

// where_c1: condition
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'where' takes i1, but an operand is f32[T, N]; write a comparison}}
  y = where(x, x, w)
}

// -----

// and_c1: and
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'and' takes i1, but an operand is f32[T, N]; write a comparison}}
  y = where(c and x, x, w)
}

// -----

// not_c1: not
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'not' takes i1, but an operand is f32[T, N]; write a comparison}}
  y = where(not x, x, w)
}

// -----

// floor_div_c1: div of floats
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'div' takes integers, but an operand is f32[T, N]; cast it to i32}}
  y = div(x, 2)
}

// -----

// mod_c1: mod of floats
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'mod' takes integers, but an operand is f32[T, N]; cast it to i32}}
  y = mod(x, w)
}

// -----

// cast_c1: cast of bool
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'i32(…)' takes a number, but its operand is i1[N]; write where(c, 1, 0)}}
  y = i32(c) * x
}

// -----

// cast_c1: cast to bool
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{a number is not cast to i1; write a comparison, such as x <> 0}}
  y = where(i1(x), x, w)
}

// -----

// reduce_c1: axis of a sum
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'sum' runs over axis 'T', but its operand is f32[N]; list one of its axes}}
  y = x - sum[T](w)
}

// -----

// axis of a sum undeclared
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{axis 'Q' is not declared; add it to the operator's axes}}
  y = x - sum[Q](x)
}

// -----

// reduce_c2: axis twice in a sum
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'sum' lists axis 'N' twice}}
  y = x - sum[N, N](x)
}

// -----

// reduce_c3: any of floats
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'any' takes i1, but an operand is f32[T, N]; write a comparison}}
  y = where(any[N](x), x, w)
}

// -----

// reduce_c3: sum of bool
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'sum' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  y = x * sum[N](c)
}

// -----

// reduce_c4: order of a mean
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'mean' has one order only; drop 'serial'}}
  y = x - mean[N: serial](x)
}

// -----

// dot_c1: dot axis
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'dot' runs over axis 'T', but its operand is f32[N]; list one of its axes}}
  y = x * dot[T](x, w)
}

// -----

// dot_c3: dot of integers
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'dot' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  y = x * dot[T](x, c)
}

// -----

// at_c1: at axis
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'at' places axis 'T', but its operand is f32[N]; name one of its axes}}
  y = at(w, T = i)
}

// -----

// at_c2: at index
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'at' takes integers, but an operand is f32; cast it to i32}}
  y = at(x, N = eps)
}

// -----

// put_c1: put axis
gemel.op @f[T, V](x: f32[T], i: i32[T]) -> (y: f32[V]) {
// expected-error @+1 {{'put' runs over axis 'V', but its operands are f32[T] and i32[T]; list axes they have}}
  y = put[V](x, V = i)
}

// -----

// put axis kept
gemel.op @f[T, S, V](x: f32[T], i: i32[T, S]) -> (y: f32[V]) {
// expected-error @+1 {{'y' is f32[V], but its value is f32[V, S]; reduce axis 'S' or add it to the result}}
  y = put[T](x, V = i)
}

// -----

// put_c3: put into own axis
gemel.op @f[T, V](x: f32[T, V], i: i32[T]) -> (y: f32[V]) {
// expected-error @+1 {{'put' gives axis 'V', which its operand f32[T, V] has already; list it, or give another axis}}
  y = put[T](x, V = i)
}

// -----

// require_c1: require of an array
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'require' takes one condition, but it is given i1[T, N]; compare sizes and by-value scalars}}
  require x > 0.0
  y = x
}

// -----

// require_c2: require of an element
gemel.op @f[N](x: f32[N], s: f32[]) -> (y: f32[N]) {
// expected-error @+1 {{'require' reads array 's', whose elements a launch does not see; speak of sizes and by-value scalars}}
  require s > 0.0
  y = x
}

// -----

// require_c1: require of a number
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'require' takes one condition, but it is given i32; compare sizes and by-value scalars}}
  require size[N]
  y = x
}

// -----

// grad_c2: grad of a local
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
  a = x * 2.0
  y = a
// expected-error @+1 {{'a' is not a parameter; 'grad' overrides the gradient of one}}
  grad a = d(y)
}

// -----

// grad_c3: grad of integers
gemel.op @f[T, N](x: f32[T, N], i: i32[T], eps: f32) -> (y: f32[T, N]) {
  y = x
// expected-error @+1 {{'i' has no gradient to override: it is no array of floats; drop the 'grad'}}
  grad i = 0.0
}

// -----

// grad_c3: grad of a scalar
gemel.op @f[T, N](x: f32[T, N], i: i32[T], eps: f32) -> (y: f32[T, N]) {
  y = x
// expected-error @+1 {{'eps' has no gradient to override: it is a by-value scalar; drop the 'grad'}}
  grad eps by blocks 64
}

// -----

// grad_c4: twice
gemel.op @f[T, N](x: f32[T, N], i: i32[T], eps: f32) -> (y: f32[T, N]) {
  y = x
// expected-note @+1 {{first here}}
  grad x = d(y)
// expected-error @+1 {{the gradient of 'x' is given twice}}
  grad x = 2.0 * d(y)
}

// -----

// cotangent_c2: d of no result
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
  y = x
// expected-error @+1 {{'x' is not a result; d(y) is the incoming gradient of result y}}
  grad x = d(x)
}

// -----

// literal too large
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{integer literal 5000000000 does not fit i32, its partner's type; cast the partner to i64}}
  y = x * (i + 5000000000)
}

// -----

// running max elsewhere
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
  m = max[N: blocks 4](x)
// expected-error @+1 {{'sum' depends on a running max over [N] in another way than one factor exp(s - m); write it so, or drop 'blocks' from the max}}
  y = x * sum[N: blocks 4](exp(x - m) * m)
}

// -----

// running max order
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
  m = max[N: blocks 4](x)
// expected-error @+1 {{'sum' depends on a running max over [N], so it has to run over the same axis with 'blocks 4'}}
  y = x * sum[N](exp(x - m))
}

// -----

// running max block
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
  m = max[N: blocks 4](x)
// expected-error @+1 {{'sum' depends on a running max over [N], so it has to run over the same axis with 'blocks 4'}}
  y = x * sum[N: blocks 8](exp(x - m))
}
