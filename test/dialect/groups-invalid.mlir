// RUN: gemel-opt %s --split-input-file --verify-diagnostics
// Groups, their plans, and the runs of split reductions.

// group_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["T", "N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["T"]>]}> ({
^bb0(%x: !gemel.array<[T, N] f32>):
  %y = gemel.group "g0" plan <work = [N = 64], tile = [N = 32], lane = N> {
    // expected-error @+1 {{a work item of group 'g0' has its own positions of axis 'N', but f32[T] is of all of them; take 'N' out of the plan's work}}
    %0 = gemel.reduce sum %x over ["N"] order <default> : (!gemel.array<[T, N] f32>) -> !gemel.array<[T] f32>
    gemel.yield %0 : !gemel.array<[T] f32>
  } : !gemel.array<[T] f32>
  gemel.return %y : !gemel.array<[T] f32>
}) : () -> ()

// -----

// group_c2
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "N">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["T", "N"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["T"]>]}> ({
^bb0(%x: !gemel.array<[T, N] f32>):
  %y = gemel.group "g0" plan <work = [T = 1], tile = [N = 24], lane = N> {
    // expected-error @+1 {{the plan cuts axis 'N' in steps of 24, but it is combined in the default order; take a power of two}}
    %0 = gemel.reduce sum %x over ["N"] order <default> : (!gemel.array<[T, N] f32>) -> !gemel.array<[T] f32>
    gemel.yield %0 : !gemel.array<[T] f32>
  } : !gemel.array<[T] f32>
  gemel.return %y : !gemel.array<[T] f32>
}) : () -> ()

// -----

// partial_reduce_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "T.64", runs = 64, of = ["T"]>],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["T"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["T"]>]}> ({
^bb0(%x: !gemel.array<[T] f32>):
  // expected-error @+1 {{'sum' runs over axis 'N', but its operand is f32[T]; list one of its axes}}
  %0 = gemel.partial_reduce sum %x over ["N"] runs "T.64" 64 : (!gemel.array<[T] f32>) -> !gemel.array<[T.64] f32>
  gemel.return %x : !gemel.array<[T] f32>
}) : () -> ()

// -----

// partial_reduce_c2
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "T.48", runs = 48, of = ["T"]>],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["T"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["T"]>]}> ({
^bb0(%x: !gemel.array<[T] f32>):
  // expected-error @+1 {{'gemel.partial_reduce' op cuts axis 'T' into runs of 48, but the default order has borders at powers of two only; take one}}
  %0 = gemel.partial_reduce sum %x over ["T"] runs "T.48" 48 : (!gemel.array<[T] f32>) -> !gemel.array<[T.48] f32>
  gemel.return %x : !gemel.array<[T] f32>
}) : () -> ()

// -----

// partial_reduce_c3
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "T.64", runs = 64, of = ["T"]>],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["T"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["T"]>]}> ({
^bb0(%x: !gemel.array<[T] f32>):
  // expected-error @+1 {{'gemel.partial_reduce' op gives f32[T], but runs of f32[T] over [T] give f32[T.64]}}
  %0 = gemel.partial_reduce sum %x over ["T"] runs "T.64" 64 : (!gemel.array<[T] f32>) -> !gemel.array<[T] f32>
  gemel.return %0 : !gemel.array<[T] f32>
}) : () -> ()

// -----

// A plan's own words.
// expected-error @+1 {{a plan has work, tile, lane, grain, scratch, team, vector, resident, whole, matrix and chain, not 'warp'}}
"builtin.module"() ({}) {a = #gemel.plan<work = [T = 1], warp = 3>} : () -> ()

// -----

// expected-error @+1 {{a step along 'T' takes 1 to 65536 positions, not 0}}
"builtin.module"() ({}) {a = #gemel.plan<work = [T = 1], tile = [T = 0]>} : () -> ()

// -----

// expected-error @+1 {{a work item takes at least one position of 'T', not -4}}
"builtin.module"() ({}) {a = #gemel.plan<work = [T = -4]>} : () -> ()
