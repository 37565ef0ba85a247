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
    no plan changes a result. Numerics: none of its own.

    (C1) a plan's work axes are axes of every value that is yielded and of
    every reduction inside, so that no work item needs another's terms. (C2) a
    step along an axis that is reduced in the default order is a power of two.
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
    ParentOneOf<["GroupOp", "ForOp"]>]> {
  let summary = "what a group stores, what a loop combines or carries";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Gemel_KernelOp : Gemel_Op<"kernel", [IsolatedFromAbove, Symbol,
    SingleBlock, NoTerminator]> {
  let summary = "one launch, tiled";
  let description = [{
    Block arguments: the operator's arguments in header order, then its
    workspaces, as arrays in memory order (by-value scalars as arrays without
    axes). `work` lists the axes that work items walk, with their steps; the
    body runs once a work item, its position block arguments come last, one
    index for each work axis.
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
  let arguments = (ins StrAttr:$axis);
  let results = (outs Index:$result);
  let assemblyFormat = "$axis attr-dict";
}

def Gemel_ForOp : Gemel_Op<"for", [SingleBlock]> {
  let summary = "a loop over positions of an axis, combining or carrying";
  let description = [{
    Runs from `lower` to `upper` in steps; the last piece may be short. Result
    i is, as `combine[i]` says: `carry` (init i, then what the body yields), or
    the ordered combination of what the body yields over all positions: `sum`,
    `prod`, `max`, `min`, `any`, `all`, `argmax`, or, of two yielded values,
    `dot` and `sum_if` (the second where the first is true). Where the yielded
    tile has axis `axis`, its positions are terms too, and positions at or past
    `upper` are not. `argmax` gives the term's position. (C1) a step over an
    axis that is combined in the default order is a power of two.
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
    One position for each axis of the array: an index (the tile's first
    position along that axis, or its only one), or a tile of integers, which
    places each element on its own. Positions outside the array read nothing:
    NaN, 0 or false. `narrow` values stay as stored.
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
  }];
  let arguments = (ins Gemel_AnyValue:$tile, Gemel_AnyValue:$array,
                       Variadic<Index>:$positions,
                       DenseI64ArrayAttr:$extents);
  let assemblyFormat = [{
    $tile `,` $array (`[` $positions^ `]`)? `extents` $extents attr-dict
    `:` type($tile) `,` type($array)
  }];
}

def Gemel_IotaOp : Gemel_Op<"iota", [Pure]> {
  let summary = "positions of an axis from a first one, i32 or i64";
  let arguments = (ins Index:$first);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = "$first attr-dict `:` type($result)";
}

def Gemel_ReadIndexOp : Gemel_Op<"read_index", [Pure]> {
  let summary = "an integer tile of one element as an index";
  let arguments = (ins Gemel_AnyValue:$value);
  let results = (outs Index:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}


#endif // GEMEL_DIALECT_TILE_OPS_TD
