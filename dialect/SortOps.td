// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What ordered bucketing makes of a put: positions by index, and their runs.

#ifndef GEMEL_DIALECT_SORT_OPS_TD
#define GEMEL_DIALECT_SORT_OPS_TD

include "dialect/OpBase.td"

def Gemel_ArgsortOp : Gemel_Op<"argsort", [Pure, Gemel_Placing]> {
  let summary = "positions along an axis, ascending by index";
  let description = [{
    Position p along `axis` of the value is the position of the p-th smallest
    index; of equal ones, the lower position comes first. Other axes stay. Not
    written in the language.

    (C1) the operand has axis `axis`. (C2) it is i32 or i64; the value is i32
    with the operand's axes.

    Numerics: exact, it rounds nothing.
    ```mlir
    "gemel.op"() <{sym_name = "sorted", dtype_variables = [],
      axes = [#gemel.axis<name = "T">],
      parameters = [#gemel.argument<name = "id", dtype = "i32", axes = ["T"]>],
      results_ = [#gemel.argument<name = "y", dtype = "i32", axes = ["T"]>]}> ({
    ^bb0(%id: !gemel.array<[T] i32>):
      %y = gemel.argsort %id along "T" : !gemel.array<[T] i32> -> !gemel.array<[T] i32>
      gemel.return %y : !gemel.array<[T] i32>
    }) : () -> ()
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$index, StrAttr:$axis);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = [{
    $index `along` $axis attr-dict `:` type($index) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Gemel_SearchSortedOp : Gemel_Op<"search_sorted", [Pure,
    DeclareOpInterfaceMethods<Gemel_PlacingOpInterface, ["joins"]>]> {
  let summary = "where the indices of each value begin, or end, when sorted";
  let description = [{
    Position v along `into` of the value is the number of indices along `axis`
    that are less than v, or with `after` at most v. `order` is what
    `gemel.argsort` gives of the index; it is searched by halves. Not written in
    the language.

    (C1) the index has axis `axis`. (C2) it is i32 or i64, the order is i32, and
    both have the same axes. (C3) the value is i32 with the index' axes, `into`
    in place of `axis`.

    Numerics: exact, it rounds nothing.
    ```mlir
    "gemel.op"() <{sym_name = "first", dtype_variables = [],
      axes = [#gemel.axis<name = "T">, #gemel.axis<name = "V">],
      parameters = [#gemel.argument<name = "id", dtype = "i32", axes = ["T"]>],
      results_ = [#gemel.argument<name = "y", dtype = "i32", axes = ["V"]>]}> ({
    ^bb0(%id: !gemel.array<[T] i32>):
      %order = gemel.argsort %id along "T" : !gemel.array<[T] i32> -> !gemel.array<[T] i32>
      %y = gemel.search_sorted %id, %order along "T" into "V" : (!gemel.array<[T] i32>, !gemel.array<[T] i32>) -> !gemel.array<[V] i32>
      gemel.return %y : !gemel.array<[V] i32>
    }) : () -> ()
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$index, Gemel_AnyValue:$order,
      StrAttr:$axis, StrAttr:$into, UnitAttr:$after);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = [{
    operands `along` $axis `into` $into (`after` $after^)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Gemel_SumRunsOp : Gemel_Op<"sum_runs", [Pure, Gemel_Placing]> {
  let summary = "sums of terms whose positions follow each other in an order";
  let description = [{
    Position v along `into` of the value is the sum, in the default order, of
    the source at positions order[first[v]], …, order[last[v] - 1] along `axis`,
    in this order; no term gives 0. It is what `gemel.put` gives, in as many
    steps as there are terms. Not written in the language.

    (C1) the order has axis `axis`; first and last have `into`, and all three
    are i32. (C2) the value has `into`, then the other axes of the source and of
    the order.

    Numerics: one rounding for each addition of two f32, in the default order.
    ```mlir
    "gemel.op"() <{sym_name = "scatter", dtype_variables = [],
      axes = [#gemel.axis<name = "T">, #gemel.axis<name = "V">, #gemel.axis<name = "D">],
      parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["T", "D"]>,
                    #gemel.argument<name = "id", dtype = "i32", axes = ["T"]>],
      results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["V", "D"]>]}> ({
    ^bb0(%x: !gemel.array<[T, D] f32>, %id: !gemel.array<[T] i32>):
      %order = gemel.argsort %id along "T" : !gemel.array<[T] i32> -> !gemel.array<[T] i32>
      %first = gemel.search_sorted %id, %order along "T" into "V" : (!gemel.array<[T] i32>, !gemel.array<[T] i32>) -> !gemel.array<[V] i32>
      %last = gemel.search_sorted %id, %order along "T" into "V" after : (!gemel.array<[T] i32>, !gemel.array<[T] i32>) -> !gemel.array<[V] i32>
      %y = gemel.sum_runs %x by %order from %first to %last along "T" into "V" : (!gemel.array<[T, D] f32>, !gemel.array<[T] i32>, !gemel.array<[V] i32>, !gemel.array<[V] i32>) -> !gemel.array<[V, D] f32>
      gemel.return %y : !gemel.array<[V, D] f32>
    }) : () -> ()
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$source, Gemel_AnyValue:$order,
      Gemel_AnyValue:$first, Gemel_AnyValue:$last, StrAttr:$axis,
      StrAttr:$into);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = [{
    $source `by` $order `from` $first `to` $last `along` $axis `into` $into
    attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // GEMEL_DIALECT_SORT_OPS_TD
