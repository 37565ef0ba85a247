// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The defined functions: fixed f32 sequences, the same bits on every target.

#ifndef GEMEL_DIALECT_FUNCTION_OPS_TD
#define GEMEL_DIALECT_FUNCTION_OPS_TD

include "dialect/OpBase.td"

class Gemel_FunctionOp<string name> : Gemel_Op<name, [
    Pure, Gemel_Gradient,
    DeclareOpInterfaceMethods<Gemel_ElementwiseOpInterface,
                              ["getInstructionCount"]>,
    DeclareOpInterfaceMethods<Gemel_TypedOpInterface, ["coerceOperands"]>]> {
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let arguments = (ins Gemel_AnyValue:$operand, UnitAttr:$fast);
}

/// A function with a second, cheaper definition: `quick(name)(x)`.
class Gemel_QuickFunctionOp<string name> : Gemel_FunctionOp<name> {
  let arguments = (ins Gemel_AnyValue:$operand, UnitAttr:$quick,
                       UnitAttr:$fast);
}

def Gemel_ExpOp : Gemel_QuickFunctionOp<"exp"> {
  let summary = "exp(x), quick(exp)(x)";
  let description = [{
    e^x. +0 far below, subnormal in between, inf far above, NaN for NaN. `quick`
    takes the cheaper definition.

    (C1) the operand is a number, not i1.

    Numerics: the defined sequence, rounding by rounding; its error is bounded.
    ```mlir
    gemel.op @exponential[N](x: f32[N]) -> (y: f32[N], q: f32[N]) {
      y = exp(x)
      q = quick(exp)(x)
    }
    ```
  }];
}
def Gemel_SigmoidOp : Gemel_QuickFunctionOp<"sigmoid"> {
  let summary = "sigmoid(x), 1 / (1 + exp(-x))";
  let description = [{
    1 / (1 + e^-x). `quick` takes the cheaper definition.

    (C1) the operand is a number, not i1.

    Numerics: the defined sequence, rounding by rounding; its error is bounded.
    ```mlir
    gemel.op @gate[N](x: f32[N]) -> (y: f32[N]) {
      y = x * quick(sigmoid)(x)
    }
    ```
  }];
}
def Gemel_TanhOp : Gemel_QuickFunctionOp<"tanh"> {
  let summary = "tanh(x)";
  let description = [{
    Odd, to the bit; ±1 far out. `quick` takes the cheaper definition.

    (C1) the operand is a number, not i1.

    Numerics: the defined sequence, rounding by rounding; its error is bounded.
    ```mlir
    gemel.op @squash[N](x: f32[N]) -> (y: f32[N]) {
      y = tanh(x)
    }
    ```
  }];
}
def Gemel_ErfOp : Gemel_QuickFunctionOp<"erf"> {
  let summary = "erf(x)";
  let description = [{
    The error function. Odd, to the bit; ±1 far out. `quick` takes the cheaper
    definition.

    (C1) the operand is a number, not i1.

    Numerics: the defined sequence, rounding by rounding; its error is bounded.
    ```mlir
    gemel.op @error_function[N](x: f32[N]) -> (y: f32[N]) {
      y = erf(x)
    }
    ```
  }];
}
def Gemel_LogOp : Gemel_FunctionOp<"log"> {
  let summary = "log(x), natural";
  let description = [{
    log(±0) = -inf, NaN below 0, log(1) = +0.

    (C1) the operand is a number, not i1.

    Numerics: the defined sequence, rounding by rounding; its error is bounded.
    ```mlir
    gemel.op @logarithm[N](x: f32[N]) -> (y: f32[N]) {
      y = log(x)
    }
    ```
  }];
}
def Gemel_RsqrtOp : Gemel_FunctionOp<"rsqrt"> {
  let summary = "rsqrt(x), 1 / sqrt(x)";
  let description = [{
    Exact for the powers of four; rsqrt(±0) = ±inf, NaN below 0.

    (C1) the operand is a number, not i1.

    Numerics: the defined sequence, rounding by rounding; its error is bounded.
    ```mlir
    gemel.op @normalise[T, D](x: f32[T, D]) -> (y: f32[T, D]) {
      y = x * rsqrt(sum[D](sq(x)))
    }
    ```
  }];
}
def Gemel_RecipOp : Gemel_FunctionOp<"recip"> {
  let summary = "recip(x), 1 / x";
  let description = [{
    Exact for the powers of two; recip(±0) = ±inf.

    (C1) the operand is a number, not i1.

    Numerics: the defined sequence, rounding by rounding; its error is bounded.
    ```mlir
    gemel.op @share[T, D](x: f32[T, D]) -> (y: f32[T, D]) {
      y = x * recip(sum[D](x))
    }
    ```
  }];
}
def Gemel_SinOp : Gemel_FunctionOp<"sin"> {
  let summary = "sin(x)";
  let description = [{
    Accurate for |x| <= 2^17, beyond only within -1 .. 1.

    (C1) the operand is a number, not i1.

    Numerics: the defined sequence, rounding by rounding; its error is bounded.
    ```mlir
    gemel.op @sine[N](x: f32[N]) -> (y: f32[N]) {
      y = sin(x)
    }
    ```
  }];
}
def Gemel_CosOp : Gemel_FunctionOp<"cos"> {
  let summary = "cos(x)";
  let description = [{
    Accurate for |x| <= 2^17, beyond only within -1 .. 1.

    (C1) the operand is a number, not i1.

    Numerics: the defined sequence, rounding by rounding; its error is bounded.
    ```mlir
    gemel.op @cosine[N](x: f32[N]) -> (y: f32[N]) {
      y = cos(x)
    }
    ```
  }];
}

#endif // GEMEL_DIALECT_FUNCTION_OPS_TD
