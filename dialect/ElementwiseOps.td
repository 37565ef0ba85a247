// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elementwise ops: arithmetic, comparison, selection, casts and literals.

#ifndef GEMEL_DIALECT_ELEMENTWISE_OPS_TD
#define GEMEL_DIALECT_ELEMENTWISE_OPS_TD

include "dialect/OpBase.td"

def Gemel_AddOp : Gemel_BinaryOp<"add", [Gemel_Gradient]> {
  let summary = "a + b";
  let description = [{
    a + b. Operands promote i32 < i64 < f32; an integer literal takes its
    partner's type.

    (C1) operands are numbers, not i1.

    Numerics: one rounding, nearest-even; integers wrap.
    ```mlir
    gemel.op @add[N](a: f32[N], b: i32[N]) -> (y: f32[N]) {
      y = a + b
    }
    ```
  }];
  let hasFolder = 1;
}
def Gemel_SubOp : Gemel_BinaryOp<"sub", [Gemel_Gradient]> {
  let summary = "a - b";
  let description = [{
    a - b, as `gemel.add`.

    (C1) operands are numbers, not i1.

    Numerics: one rounding, nearest-even; integers wrap.
    ```mlir
    gemel.op @sub[N](a: i64[N], b: i32[N]) -> (y: i64[N]) {
      y = a - b
    }
    ```
  }];
  let hasFolder = 1;
}
def Gemel_MulOp : Gemel_BinaryOp<"mul", [Gemel_Gradient]> {
  let summary = "a * b";
  let description = [{
    a * b, as `gemel.add`. Never contracted with an addition.

    (C1) operands are numbers, not i1.

    Numerics: one rounding, nearest-even; integers wrap.
    ```mlir
    gemel.op @mul[T, N](a: bf16[T, N], b: f32[N]) -> (y: f32[T, N]) {
      y = a * b
    }
    ```
  }];
  let hasFolder = 1;
}
def Gemel_DivOp : Gemel_BinaryOp<"div", [Gemel_Gradient]> {
  let summary = "a / b";
  let description = [{
    The f32 quotient; integers are converted first.

    (C1) operands are numbers, not i1.

    Numerics: one rounding, nearest-even, after that of a conversion.
    ```mlir
    gemel.op @ratio[N](a: i32[N], b: f32[N]) -> (y: f32[N]) {
      y = a / b
    }
    ```
  }];
  let hasFolder = 1;
}
def Gemel_FloorDivOp : Gemel_BinaryOp<"floor_div"> {
  let summary = "div(a, b)";
  let description = [{
    Integer division rounding towards minus infinity; by 0 it gives 0; the
    smallest integer by -1 wraps.

    (C1) operands are integers.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @quotient[N](a: i32[N], b: i32[N]) -> (y: i32[N]) {
      y = div(a, b)
    }
    ```
  }];
}
def Gemel_ModOp : Gemel_BinaryOp<"mod"> {
  let summary = "mod(a, b)";
  let description = [{
    a - b * div(a, b), so its sign is b's; by 0 it gives 0.

    (C1) operands are integers.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @parity[N](a: i32[N]) -> (y: i32[N]) {
      y = mod(a, 2)
    }
    ```
  }];
}
def Gemel_MaxOp : Gemel_BinaryOp<"max", [Gemel_Gradient]> {
  let summary = "max(a, b)";
  let description = [{
    The greater one. f32: IEEE-754-2019 maximum (NaN wins, +0 > -0).

    (C1) operands are numbers, not i1.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @relu<E: bf16|f32>[N](x: E[N]) -> (y: E[N]) {
      y = max(x, 0.0)
    }
    ```
  }];
  let hasFolder = 1;
}
def Gemel_MinOp : Gemel_BinaryOp<"min", [Gemel_Gradient]> {
  let summary = "min(a, b)";
  let description = [{
    The smaller one. f32: IEEE-754-2019 minimum (NaN wins, -0 < +0).

    (C1) operands are numbers, not i1.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @clip[N](x: f32[N], limit: f32) -> (y: f32[N]) {
      y = min(x, limit)
    }
    ```
  }];
  let hasFolder = 1;
}
def Gemel_AndOp : Gemel_BinaryOp<"and"> {
  let summary = "a and b";
  let description = [{
    True where both are.

    (C1) both operands are i1.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @both[N](a: i1[N], b: i1[N]) -> (y: i1[N]) {
      y = a and b
    }
    ```
  }];
  let hasFolder = 1;
}
def Gemel_OrOp : Gemel_BinaryOp<"or"> {
  let summary = "a or b";
  let description = [{
    True where one is, or both.

    (C1) both operands are i1.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @either[N](a: i1[N], b: i1[N]) -> (y: i1[N]) {
      y = a or b
    }
    ```
  }];
  let hasFolder = 1;
}
def Gemel_NotOp : Gemel_UnaryOp<"not"> {
  let summary = "not a";
  let description = [{
    True where the operand is false.

    (C1) the operand is i1.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @inverse[N](a: i1[N]) -> (y: i1[N]) {
      y = not a
    }
    ```
  }];
  let hasFolder = 1;
}
def Gemel_NegOp : Gemel_UnaryOp<"neg", [Gemel_Gradient]> {
  let summary = "-x";
  let description = [{
    f32: the sign bit flips (also of a NaN). Integers wrap.

    (C1) the operand is a number, not i1.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @negative[N](x: f32[N]) -> (y: f32[N]) {
      y = -x
    }
    ```
  }];
  let hasFolder = 1;
}
def Gemel_AbsOp : Gemel_UnaryOp<"abs", [Gemel_Gradient]> {
  let summary = "abs(x)";
  let description = [{
    f32: the sign bit is cleared. Integers: the smallest one stays.

    (C1) the operand is a number, not i1.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @magnitude[N](x: f32[N]) -> (y: f32[N]) {
      y = abs(x)
    }
    ```
  }];
}
def Gemel_SqOp : Gemel_UnaryOp<"sq", [Gemel_Gradient]> {
  let summary = "sq(x), x * x";
  let description = [{
    x * x.

    (C1) the operand is a number, not i1.

    Numerics: one rounding, nearest-even; integers wrap.
    ```mlir
    gemel.op @square[N](x: f32[N]) -> (y: f32[N]) {
      y = sq(x)
    }
    ```
  }];
}
def Gemel_SqrtOp : Gemel_UnaryOp<"sqrt", [Gemel_Gradient]> {
  let summary = "sqrt(x)";
  let description = [{
    The f32 square root, correctly rounded; integers are converted first.

    (C1) the operand is a number, not i1.

    Numerics: one rounding, nearest-even, after that of a conversion.
    ```mlir
    gemel.op @root[N](x: f32[N]) -> (y: f32[N]) {
      y = sqrt(x)
    }
    ```
  }];
}
def Gemel_StopOp : Gemel_UnaryOp<"stop", [Gemel_Gradient]> {
  let summary = "stop(x): x with gradient zero";
  let description = [{
    x itself; the derived backward takes its gradient as zero.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @shifted[T, N](x: f32[T, N]) -> (y: f32[T, N]) {
      y = x - stop(max[N](x))
    }
    ```
  }];
}

def Gemel_RelayoutOp : Gemel_UnaryOp<"relayout"> {
  let summary = "x with another memory order";
  let description = [{
    x itself, whose axes the result lists in another order: the one it has in
    memory where it crosses launches. Not written in the language: `relayout`
    puts it before what reads along another axis than the last.

    Numerics: exact, it rounds nothing.
    ```mlir
    "gemel.op"() <{sym_name = "columns", dtype_variables = [],
      axes = [#gemel.axis<name = "K">, #gemel.axis<name = "N">],
      parameters = [#gemel.argument<name = "w", dtype = "f32", axes = ["K", "N"]>],
      results_ = [#gemel.argument<name = "t", dtype = "f32", axes = ["N", "K"]>]}> ({
    ^bb0(%w: !gemel.array<[K, N] f32>):
      %t = gemel.relayout %w : (!gemel.array<[K, N] f32>) -> !gemel.array<[N, K] f32>
      gemel.return %t : !gemel.array<[N, K] f32>
    }) : () -> ()
    ```
  }];
}

def Gemel_CompareOp : Gemel_ElementwiseOp<"compare",
    (ins Gemel_CompareKind:$kind, Gemel_AnyValue:$lhs, Gemel_AnyValue:$rhs)> {
  let summary = "a < b, a <= b, a > b, a >= b, a == b, a <> b";
  let description = [{
    Gives i1. Any comparison with NaN is false but `<>`, which is true. Operands
    promote as in arithmetic.

    (C1) operands are numbers, not i1.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @is_nan[N](x: f32[N]) -> (y: i1[N]) {
      y = x <> x
    }
    ```
  }];
  let assemblyFormat = [{
    $kind operands attr-dict `:` functional-type(operands, results)
  }];
}

def Gemel_WhereOp : Gemel_ElementwiseOp<"where",
    (ins Gemel_AnyValue:$condition, Gemel_AnyValue:$onTrue,
         Gemel_AnyValue:$onFalse), [Gemel_Gradient]> {
  let summary = "where(c, a, b)";
  let description = [{
    a where c holds, else b; selected, never computed with. The branches promote
    as in arithmetic, or both are i1. Two branches of one narrow type, or one
    and a literal 0, stay narrow, so that a masked operand of a `dot` does.

    (C1) c is i1. (C2) the branches are both numbers or both i1.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @mask[T, N](x: f32[T, N], keep: i1[N]) -> (y: f32[T, N]) {
      y = where(keep, x, -inf)
    }
    ```
  }];
  let hasFolder = 1;
}

def Gemel_WidenOp : Gemel_UnaryOp<"widen", [Gemel_Gradient]> {
  let summary = "exact widening of a narrow value; written as nothing";
  let description = [{
    bf16 and f16 to f32, u8 to i32, i32 to i64. Inserted where an operator is
    typed; the text does not show it.

    (C1) the operand is bf16, f16, u8 or i32.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @widened[N](x: bf16[N]) -> (y: f32[N]) {
      y = x
    }
    ```
  }];
}
def Gemel_ConvertOp : Gemel_UnaryOp<"convert"> {
  let summary = "integer to f32, nearest-even; written as nothing";
  let description = [{
    An integer as f32. Inserted where an integer meets an f32.

    (C1) the operand is i32 or i64.

    Numerics: one rounding, nearest-even.
    ```mlir
    gemel.op @scaled_position[N](scale: f32) -> (y: f32[N]) {
      y = scale * pos[N]
    }
    ```
  }];
}
def Gemel_CastOp : Gemel_ElementwiseOp<"cast",
    (ins Gemel_AnyValue:$operand, StrAttr:$dtype), [Gemel_Gradient]> {
  let summary = "bf16(x), i32(x), E(x): a rounding point";
  let description = [{
    `dtype` is a dtype's word or a dtype variable. f32 to integer truncates and
    saturates, NaN gives 0; to bf16 and f16 nearest-even; integer to f32
    nearest-even; between integers the low bits are kept.

    (C1) i1 is neither cast nor cast to. (C2) `dtype` is a dtype's word, or a
    dtype variable before instantiation.

    Numerics: a rounding point that every schedule honours.
    ```mlir
    gemel.op @through_bf16[N](x: f32[N]) -> (y: f32[N]) {
      y = bf16(x) * 2.0
    }
    ```
  }];
  let assemblyFormat = [{
    $dtype operands attr-dict `:` functional-type(operands, results)
  }];
  let hasFolder = 1;
}

def Gemel_ConstantOp : Gemel_Op<"constant", [Pure, ConstantLike,
    DeclareOpInterfaceMethods<Gemel_ElementwiseOpInterface>,
    DeclareOpInterfaceMethods<Gemel_TypedOpInterface>]> {
  let summary = "a literal";
  let description = [{
    A decimal literal goes through f64 to f32. An integer literal is i32 alone
    and takes its partner's type. `inf`, `nan`, `true`, `false` are literals.

    (C1) the value is a number or a truth of the language's element types.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @halve[N](x: f32[N]) -> (y: f32[N]) {
      y = x * 0.5
    }
    ```
  }];
  let arguments = (ins TypedAttrInterface:$value);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = "$value attr-dict `:` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

#endif // GEMEL_DIALECT_ELEMENTWISE_OPS_TD
