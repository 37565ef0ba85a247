// RUN: gemel-opt %s -split-input-file -verify-diagnostics
// What the language refuses, with the whole message. One case a split.

// dtype
// expected-error @+1 {{'float' is neither a dtype nor a dtype variable; declare it in '<float: …>'}}
gemel.op @f[N](x: float[N]) -> (y: f32[N]) {
  y = x
}

// -----

// dtype variable
// expected-error @+1 {{'f64' is not a dtype; dtypes are f32, bf16, f16, i32, i64, u8 and i1}}
gemel.op @f<E: f32|f64>[N](x: E[N]) -> (y: f32[N]) {
  y = x
}

// -----

// dtype twice
// expected-error @+1 {{dtype 'f32' is listed twice}}
gemel.op @f<E: f32|f32>[N](x: E[N]) -> (y: f32[N]) {
  y = x
}

// -----

// op_c2: axis undeclared
// expected-error @+1 {{axis 'M' is not declared; add it to the operator's axes}}
gemel.op @f[N](x: f32[M]) -> (y: f32[N]) {
  y = x
}

// -----

// axis twice in a parameter
// expected-error @+1 {{axis 'N' appears twice}}
gemel.op @f[N](x: f32[N, N]) -> (y: f32[N]) {
  y = x
}

// -----

// op_c1: axis twice
// expected-error @+1 {{axis 'N' is declared twice}}
gemel.op @f[N, N](x: f32[N]) -> (y: f32[N]) {
  y = x
}

// -----

// op_c1: parameter twice
// expected-error @+1 {{'x' is declared twice}}
gemel.op @f[N](x: f32[N], x: f32[N]) -> (y: f32[N]) {
  y = x
}

// -----

// op_c1: result like a parameter
// expected-error @+1 {{'x' is declared twice}}
gemel.op @f[N](x: f32[N]) -> (x: f32[N]) {
  x = x
}

// -----

// fact
// expected-error @+1 {{'even' is not a fact of an axis; facts are '= n', 'mult n' and 'max n'}}
gemel.op @f[N even](x: f32[N]) -> (y: f32[N]) {
  y = x
}

// -----

// facts that exclude
// expected-error @+1 {{axis 'N' has size 10, which its other facts exclude}}
gemel.op @f[N = 10 mult 16](x: f32[N]) -> (y: f32[N]) {
  y = x
}

// -----

// default of an array
// expected-error @+1 {{only a by-value scalar has a default}}
gemel.op @f[N](x: f32[N] = 1.0) -> (y: f32[N]) {
  y = x
}

// -----

// inout scalar
// expected-error @+1 {{'p' is a by-value scalar, which cannot be 'inout'; write 'f32[]'}}
gemel.op @f[N](inout p: f32, x: f32[N]) -> (y: f32[N]) {
  y = x
}

// -----

// scalar dtype
// expected-error @+1 {{a by-value scalar is f32, i32 or i64, not bf16; write 'bf16[]'}}
gemel.op @f[N](x: f32[N], s: bf16) -> (y: f32[N]) {
  y = x * s
}

// -----

// grad f32 of integers
// expected-error @+1 {{'i' has no gradient: it is no array of floats; drop 'grad f32'}}
gemel.op @f[N](x: f32[N], i: i32[N] grad f32) -> (y: f32[N]) {
  y = x
}

// -----

// grad type
// expected-error @+1 {{a gradient's type is written 'grad f32'}}
gemel.op @f[N](x: bf16[N] grad bf16) -> (y: f32[N]) {
  y = x
}
