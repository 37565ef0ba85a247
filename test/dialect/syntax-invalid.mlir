// RUN: gemel-opt %s -split-input-file -verify-diagnostics
// What the language refuses, with the whole message. One case a split.

// no name
// expected-error @+1 {{expected ')' to end operand list}}
gemel.op (x: f32) -> (y: f32) {
}

// -----

// name
// expected-error @+1 {{expected the operator's name, '@name'}}
gemel.op f() -> () {
}

// -----

// odd name
// expected-error @+1 {{'a b' is not a name; use letters, digits and '_'}}
gemel.op @"a b"() -> () {
}

// -----

// no arrow
// expected-error @+1 {{expected '->' and the results}}
gemel.op @f[N](x: f32[N]) {
}

// -----

// no body
// expected-error @+1 {{expected '{' and the operator's body}}
gemel.op @f[N](x: f32[N]) -> (y: f32[N])

// -----

// chained comparison
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{comparisons do not chain; write 'a < b and b < c'}}
  y = where(x < w < 1.0, x, w)
}

// -----

// float without point
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{a float has a point; write '1.0e…'}}
  y = x * 1e-6
}

// -----

// overflowing float
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{float literal overflows f32; write 'inf'}}
  y = x * 1.0e39
}

// -----

// underflowing float
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{float literal underflows to 0 in f32; write 0.0}}
  y = x * 1.0e-60
}

// -----

// integer too large
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{integer literal does not fit i64}}
  y = x * 99999999999999999999
}

// -----

// missing operand
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
  y = x *
// expected-error @+2 {{'z' has no value here; give it one above, or make it a parameter}}
// expected-error @+1 {{expected a statement or '}'}}
  z = w
}

// -----

// open parenthesis
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{expected ')'}}
  y = (x + w
}

// -----

// reserved
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'where' cannot begin a statement; write 'name = expression'}}
  where = x
  y = x
}

// -----

// reserved value
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'save' is not a value}}
  y = save + x
}

// -----

// carry
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'carry' is not supported yet}}
  carry s = 0.0 over N: blocks 2 { }
  y = x
}

// -----

// scan
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'scan' is not supported yet}}
  y = scan[N](x)
}

// -----

// topk
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{several names before '=' are not supported yet}}
  v, k = topk[N, T](x)
  y = x
}

// -----

// random
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'random' is not supported yet}}
  y = random(1, pos[N])
}

// -----

// part
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'part' is not supported yet}}
  y = x * part[T]
}

// -----

// ragged
// expected-error @+1 {{ragged axes ('T by …') are not supported yet}}
gemel.op @f[T by off[G], G](x: f32[T]) -> (y: f32[T]) {
  y = x
}

// -----

// f8
// expected-error @+1 {{dtype 'f8e4m3' is not supported yet; take bf16 or f16}}
gemel.op @f[N](x: f8e4m3[N]) -> (y: f32[N]) {
  y = x
}

// -----

// f8 variable
// expected-error @+1 {{dtype 'f8e5m2' is not supported yet}}
gemel.op @f<E: f8e5m2|f32>[N](x: E[N]) -> (y: f32[N]) {
  y = x
}

// -----

// order
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'sideways' is not an order; orders are serial, blocks n and free}}
  y = x - sum[N: sideways](x)
}

// -----

// blocks not a power of two
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'blocks' takes a power of two up to 2^30, not 100}}
  y = x - sum[N: blocks 100](x)
}

// -----

// quick
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'log' has no quick form; exp, sigmoid, tanh and erf have}}
  y = quick(log)(x)
}

// -----

// operands
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'exp' takes 1 operand, got 2}}
  y = exp(x, w)
}

// -----

// axes of a function
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'exp' takes no axes; drop '[…]'}}
  y = exp[N](x)
}

// -----

// no axes of a sum
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'sum' needs the axes it runs over; write sum[A](…)}}
  y = x - sum(x)
}

// -----

// cotangent_c1: d outside grad
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{'d(y)' stands in a 'grad' statement only}}
  y = x + d(y)
}

// -----

// deep
gemel.op @f[T, N](x: f32[T, N], w: f32[N], i: i32[T], c: i1[N], eps: f32) -> (y: f32[T, N]) {
// expected-error @+1 {{nested deeper than 200 levels; name a part of it}}
  y = ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((x))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))
}
