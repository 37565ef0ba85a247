// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Positions, sizes, and access by computed index.

#ifndef GEMEL_DIALECT_INDEX_OPS_TD
#define GEMEL_DIALECT_INDEX_OPS_TD

include "dialect/OpBase.td"

def Gemel_PosOp : Gemel_Op<"pos", [Pure,
    DeclareOpInterfaceMethods<Gemel_ElementwiseOpInterface>,
    DeclareOpInterfaceMethods<Gemel_TypedOpInterface>]> {
  let summary = "pos[A]: the position along an axis, i32";
  let description = [{
    The position along axis A: 0 first, an array over A.

    (C1) A is the name of an axis of the operator.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @ramp[N]() -> (y: i32[N]) {
      y = pos[N]
    }
    ```
  }];
  let arguments = (ins StrAttr:$axis);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = "$axis attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Gemel_SizeOp : Gemel_Op<"size", [Pure,
    DeclareOpInterfaceMethods<Gemel_ElementwiseOpInterface>,
    DeclareOpInterfaceMethods<Gemel_TypedOpInterface>]> {
  let summary = "size[A]: the size of an axis, i32";
  let description = [{
    The size of axis A, an array without axes.

    (C1) A is the name of an axis of the operator.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @fraction[N]() -> (y: f32[N]) {
      y = pos[N] / size[N]
    }
    ```
  }];
  let arguments = (ins StrAttr:$axis);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = "$axis attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Gemel_AtOp : Gemel_Op<"at", [Pure, Gemel_Gradient,
    DeclareOpInterfaceMethods<Gemel_TypedOpInterface, ["coerceOperands"]>]> {
  let summary = "at(x, A = e)";
  let description = [{
    Axis A leaves x's axes, e's axes join, aligned by name. An index outside [0,
    size) reads nothing and gives NaN (0 for integers, false for i1).

    (C1) x has axis A. (C2) e is an integer.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @lookup<E: bf16|f32>[T, V, D](w: E[V, D], id: i32[T]) -> (y: E[T, D]) {
      y = at(w, V = id)
    }
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$source, Gemel_AnyValue:$index,
                       StrAttr:$axis, UnitAttr:$fast);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = [{
    $source `[` $axis `=` $index `]` attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Gemel_PutOp : Gemel_Op<"put", [Pure, Gemel_Gradient, Gemel_Placing,
    DeclareOpInterfaceMethods<Gemel_TypedOpInterface, ["coerceOperands"]>]> {
  let summary = "put[T](x, A = e)";
  let description = [{
    Sums x over the axes listed into axis A: position a of the value is the sum,
    in the default order, of the terms whose index e equals a, ascending in
    position over the axes listed (row-major as written). An index outside adds
    nothing; no term gives 0. Axes that are not listed stay, x's and e's aligned
    by name.

    A may be listed itself: then x's positions along A are moved.

    (C1) every axis listed is one of x's or e's. (C2) e is an integer. (C3) A is
    not one of x's axes, unless it is listed. (C4) x is a number, not i1.

    Numerics: one rounding for each addition of two f32, in the default order.
    ```mlir
    gemel.op @scatter[T, V, D](dy: f32[T, D], id: i32[T]) -> (dw: f32[V, D]) {
      dw = put[T](dy, V = id)
    }
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$source, Gemel_AnyValue:$index,
                       ArrayAttr:$axes, StrAttr:$axis, UnitAttr:$fast);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = [{
    $source `[` $axis `=` $index `]` `over` $axes attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // GEMEL_DIALECT_INDEX_OPS_TD
