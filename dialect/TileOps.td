// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What fusion and tiling leave: groups, kernels, loops, loads and stores.

#ifndef GEMEL_DIALECT_TILE_OPS_TD
#define GEMEL_DIALECT_TILE_OPS_TD

include "dialect/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"

def Gemel_GroupOp : Gemel_Op<"group", [SingleBlock]> {
  let summary = "ops that become one launch";
  let description = [{
    Holds ops on whole arrays and yields the values that the launch stores.
    Values of the operator around it are used freely. `plan` is the schedule's;
    no plan changes a result. An operator with groups prints in the generic
    form.

    (C1) a plan's work axes are axes of every value that is yielded and of
    every reduction inside, so that no work item needs another's terms. (C2) a
    step along an axis that is reduced in the default order is a power of two.

    Numerics: exact, it rounds nothing.
    ```mlir
    "gemel.op"() <{sym_name = "doubled", dtype_variables = [],
      axes = [#gemel.axis<name = "N">],
      parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>],
      results_ = [#gemel.argument<name = "y", dtype = "f32", axes = ["N"]>]}> ({
    ^bb0(%x: !gemel.array<[N] f32>):
      %y = gemel.group "g0" plan <work = [N = 4096], tile = [N = 32], lane = N> {
        %0 = gemel.add %x, %x : (!gemel.array<[N] f32>, !gemel.array<[N] f32>) -> !gemel.array<[N] f32>
        gemel.yield %0 : !gemel.array<[N] f32>
      } : !gemel.array<[N] f32>
      gemel.return %y : !gemel.array<[N] f32>
    }) : () -> ()
    ```
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<Gemel_PlanAttr>:$plan);
  let regions = (region SizedRegion<1>:$body);
  let results = (outs Variadic<Gemel_AnyValue>:$results);
  let assemblyFormat = [{
    $name (`plan` $plan^)? attr-dict-with-keyword $body `:` type($results)
  }];
  let hasVerifier = 1;
}

def Gemel_YieldOp : Gemel_Op<"yield", [Terminator,
    ParentOneOf<["GroupOp", "ForOp", "RecallOp"]>]> {
  let summary = "what a group stores, what a loop combines or carries";
  let description = [{
    The values of a group, in the order of its results; of a loop, one value
    (two for `dot`) for each of its combinations.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.kernel @sums work ["T"] [1] grain 8 {
    ^bb0(%x: !gemel.array<[T, D] f32>, %y: !gemel.array<[T] f32>, %t: index):
      %d0 = arith.constant 0 : index
      %size = gemel.extent "D"
      %s = gemel.for "D" = %d0 to %size step 32 combine ["sum"] [#gemel.order<default>] {
      ^bb0(%d: index):
        %0 = gemel.load %x[%t, %d : index, index] : !gemel.array<[T, D] f32> -> !gemel.tile<[D = 32] f32>
        gemel.yield %0 : !gemel.tile<[D = 32] f32>
      } : !gemel.tile<[] f32>
      gemel.store %s, %y[%t] extents [1] : !gemel.tile<[] f32>, !gemel.array<[T] f32>
    }
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Gemel_KernelOp : Gemel_Op<"kernel", [IsolatedFromAbove, Symbol,
    SingleBlock, NoTerminator]> {
  let summary = "one launch, tiled";
  let description = [{
    Block arguments: the operator's arguments in header order, then its
    workspaces, as arrays in memory order (by-value scalars as arrays without
    axes). `work` lists the axes that work items walk, with their steps of 1 or
    more; the body runs once a work item, its position block arguments come
    last, one index for each work axis. `grain` is how many work items one
    thread takes at a time.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.kernel @copy work ["T"] [1] grain 8 {
    ^bb0(%x: !gemel.array<[T, D] bf16>, %y: !gemel.array<[T, D] bf16>, %t: index):
      %d0 = arith.constant 0 : index
      %size = gemel.extent "D"
      gemel.for "D" = %d0 to %size step 32 combine [] [] {
      ^bb0(%d: index):
        %0 = gemel.load %x[%t, %d : index, index] : !gemel.array<[T, D] bf16> -> !gemel.tile<[D = 32] bf16>
        gemel.store %0, %y[%t, %d] extents [1, 32] : !gemel.tile<[D = 32] bf16>, !gemel.array<[T, D] bf16>
        gemel.yield
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
    OptionalAttr<StrAttr>:$sym_visibility, ArrayAttr:$work_axes,
    DenseI64ArrayAttr:$work_steps, I64Attr:$grain);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `work` $work_axes $work_steps `grain` $grain attr-dict-with-keyword $body
  }];
}

def Gemel_ExtentOp : Gemel_Op<"extent", [Pure]> {
  let summary = "the size of an axis, as an index";
  let description = [{
    As large as the axis is at the launch.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.kernel @last work ["T"] [1] grain 8 {
    ^bb0(%x: !gemel.array<[T, D] bf16>, %y: !gemel.array<[T, D] bf16>, %t: index):
      %size = gemel.extent "D"
      %c1 = arith.constant 1 : index
      %d = arith.subi %size, %c1 : index
      %0 = gemel.load %x[%t, %d : index, index] : !gemel.array<[T, D] bf16> -> !gemel.tile<[] bf16>
      gemel.store %0, %y[%t, %d] extents [1, 1] : !gemel.tile<[] bf16>, !gemel.array<[T, D] bf16>
    }
    ```
  }];
  let arguments = (ins StrAttr:$axis);
  let results = (outs Index:$result);
  let assemblyFormat = "$axis attr-dict";
}

def Gemel_ForOp : Gemel_Op<"for", [SingleBlock]> {
  let summary = "a loop over positions of an axis, combining or carrying";
  let description = [{
    Runs from `lower` to `upper` in steps; the last piece may be short. Result i
    is, as `combine[i]` says: `carry` (init i, then what the body yields), or
    the ordered combination of what the body yields over all positions: `sum`,
    `prod`, `max`, `min`, `any`, `all`, `argmax`, or `dot`, which takes two
    yielded values. Where the yielded tile has axis `axis`, its positions are
    terms too, and positions at or past `upper` are not. Terms are numbered from
    `lower`.

    (C1) a step over an axis that is combined in the default order is a power of
    two.

    Numerics: those of `gemel.reduce` and `gemel.dot`, whose order it keeps
    whatever the step.
    ```mlir
    gemel.kernel @sums work ["T"] [1] grain 8 {
    ^bb0(%x: !gemel.array<[T, D] f32>, %y: !gemel.array<[T] f32>, %t: index):
      %d0 = arith.constant 0 : index
      %size = gemel.extent "D"
      %s = gemel.for "D" = %d0 to %size step 32 combine ["sum"] [#gemel.order<default>] {
      ^bb0(%d: index):
        %0 = gemel.load %x[%t, %d : index, index] : !gemel.array<[T, D] f32> -> !gemel.tile<[D = 32] f32>
        gemel.yield %0 : !gemel.tile<[D = 32] f32>
      } : !gemel.tile<[] f32>
      gemel.store %s, %y[%t] extents [1] : !gemel.tile<[] f32>, !gemel.array<[T] f32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$axis, Index:$lower, Index:$upper,
    I64Attr:$step, ArrayAttr:$combine, ArrayAttr:$orders,
    Variadic<AnyType>:$inits);
  let regions = (region SizedRegion<1>:$body);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = [{
    $axis `=` $lower `to` $upper `step` $step `combine` $combine $orders
    (`init` `(` $inits^ `:` type($inits) `)`)? attr-dict-with-keyword $body
    (`:` type($results)^)?
  }];
  let hasVerifier = 1;
}

def Gemel_LoadOp : Gemel_Op<"load", [Pure]> {
  let summary = "array to tile";
  let description = [{
    One position for each axis of the array: an index (the tile's first position
    along that axis, or its only one), or a tile of integers, which places each
    element on its own. Positions outside the array read nothing: NaN, 0 or
    false. Elements of a narrow type stay as stored.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.kernel @copy work ["T"] [1] grain 8 {
    ^bb0(%x: !gemel.array<[T, D] bf16>, %y: !gemel.array<[T, D] bf16>, %t: index):
      %d0 = arith.constant 0 : index
      %size = gemel.extent "D"
      gemel.for "D" = %d0 to %size step 32 combine [] [] {
      ^bb0(%d: index):
        %0 = gemel.load %x[%t, %d : index, index] : !gemel.array<[T, D] bf16> -> !gemel.tile<[D = 32] bf16>
        gemel.store %0, %y[%t, %d] extents [1, 32] : !gemel.tile<[D = 32] bf16>, !gemel.array<[T, D] bf16>
        gemel.yield
      }
    }
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$array, Variadic<AnyType>:$positions);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = [{
    $array (`[` $positions^ `:` type($positions) `]`)? attr-dict
    `:` type($array) `->` type($result)
  }];
}

def Gemel_StoreOp : Gemel_Op<"store", []> {
  let summary = "tile to array, rounded to the array's element";
  let description = [{
    `extents` says how many positions of each axis of the array are written;
    along axes that the tile lacks they get the same value. Positions outside
    the array are not written.

    Numerics: rounds once to the array's element, nearest-even.
    ```mlir
    gemel.kernel @copy work ["T"] [1] grain 8 {
    ^bb0(%x: !gemel.array<[T, D] bf16>, %y: !gemel.array<[T, D] bf16>, %t: index):
      %d0 = arith.constant 0 : index
      %size = gemel.extent "D"
      gemel.for "D" = %d0 to %size step 32 combine [] [] {
      ^bb0(%d: index):
        %0 = gemel.load %x[%t, %d : index, index] : !gemel.array<[T, D] bf16> -> !gemel.tile<[D = 32] bf16>
        gemel.store %0, %y[%t, %d] extents [1, 32] : !gemel.tile<[D = 32] bf16>, !gemel.array<[T, D] bf16>
        gemel.yield
      }
    }
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$tile, Gemel_AnyValue:$array,
                       Variadic<Index>:$positions,
                       DenseI64ArrayAttr:$extents);
  let assemblyFormat = [{
    $tile `,` $array (`[` $positions^ `]`)? `extents` $extents attr-dict
    `:` type($tile) `,` type($array)
  }];
}

def Gemel_ScatterOp : Gemel_Op<"scatter", []> {
  let summary = "tile to places of an array, element by element";
  let description = [{
    One position for each axis of the array: an index, or a tile of integers
    with the axes of the tile stored, which places each element on its own.
    Elements placed outside the array are not written; no two elements have the
    same place.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.kernel @reversed work ["N"] [32] grain 8 {
    ^bb0(%x: !gemel.array<[N] i32>, %place: !gemel.array<[N] i32>, %y: !gemel.array<[N] i32>, %n: index):
      %0 = gemel.load %x[%n : index] : !gemel.array<[N] i32> -> !gemel.tile<[N = 32] i32>
      %1 = gemel.load %place[%n : index] : !gemel.array<[N] i32> -> !gemel.tile<[N = 32] i32>
      gemel.scatter %0, %y[%1 : !gemel.tile<[N = 32] i32>] : !gemel.tile<[N = 32] i32>, !gemel.array<[N] i32>
    }
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$tile, Gemel_AnyValue:$array,
                       Variadic<AnyType>:$positions);
  let assemblyFormat = [{
    $tile `,` $array `[` $positions `:` type($positions) `]` attr-dict
    `:` type($tile) `,` type($array)
  }];
}

def Gemel_ScratchOp : Gemel_Op<"scratch", []> {
  let summary = "memory of a work item's own, close to its lanes";
  let description = [{
    Room for one value of each position of `axis`, if it has `limit` positions
    at most; if it has more there is no room, `gemel.keep` does nothing and
    `gemel.recall` computes. A target takes the closest memory that holds it.
    Every work item begins with unwritten elements.

    Numerics: exact, values are kept as they are.
    ```mlir
    gemel.kernel @rows work ["T"] [1] grain 8 {
    ^bb0(%x: !gemel.array<[T, N] f32>, %y: !gemel.array<[T, N] f32>, %t: index):
      %s = gemel.scratch "N" 16384 : !gemel.array<[N] f32>
      %0 = arith.constant 0 : index
      %n = gemel.extent "N"
      gemel.for "N" = %0 to %n step 32 combine [] [] {
      ^bb0(%i: index):
        %1 = gemel.load %x[%t, %i : index, index] : !gemel.array<[T, N] f32> -> !gemel.tile<[N = 32] f32>
        gemel.keep %1, %s[%i] : !gemel.tile<[N = 32] f32>, !gemel.array<[N] f32>
        gemel.yield
      }
      gemel.for "N" = %0 to %n step 32 combine [] [] {
      ^bb0(%i: index):
        %1 = gemel.recall %s[%i] {
          %2 = gemel.load %x[%t, %i : index, index] : !gemel.array<[T, N] f32> -> !gemel.tile<[N = 32] f32>
          gemel.yield %2 : !gemel.tile<[N = 32] f32>
        } : !gemel.array<[N] f32> -> !gemel.tile<[N = 32] f32>
        gemel.store %1, %y[%t, %i] extents [1, 32] : !gemel.tile<[N = 32] f32>, !gemel.array<[T, N] f32>
        gemel.yield
      }
    }
    ```
  }];
  let arguments = (ins StrAttr:$axis, I64Attr:$limit);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = "$axis $limit attr-dict `:` type($result)";
}

def Gemel_KeepOp : Gemel_Op<"keep", []> {
  let summary = "tile to scratch, where there is room";
  let description = [{
    See `gemel.scratch`. Positions outside the axis are not kept.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.kernel @kept work ["T"] [1] grain 8 {
    ^bb0(%x: !gemel.array<[T, N] f32>, %t: index):
      %s = gemel.scratch "N" 1024 : !gemel.array<[N] f32>
      %0 = arith.constant 0 : index
      %1 = gemel.load %x[%t, %0 : index, index] : !gemel.array<[T, N] f32> -> !gemel.tile<[N = 32] f32>
      gemel.keep %1, %s[%0] : !gemel.tile<[N = 32] f32>, !gemel.array<[N] f32>
    }
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$tile, Gemel_AnyValue:$scratch,
                       Index:$position);
  let assemblyFormat = [{
    $tile `,` $scratch `[` $position `]` attr-dict
    `:` type($tile) `,` type($scratch)
  }];
}

def Gemel_RecallOp : Gemel_Op<"recall", [SingleBlock]> {
  let summary = "what was kept, or computed again where there was no room";
  let description = [{
    See `gemel.scratch`. The region gives the same value, to the bit; what was
    never kept is not recalled.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.kernel @recalled work ["T"] [1] grain 8 {
    ^bb0(%x: !gemel.array<[T, N] f32>, %y: !gemel.array<[T, N] f32>, %t: index):
      %s = gemel.scratch "N" 1024 : !gemel.array<[N] f32>
      %0 = arith.constant 0 : index
      %1 = gemel.load %x[%t, %0 : index, index] : !gemel.array<[T, N] f32> -> !gemel.tile<[N = 32] f32>
      gemel.keep %1, %s[%0] : !gemel.tile<[N = 32] f32>, !gemel.array<[N] f32>
      %2 = gemel.recall %s[%0] {
        %3 = gemel.load %x[%t, %0 : index, index] : !gemel.array<[T, N] f32> -> !gemel.tile<[N = 32] f32>
        gemel.yield %3 : !gemel.tile<[N = 32] f32>
      } : !gemel.array<[N] f32> -> !gemel.tile<[N = 32] f32>
      gemel.store %2, %y[%t, %0] extents [1, 32] : !gemel.tile<[N = 32] f32>, !gemel.array<[T, N] f32>
    }
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$scratch, Index:$position);
  let regions = (region SizedRegion<1>:$body);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = [{
    $scratch `[` $position `]` attr-dict-with-keyword $body
    `:` type($scratch) `->` type($result)
  }];
}

def Gemel_IotaOp : Gemel_Op<"iota", [Pure]> {
  let summary = "positions of an axis from a first one, i32 or i64";
  let description = [{
    first, first + 1, … along the one axis of a tile of i32.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.kernel @ramp work ["N"] [32] grain 8 {
    ^bb0(%y: !gemel.array<[N] i32>, %n: index):
      %0 = gemel.iota %n : !gemel.tile<[N = 32] i32>
      gemel.store %0, %y[%n] extents [32] : !gemel.tile<[N = 32] i32>, !gemel.array<[N] i32>
    }
    ```
  }];
  let arguments = (ins Index:$first);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = "$first attr-dict `:` type($result)";
}

def Gemel_ReadIndexOp : Gemel_Op<"read_index", [Pure]> {
  let summary = "an integer tile of one element as an index";
  let description = [{
    An integer that was computed, to place a whole tile by.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.kernel @lookup work ["T"] [1] grain 8 {
    ^bb0(%w: !gemel.array<[V, D] f32>, %id: !gemel.array<[T] i32>, %y: !gemel.array<[T, D] f32>, %t: index):
      %0 = gemel.load %id[%t : index] : !gemel.array<[T] i32> -> !gemel.tile<[] i32>
      %v = gemel.read_index %0 : !gemel.tile<[] i32>
      %d = arith.constant 0 : index
      %1 = gemel.load %w[%v, %d : index, index] : !gemel.array<[V, D] f32> -> !gemel.tile<[D = 8] f32>
      gemel.store %1, %y[%t, %d] extents [1, 8] : !gemel.tile<[D = 8] f32>, !gemel.array<[T, D] f32>
    }
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$value);
  let results = (outs Index:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}


#endif // GEMEL_DIALECT_TILE_OPS_TD
