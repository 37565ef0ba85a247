// RUN: gemel-opt %s --split-input-file --verify-diagnostics
// What ordered bucketing is made of.

// argsort_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "V">, #gemel.axis<name = "D">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["D"]>,
    #gemel.argument<name = "id", dtype = "i32", axes = ["T"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["D"]>]}> ({
^bb0(%x: !gemel.array<[D] f32>, %id: !gemel.array<[T] i32>):
  // expected-error @+1 {{'gemel.argsort' op goes along axis 'V', which i32[T] lacks}}
  %0 = gemel.argsort %id along "V" : !gemel.array<[T] i32> -> !gemel.array<[T] i32>
  gemel.return %x : !gemel.array<[D] f32>
}) : () -> ()

// -----

// argsort_c2
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "V">, #gemel.axis<name = "D">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["D"]>,
    #gemel.argument<name = "id", dtype = "f32", axes = ["T"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["D"]>]}> ({
^bb0(%x: !gemel.array<[D] f32>, %id: !gemel.array<[T] f32>):
  // expected-error @+1 {{'gemel.argsort' op sorts i32 or i64, not f32[T]}}
  %0 = gemel.argsort %id along "T" : !gemel.array<[T] f32> -> !gemel.array<[T] i32>
  gemel.return %x : !gemel.array<[D] f32>
}) : () -> ()

// -----

// argsort_c2
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "V">, #gemel.axis<name = "D">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["D"]>,
    #gemel.argument<name = "id", dtype = "i64", axes = ["T"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["D"]>]}> ({
^bb0(%x: !gemel.array<[D] f32>, %id: !gemel.array<[T] i64>):
  // expected-error @+1 {{'gemel.argsort' op has i64[T] as its value, which has to be i32[T]}}
  %0 = gemel.argsort %id along "T" : !gemel.array<[T] i64> -> !gemel.array<[T] i64>
  gemel.return %x : !gemel.array<[D] f32>
}) : () -> ()

// -----

// search_sorted_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "V">, #gemel.axis<name = "D">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["D"]>,
    #gemel.argument<name = "id", dtype = "i32", axes = ["T"]>,
    #gemel.argument<name = "o", dtype = "i32", axes = ["T"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["D"]>]}> ({
^bb0(%x: !gemel.array<[D] f32>, %id: !gemel.array<[T] i32>, %o: !gemel.array<[T] i32>):
  // expected-error @+1 {{'gemel.search_sorted' op goes along axis 'D', which i32[T] lacks}}
  %0 = gemel.search_sorted %id, %o along "D" into "V" : (!gemel.array<[T] i32>, !gemel.array<[T] i32>) -> !gemel.array<[V] i32>
  gemel.return %x : !gemel.array<[D] f32>
}) : () -> ()

// -----

// search_sorted_c2
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "V">, #gemel.axis<name = "D">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["D"]>,
    #gemel.argument<name = "id", dtype = "i32", axes = ["T"]>,
    #gemel.argument<name = "o", dtype = "i32", axes = ["V"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["D"]>]}> ({
^bb0(%x: !gemel.array<[D] f32>, %id: !gemel.array<[T] i32>, %o: !gemel.array<[V] i32>):
  // expected-error @+1 {{'gemel.search_sorted' op has i32[V] as its order, which has to be i32[T]}}
  %0 = gemel.search_sorted %id, %o along "T" into "V" : (!gemel.array<[T] i32>, !gemel.array<[V] i32>) -> !gemel.array<[V] i32>
  gemel.return %x : !gemel.array<[D] f32>
}) : () -> ()

// -----

// search_sorted_c3
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "V">, #gemel.axis<name = "D">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["D"]>,
    #gemel.argument<name = "id", dtype = "i32", axes = ["T"]>,
    #gemel.argument<name = "o", dtype = "i32", axes = ["T"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["D"]>]}> ({
^bb0(%x: !gemel.array<[D] f32>, %id: !gemel.array<[T] i32>, %o: !gemel.array<[T] i32>):
  // expected-error @+1 {{'gemel.search_sorted' op has i32[T] as its value, which has to be i32[V]}}
  %0 = gemel.search_sorted %id, %o along "T" into "V" : (!gemel.array<[T] i32>, !gemel.array<[T] i32>) -> !gemel.array<[T] i32>
  gemel.return %x : !gemel.array<[D] f32>
}) : () -> ()

// -----

// sum_runs_c1
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "V">, #gemel.axis<name = "D">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["D"]>,
    #gemel.argument<name = "dy", dtype = "f32", axes = ["T", "D"]>,
    #gemel.argument<name = "o", dtype = "i32", axes = ["T"]>,
    #gemel.argument<name = "a", dtype = "i32", axes = ["V"]>,
    #gemel.argument<name = "b", dtype = "i32", axes = ["T"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["D"]>]}> ({
^bb0(%x: !gemel.array<[D] f32>, %dy: !gemel.array<[T, D] f32>, %o: !gemel.array<[T] i32>, %a: !gemel.array<[V] i32>, %b: !gemel.array<[T] i32>):
  // expected-error @+1 {{'gemel.sum_runs' op has i32[T] as its last, which has to be i32[V]}}
  %0 = gemel.sum_runs %dy by %o from %a to %b along "T" into "V" : (!gemel.array<[T, D] f32>, !gemel.array<[T] i32>, !gemel.array<[V] i32>, !gemel.array<[T] i32>) -> !gemel.array<[V, D] f32>
  gemel.return %x : !gemel.array<[D] f32>
}) : () -> ()

// -----

// sum_runs_c2
"gemel.op"() <{sym_name = "f", dtype_variables = [],
  axes = [#gemel.axis<name = "T">, #gemel.axis<name = "V">, #gemel.axis<name = "D">],
  parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["D"]>,
    #gemel.argument<name = "dy", dtype = "f32", axes = ["T", "D"]>,
    #gemel.argument<name = "o", dtype = "i32", axes = ["T"]>,
    #gemel.argument<name = "a", dtype = "i32", axes = ["V"]>,
    #gemel.argument<name = "b", dtype = "i32", axes = ["V"]>],
  results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["D"]>]}> ({
^bb0(%x: !gemel.array<[D] f32>, %dy: !gemel.array<[T, D] f32>, %o: !gemel.array<[T] i32>, %a: !gemel.array<[V] i32>, %b: !gemel.array<[V] i32>):
  // expected-error @+1 {{'gemel.sum_runs' op has f32[V] as its value, which has to be f32[V, D]}}
  %0 = gemel.sum_runs %dy by %o from %a to %b along "T" into "V" : (!gemel.array<[T, D] f32>, !gemel.array<[T] i32>, !gemel.array<[V] i32>, !gemel.array<[V] i32>) -> !gemel.array<[V] f32>
  gemel.return %x : !gemel.array<[D] f32>
}) : () -> ()
