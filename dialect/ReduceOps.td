// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that run over axes their value does not have.

#ifndef GEMEL_DIALECT_REDUCE_OPS_TD
#define GEMEL_DIALECT_REDUCE_OPS_TD

include "dialect/OpBase.td"

def Gemel_ReduceOp : Gemel_Op<"reduce", [
    Pure, Gemel_Gradient, DeclareOpInterfaceMethods<Gemel_ReductionOpInterface,
                                    ["getCutLength", "cut"]>,
    DeclareOpInterfaceMethods<Gemel_TypedOpInterface, ["coerceOperands"]>]> {
  let summary = "sum[A](x), prod, max, min, any, all, mean, argmax";
  let description = [{
    Combines the terms over the axes listed, which are one axis, row-major as
    written. Order: `#gemel.order`. Empty: sum 0.0, prod 1.0, max -inf, min
    +inf, any false, all true, mean NaN, argmax 0. `mean[A](x)` is `sum[A](x) /
    f32(size)`. argmax: the first position of the largest term, NaN largest.
    Integer sums wrap.

    `max[A: blocks n](s)` is a running max: `sum[A: blocks n]` and `dot[A:
    blocks n]` over operands that contain it in one factor exp(s - m) are
    rescaled from block to block.

    (C1) every axis listed is one of the operand's. (C2) no axis is listed
    twice, and one at least is. (C3) any and all take i1, the others numbers.
    (C4) mean, argmax, any and all take one order: the default.

    Numerics: one rounding for each combination of two f32, in the order that is
    written; `free` alone leaves the order open.
    ```mlir
    gemel.op @rows[T, D](x: bf16[T, D]) -> (s: f32[T], m: f32[T], i: i32[T]) {
      s = sum[D: blocks 128](x)
      m = max[D](x)
      i = argmax[D](x)
    }
    ```
  }];
  let arguments = (ins Gemel_ReduceKind:$kind, Gemel_AnyValue:$operand,
                       ArrayAttr:$axes, Gemel_OrderAttr:$order,
                       UnitAttr:$fast);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = [{
    $kind $operand `over` $axes `order` $order attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Gemel_DotOp : Gemel_Op<"dot", [
    Pure, Gemel_Gradient, DeclareOpInterfaceMethods<Gemel_ReductionOpInterface,
                                    ["isContraction"]>,
    DeclareOpInterfaceMethods<Gemel_TypedOpInterface, ["coerceOperands"]>]> {
  let summary = "dot[A](a, b)";
  let description = [{
    Sums the products over the axes listed, in f32 from the first product,
    ascending; other shared axes are batch axes. Narrow operands (a parameter of
    an 8/16-bit type, `at` or `where(c, n, 0)` of one, or a cast to such a type)
    go to the target's matrix unit; f32 operands, and all operands on cpu and
    reference, are one chain acc = fma(a_k, b_k, acc) from acc = +0. `dot[A:
    blocks n]`: each block of n is a chain from +0, block results one ascending
    chain of additions.

    (C1) every axis listed is an axis of both operands. (C2) no axis is listed
    twice, and one at least is. (C3) operands are numbers: both bf16 or both
    f16, else both as f32.

    Numerics: one rounding a term (fma) on cpu and reference; the value is
    matrix class, the same bits on one target.
    ```mlir
    gemel.op @matmul<E: bf16|f32>[M, N, K](a: E[M, K], b: E[K, N]) -> (y: E[M, N]) {
      y = dot[K](a, b)
    }
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$lhs, Gemel_AnyValue:$rhs,
                       ArrayAttr:$axes, Gemel_OrderAttr:$order,
                       UnitAttr:$fast);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = [{
    operands `over` $axes `order` $order attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Gemel_PartialReduceOp : Gemel_Op<"partial_reduce", [
    Pure, DeclareOpInterfaceMethods<Gemel_ReductionOpInterface,
                                    ["getRunAxis", "getRunLength"]>]> {
  let summary = "one value of each aligned run of terms";
  let description = [{
    What a split reduction leaves to its first launch: the terms over the axes
    listed, taken as one, in runs of `length`; each run is combined in the
    default order and stands at its number along `runs`, an axis that the
    operator declares with `runs` and `of`. Not written in the language.

    Numerics: exact, the runs meet as the whole reduction's terms do.

    (C1) every axis listed is one of the operand's. (C2) the length is a power
    of two. (C3) the result has the operand's axes without those listed, and
    the axis of runs.
    ```mlir
    "gemel.op"() <{sym_name = "total", dtype_variables = [],
      axes = [#gemel.axis<name = "N">,
              #gemel.axis<name = "N.256", runs = 256, of = ["N"]>],
      parameters = [#gemel.argument<name = "x", dtype = "f32", axes = ["N"]>],
      results_ = [#gemel.argument<name = "y", dtype = "f32", axes = []>]}> ({
    ^bb0(%x: !gemel.array<[N] f32>):
      %0 = gemel.partial_reduce sum %x over ["N"] runs "N.256" 256 : (!gemel.array<[N] f32>) -> !gemel.array<[N.256] f32>
      %y = gemel.reduce sum %0 over ["N.256"] order <default> : (!gemel.array<[N.256] f32>) -> !gemel.array<[] f32>
      gemel.return %y : !gemel.array<[] f32>
    }) : () -> ()
    ```
  }];
  let arguments = (ins Gemel_ReduceKind:$kind, Gemel_AnyValue:$operand,
                       ArrayAttr:$axes, StrAttr:$runs, I64Attr:$length,
                       UnitAttr:$fast);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = [{
    $kind $operand `over` $axes `runs` $runs $length attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // GEMEL_DIALECT_REDUCE_OPS_TD
