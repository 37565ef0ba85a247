// RUN: gemel-opt %s -split-input-file -verify-diagnostics
// The constraints of the ops' texts that no other case holds, in the form that
// authors write and in the generic form, which comes typed. One case a split.

// sub_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'-' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = x - c
  y = x
}

// -----

// mul_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'*' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = x * c
  y = x
}

// -----

// div_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'/' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = x / c
  y = x
}

// -----

// max_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'max' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = max(x, c)
  y = x
}

// -----

// min_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'min' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = min(c, x)
  y = x
}

// -----

// neg_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'-' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = -c
  y = x
}

// -----

// abs_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'abs' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = abs(c)
  y = x
}

// -----

// sq_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'sq' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = sq(c)
  y = x
}

// -----

// sqrt_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'sqrt' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = sqrt(c)
  y = x
}

// -----

// exp_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'exp' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = exp(c)
  y = x
}

// -----

// sigmoid_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'sigmoid' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = sigmoid(c)
  y = x
}

// -----

// tanh_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'tanh' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = quick(tanh)(c)
  y = x
}

// -----

// erf_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'erf' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = erf(c)
  y = x
}

// -----

// log_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'log' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = log(c)
  y = x
}

// -----

// rsqrt_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'rsqrt' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = rsqrt(c)
  y = x
}

// -----

// recip_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'recip' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = recip(c)
  y = x
}

// -----

// sin_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'sin' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = sin(c)
  y = x
}

// -----

// cos_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'cos' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = cos(c)
  y = x
}

// -----

// where_c2
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'where' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = where(c, x, c)
  y = x
}

// -----

// or_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'or' takes i1, but an operand is f32[T, N]; write a comparison}}
  z = c or x
  y = x
}

// -----

// pos_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{axis 'Q' is not declared; add it to the operator's axes}}
  z = pos[Q]
  y = x
}

// -----

// size_c1
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{axis 'Q' is not declared; add it to the operator's axes}}
  z = size[Q]
  y = x
}

// -----

// dot_c2
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'dot' lists axis 'N' twice}}
  z = dot[N, N](x, x)
  y = x
}

// -----

// put_c2
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'put' takes integers, but an operand is f32[T, N]; cast it to i32}}
  z = put[T](i, N = x)
  y = x
}

// -----

// put_c4
gemel.op @f[T, N](x: f32[T, N], i: i32[T], c: i1[N]) -> (y: f32[T, N]) {
// expected-error @+1 {{'put' takes numbers, but an operand is i1[N]; write where(c, 1, 0) to count it}}
  z = put[N](c, T = i)
  y = x
}

// -----

// add_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.add' op computes on f32 or i32 or i64, not i1[N]}}
  %0 = gemel.add %c, %c : (!gemel.array<[N] i1>, !gemel.array<[N] i1>) -> !gemel.array<[N] i1>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// exp_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.exp' op computes on f32, not i32[N]}}
  %0 = gemel.exp %i : (!gemel.array<[N] i32>) -> !gemel.array<[N] i32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// and_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.and' op computes on i1, not i32[N]}}
  %0 = gemel.and %i, %i : (!gemel.array<[N] i32>, !gemel.array<[N] i32>) -> !gemel.array<[N] i32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// where_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.where' op computes on i1, not i32[N]}}
  %0 = gemel.where %i, %x, %x : (!gemel.array<[N] i32>, !gemel.array<[N] f32>, !gemel.array<[N] f32>) -> !gemel.array<[N] f32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// reduce_c3
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.reduce' op computes on i1, not f32[N]}}
  %0 = gemel.reduce any %x over ["N"] order <default> : (!gemel.array<[N] f32>) -> !gemel.array<[] f32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// dot_c3
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'dot' takes two operands of one float type, not i32[N] and i32[N]; cast one of them}}
  %0 = gemel.dot %i, %i over ["N"] order <default> : (!gemel.array<[N] i32>, !gemel.array<[N] i32>) -> !gemel.array<[] f32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// at_c2
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.at' op computes on i32 or i64, not f32[N]}}
  %0 = gemel.at %x["N" = %x] : (!gemel.array<[N] f32>, !gemel.array<[N] f32>) -> !gemel.array<[N] f32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// put_c4
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.put' op computes on f32 or i32 or i64, not i1[N]}}
  %0 = gemel.put %c["M" = %i] over ["N"] : (!gemel.array<[N] i1>, !gemel.array<[N] i32>) -> !gemel.array<[M] i1>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// widen_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.widen' op has nothing to widen in f32[N]}}
  %0 = gemel.widen %x : (!gemel.array<[N] f32>) -> !gemel.array<[N] f32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// convert_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.convert' op takes i32 or i64, not f32[N]}}
  %0 = gemel.convert %x : (!gemel.array<[N] f32>) -> !gemel.array<[N] f32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// cast_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.cast' op computes on f32 or i32 or i64, not i1[N]}}
  %0 = gemel.cast "i32" %c : (!gemel.array<[N] i1>) -> !gemel.array<[N] i32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// cast_c2
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'f64' is not a dtype}}
  %0 = gemel.cast "f64" %x : (!gemel.array<[N] f32>) -> !gemel.array<[N] f32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// constant_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.constant' op needs a number, not 1.000000e+00 : f64}}
  %0 = gemel.constant 1.0 : f64 : !gemel.array<[] f32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// save_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.save' op needs a name, not 'a b'}}
  gemel.save "a b" %x : !gemel.array<[N] f32>
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// grad_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>,
    #gemel.argument<name = "i", dtype = "i32", axes = ["N"]>,
    #gemel.argument<name = "c", dtype = "i1", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>, %i: !gemel.array<[N] i32>, %c: !gemel.array<[N] i1>):
  // expected-error @+1 {{'gemel.grad' op needs either a value or an order}}
  gemel.grad "x"
  gemel.return %x : !gemel.array<[N] f32>
}) : () -> ()

// -----

// for_c1
gemel.kernel @f work ["T"] [1] grain 8 {
^bb0(%x: !gemel.array<[T] f32>, %t: index):
  // expected-error @+1 {{'gemel.for' op cuts axis 'T' in steps of 12, but it is combined in the default order; take a power of two}}
  %0 = gemel.for "T" = %t to %t step 12 combine ["sum"] [#gemel.order<default>] {
  ^bb0(%i: index):
    %1 = gemel.load %x[%i : index] : !gemel.array<[T] f32> -> !gemel.tile<[T = 12] f32>
    gemel.yield %1 : !gemel.tile<[T = 12] f32>
  } : !gemel.tile<[] f32>
}

// -----

// check_c1
// expected-error @+1 {{'gemel.check' op needs an operator's name, not 'a b'}}
"gemel.check"() <{op = @"a b"}> ({
^bb0:
}) : () -> ()

// -----

// check_c2
"gemel.check"() <{op = @f}> ({
  // expected-error @+1 {{'gemel.size' op does not stand in a check}}
  %0 = gemel.size "N" : !gemel.array<[] i32>
}) : () -> ()

// -----

// case_c1
"gemel.check"() <{op = @f}> ({
  // expected-error @+1 {{'gemel.case' op has odd sizes ["N", -1]}}
  gemel.case ["N", -1] [] []
}) : () -> ()

// -----

// case_c2
"gemel.check"() <{op = @f}> ({
  // expected-error @+1 {{'gemel.case' op has odd arrays ["x", ["one"]]}}
  gemel.case ["N", 1] ["x", ["one"]] []
}) : () -> ()

// -----

// case_c3
"gemel.check"() <{op = @f}> ({
  // expected-error @+1 {{'gemel.case' op lists neither sizes nor arrays}}
  gemel.case [] [] []
}) : () -> ()

// -----

// tol_c1
"gemel.check"() <{op = @f}> ({
  // expected-error @+1 {{'gemel.tol' op needs a dtype and a number of ulp}}
  gemel.tol "f64" ulp 2
}) : () -> ()

// -----

// must_c1
"gemel.check"() <{op = @f}> ({
  // expected-error @+1 {{'gemel.must' op has "repeat", or has it out of order}}
  gemel.must ["vendor", "repeat"]
}) : () -> ()

// -----

// plan_c1
// expected-error @+1 {{'gemel.plan' op needs names of an operator and a chip}}
"gemel.plan"() <{op = @f, chip = "a b"}> ({
^bb0:
}) : () -> ()

// -----

// plan_c2
"gemel.plan"() <{op = @f, chip = "cpu"}> ({
  // expected-error @+1 {{'gemel.size' op does not stand in a plan}}
  %0 = gemel.size "N" : !gemel.array<[] i32>
}) : () -> ()

// -----

// plan_tile_c2
"gemel.plan"() <{op = @f, chip = "cpu"}> ({
  // expected-error @+1 {{'gemel.plan_tile' op needs an axis, not 'where'}}
  gemel.plan_tile "where" = 8
}) : () -> ()

// -----

// op_c6
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">, #gemel.axis<name = "M">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.untyped):
  // expected-error @+1 {{'gemel.size' op names axis "Q", which the header does not declare}}
  %0 = gemel.size "Q" : !gemel.untyped
  gemel.return %x : !gemel.untyped
}) : () -> ()

// -----

// op_c4: typed
// expected-error @+1 {{'gemel.op' op 'y' cannot be f32[N, M]}}
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">, #gemel.axis<name = "M">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>):
  %0 = gemel.pos "M" : !gemel.array<[M] i32>
  %1 = gemel.convert %0 : (!gemel.array<[M] i32>) -> !gemel.array<[M] f32>
  %2 = gemel.add %x, %1 : (!gemel.array<[N] f32>, !gemel.array<[M] f32>) -> !gemel.array<[N, M] f32>
  gemel.return %2 : !gemel.array<[N, M] f32>
}) : () -> ()

// -----

// op_c5: typed
// expected-error @+1 {{'gemel.op' op 'y' cannot be i32[N]}}
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">, #gemel.axis<name = "M">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.array<[N] f32>):
  %0 = gemel.pos "N" : !gemel.array<[N] i32>
  gemel.return %0 : !gemel.array<[N] i32>
}) : () -> ()

// -----

// op_c5: untyped
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">, #gemel.axis<name = "M">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.untyped):
  // expected-error @+1 {{'y' is f32[N], but its value is i1[N]; write f32(…)}}
  %0 = gemel.compare eq %x, %x : (!gemel.untyped, !gemel.untyped) -> !gemel.untyped
  gemel.return %0 : !gemel.untyped
}) : () -> ()

// -----

// cotangent_c1: generic
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">, #gemel.axis<name = "M">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.untyped):
  // expected-error @+1 {{'gemel.cotangent' op stands outside a 'grad' statement}}
  %0 = gemel.cotangent "y" : !gemel.untyped
  gemel.return %0 : !gemel.untyped
}) : () -> ()

// -----

// cotangent_c2: generic
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">, #gemel.axis<name = "M">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.untyped):
  // expected-error @+1 {{'gemel.cotangent' op names 'x', which is not a result}}
  %0 = gemel.cotangent "x" : !gemel.untyped
  gemel.return %x : !gemel.untyped
}) : () -> ()

// -----

// grad_c2: generic
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">, #gemel.axis<name = "M">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
^bb0(%x: !gemel.untyped):
  // expected-error @+1 {{'gemel.grad' op names 'y', which is not a parameter}}
  gemel.grad "y" %x : !gemel.untyped
  gemel.return %x : !gemel.untyped
}) : () -> ()

// -----

// op_c2: an axis twice
// expected-error @+1 {{'x' has axis "N" twice}}
"gemel.op"() <{sym_name = "f", dtype_variables = [], results_ = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N", "N"]>]}> ({
^bb0(%x: !gemel.untyped):
  "gemel.return"() : () -> ()
}) : () -> ()

// -----

// save_c2
gemel.op @f[N](inout p: f32[N]) -> () {
  save p = p * 2.0
// expected-error @+1 {{'p' is saved twice}}
  save p = p * 3.0
}

// -----

// expected-error @+1 {{has an odd header entry #gemel.dtype_variable<"E", f32, f32>}}
"gemel.op"() <{sym_name = "f", axes = [], parameters = [], results_ = [],
  dtype_variables = [#gemel.dtype_variable<"E", f32, f32>]}> ({
  "gemel.return"() : () -> ()
}) : () -> ()

// -----

// A running max, where the text comes typed.
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = []>]}> ({
^bb0(%x: !gemel.array<[N] f32>):
  %m = gemel.reduce max %x over ["N"] order <blocks 4> : (!gemel.array<[N] f32>) -> !gemel.array<[] f32>
  %d = gemel.sub %x, %m : (!gemel.array<[N] f32>, !gemel.array<[] f32>) -> !gemel.array<[N] f32>
  %e = gemel.exp %d : (!gemel.array<[N] f32>) -> !gemel.array<[N] f32>
  // expected-error @+1 {{'sum' depends on a running max over [N], so it has to run over the same axis with 'blocks 4'}}
  %s = gemel.reduce sum %e over ["N"] order <blocks 8> : (!gemel.array<[N] f32>) -> !gemel.array<[] f32>
  gemel.return %s : !gemel.array<[] f32>
}) : () -> ()
