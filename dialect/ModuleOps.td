// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The three kinds of item (operator, plan, check) and their statements.

#ifndef GEMEL_DIALECT_MODULE_OPS_TD
#define GEMEL_DIALECT_MODULE_OPS_TD

include "dialect/OpBase.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Gemel_OpOp : Gemel_Op<"op", [IsolatedFromAbove, Symbol,
    SingleBlock, RegionKindInterface]> {
  let summary = "an operator";
  let description = [{
    Header: dtype variables with their closed sets, axes with their facts,
    parameters and results with their memory order. Body: statements, one a
    line, each giving a name its value; inside, a value of an operator that is
    not instantiated is untyped.

    (C1) names of axes, of dtype variables, and of parameters with results are
    unique. (C2) every axis of a parameter or result is declared. (C3) every
    result is given once; inout parameters may be given again and again. (C4) a
    value given to a result has no axis that the result lacks. (C5) a result's
    element is its declared type's, or rounds to it at the border. (C6) every axis
    that the body names is declared.

    Numerics: results round once, at the border, to their declared type.
    ```mlir
    gemel.op @rms_norm<E: bf16|f16|f32>[T, D](x: E[T, D], w: E[D], eps: f32 = 1.0e-6) -> (y: E[T, D]) {
      save r = rsqrt(mean[D](sq(x)) + eps)
      y = x * r * w
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
    OptionalAttr<StrAttr>:$sym_visibility,
    ArrayAttr:$dtype_variables, ArrayAttr:$axes, ArrayAttr:$parameters,
    ArrayAttr:$results_, OptionalAttr<ArrayAttr>:$bindings,
    UnitAttr:$malformed);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// Index of an axis of the header, or -1.
    int64_t findAxis(::llvm::StringRef name);
    AxisAttr getAxis(int64_t i) {
      return ::llvm::cast<AxisAttr>(getAxes()[i]);
    }
    ArgumentAttr getParameter(int64_t i) {
      return ::llvm::cast<ArgumentAttr>(getParameters()[i]);
    }
    ArgumentAttr getResultArgument(int64_t i) {
      return ::llvm::cast<ArgumentAttr>(getResults_()[i]);
    }
    /// What operand `i` of the return is stored to: a result, or an inout.
    ArgumentAttr getStoredArgument(int64_t i) {
      int64_t results = getResults_().size();
      return i < results ? getResultArgument(i)
                         : getParameter(getInouts()[i - results]);
    }
    /// Adds the sizes of the axes of runs to those of the header's axes.
    void addRunSizes(::llvm::StringMap<int64_t> &sizes);
    /// The one axis that an axis of runs cuts; null for other axes.
    ::mlir::StringAttr getCutAxis(::mlir::StringAttr runs);
    /// The indices of the inout parameters.
    ::llvm::SmallVector<int64_t> getInouts();
    /// True once every value of the body has its type.
    bool isTyped();
    static ::mlir::RegionKind getRegionKind(unsigned) {
      return ::mlir::RegionKind::SSACFG;
    }
  }];
}

def Gemel_ReturnOp : Gemel_Op<"return", [Terminator,
    HasParent<"::gemel::OpOp">]> {
  let summary = "what an operator gives: results in header order, then inouts";
  let description = [{
    Not written as such: a statement that names a result or an inout gives its
    value.

    Numerics: rounding to the declared type happens here, once.
    ```mlir
    gemel.op @copy[N](x: f32[N]) -> (y: f32[N]) {
      y = x
    }
    ```
  }];
  let arguments = (ins Variadic<Gemel_AnyValue>:$values);
  let assemblyFormat = "operands attr-dict `:` type(operands)";
}

def Gemel_SaveOp : Gemel_Op<"save", []> {
  let summary = "save x = e: keep a value for the backward pass";
  let description = [{
    Adds x to the training variant's results, unrounded, or narrow if e is a
    cast.

    (C1) x is a name. (C2) a name is saved once.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @saved[T, D](x: f32[T, D]) -> (y: f32[T, D]) {
      save r = rsqrt(mean[D](sq(x)))
      y = x * r
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, Gemel_AnyValue:$value);
  let assemblyFormat = "$name $value attr-dict `:` type($value)";
  let hasVerifier = 1;
}

def Gemel_GradOp : Gemel_Op<"grad", []> {
  let summary = "grad x = e, grad w by blocks n: a gradient, overridden";
  let description = [{
    With a value, overrides the gradient of parameter x; names in it are
    parameters, saved names and d(y). With an order, puts that order on the
    derived reduction.

    (C1) exactly one of the two stands. (C2) x is a parameter. (C3) x is an
    array of floats, for others have no gradient. (C4) each of the two stands
    once for a parameter.

    Numerics: none on the operator itself; the derived backward computes what is
    written.
    ```mlir
    gemel.op @hard_clip[N](x: f32[N]) -> (y: f32[N]) {
      y = min(max(x, -1.0), 1.0)
      grad x = d(y)
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, Optional<Gemel_AnyValue>:$value,
                       OptionalAttr<Gemel_OrderAttr>:$order);
  let assemblyFormat =
      "$name ($value^ `:` type($value))? (`by` $order^)? attr-dict";
  let hasVerifier = 1;
}

def Gemel_CotangentOp : Gemel_Op<"cotangent", [Pure]> {
  let summary = "d(y): the incoming gradient of result y";
  let description = [{
    The gradient that comes in for result y, f32 over y's axes.

    (C1) it stands in a `grad` statement. (C2) y is a result.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @pass_through[N](x: f32[N]) -> (y: f32[N]) {
      y = sq(x)
      grad x = d(y) * 0.5
    }
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
}

def Gemel_RequireOp : Gemel_Op<"require", []> {
  let summary = "require c: what sizes and by-value scalars must satisfy";
  let description = [{
    Checked at compile time where known, else at launch.

    (C1) c is i1 without axes. (C2) it speaks of sizes, by-value scalars and
    literals only.

    Numerics: exact, it rounds nothing.
    ```mlir
    gemel.op @tail[S, L](x: f32[L]) -> (y: f32[S]) {
      require size[L] >= size[S]
      y = at(x, L = pos[S] + (size[L] - size[S]))
    }
    ```
  }];
  let arguments = (ins Gemel_AnyValue:$condition);
  let assemblyFormat = "$condition attr-dict `:` type($condition)";
  let hasVerifier = 1;
}

def Gemel_CallOp : Gemel_Op<"call", []> {
  let summary = "f(x), f[A = B](x): another operator by name";
  let description = [{
    Arguments bind dtype variables by the value's type and axes by name;
    `renames` are pairs callee axis, caller axis. Axes the callee does not know
    are mapped over. Inlined before anything else.

    (C1) the callee has one result. (C2) a call of an operator by itself,
    directly or not, is refused. (C3) an argument is its parameter's type
    without a rounding.

    Numerics: what the callee's text says; its result rounds to its declared
    type where that is narrow, an argument never does.
    ```mlir
    gemel.op @twice<E: bf16|f32>(x: E) -> (y: E) {
      y = x + x
    }
    gemel.op @quadruple<E: bf16|f32>[N](x: E[N]) -> (y: E[N]) {
      y = twice(twice(x))
    }
    ```
  }];
  let arguments = (ins StrAttr:$callee, Variadic<Gemel_AnyValue>:$arguments,
                       ArrayAttr:$renames, UnitAttr:$fast);
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat = [{
    $callee `(` $arguments `)` `rename` $renames attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Gemel_CheckOp : Gemel_Op<"check", [SingleBlock, NoTerminator,
    RegionKindInterface]> {
  let summary = "proof obligations of an operator";
  let description = [{
    Cases (sizes, and known inputs with their expected values), a tolerance for
    matrix results, and what must hold: `repeat` (the same bits twice), `batch`
    (a row's bits do not depend on the other rows), `tile` (nor on the plan),
    `vendor` (nor on the target).

    (C1) `op` is a name. (C2) only `case`, `tol` and `must` stand in it.

    Numerics: none, it compares.
    ```mlir
    gemel.op @double[N](x: f32[N]) -> (y: f32[N]) {
      y = x + x
    }
    gemel.check @double {
      case N = 3
        given x = [1.0, 0xFF800000, nan]
        expect y = [2.0, -inf, nan]
      must repeat batch tile vendor
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$op);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::mlir::RegionKind getRegionKind(unsigned) {
      return ::mlir::RegionKind::Graph;
    }
  }];
}

def Gemel_CaseOp : Gemel_Op<"case", [HasParent<"CheckOp">]> {
  let summary = "sizes, and arrays with known values, of one check";
  let description = [{
    `sizes` are pairs of an axis and its size. `given` and `expect` are pairs of
    an argument's name and its elements, row-major, each a number as written: a
    decimal, `inf`, `nan`, or `0x` and the bits of the element.

    (C1) a size is a name and an integer from 0. (C2) an array is a name and its
    elements as written. (C3) it lists one size or one array at least.

    Numerics: none, it compares.
    ```mlir
    gemel.op @same[N](x: bf16[N]) -> (y: bf16[N]) {
      y = x
    }
    gemel.check @same {
      case N = 2
        given x = [0x3F80, -0.0]
        expect y = [1.0, 0x8000]
      case N = 1000
    }
    ```
  }];
  let arguments = (ins ArrayAttr:$sizes, ArrayAttr:$given, ArrayAttr:$expect);
  let assemblyFormat = "$sizes $given $expect attr-dict";
  let hasVerifier = 1;
}

def Gemel_TolOp : Gemel_Op<"tol", [HasParent<"CheckOp">]> {
  let summary = "tol E ulp n: the tolerance of matrix results";
  let description = [{
    |y - ref64| <= n ulp_E(max(|ref64|, rms of ref64 over the result)).

    (C1) E is a dtype, n an integer from 0.

    Numerics: none, it compares.
    ```mlir
    gemel.op @inner[N](x: f32[N]) -> (y: f32[]) {
      y = dot[N](x, x)
    }
    gemel.check @inner {
      case N = 77
      tol f32 ulp 8
    }
    ```
  }];
  let arguments = (ins StrAttr:$dtype, I64Attr:$ulp);
  let assemblyFormat = "$dtype `ulp` $ulp attr-dict";
  let hasVerifier = 1;
}

def Gemel_MustOp : Gemel_Op<"must", [HasParent<"CheckOp">]> {
  let summary = "must repeat batch tile vendor";
  let description = [{
    What a check proves beside the values: see `gemel.check`.

    (C1) it lists one or more of `repeat batch tile vendor`, in this
    order.

    Numerics: none, it compares.
    ```mlir
    gemel.op @plain[N](x: f32[N]) -> (y: f32[N]) {
      y = x
    }
    gemel.check @plain {
      case N = 9
      must repeat vendor
    }
    ```
  }];
  let arguments = (ins ArrayAttr:$obligations);
  let assemblyFormat = "$obligations attr-dict";
  let hasVerifier = 1;
}

def Gemel_PlanOp : Gemel_Op<"plan", [SingleBlock, NoTerminator,
    RegionKindInterface]> {
  let summary = "speed: how an operator's groups are laid on one chip";
  let description = [{
    Optional. `tile A = n` sets how many positions of axis A one step holds.

    (C1) `op` and `chip` are names. (C2) only `tile` stands in it.

    Numerics: none: no plan changes a bit of a result.
    ```mlir
    gemel.op @doubled[T, N](x: f32[T, N]) -> (y: f32[T, N]) {
      y = x + x
    }
    gemel.plan @doubled for cpu {
      tile N = 32
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$op, StrAttr:$chip);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::mlir::RegionKind getRegionKind(unsigned) {
      return ::mlir::RegionKind::Graph;
    }
  }];
}

def Gemel_PlanTileOp : Gemel_Op<"plan_tile", [HasParent<"PlanOp">]> {
  let summary = "tile A = n";
  let description = [{
    How many positions of axis A one step holds.

    (C1) n is a power of two from 1 to 65536, so that a reduced axis is cut at
    aligned runs. (C2) A is a name.

    Numerics: none: aligned runs are combined on their own in every order.
    ```mlir
    gemel.op @negated[N](x: f32[N]) -> (y: f32[N]) {
      y = -x
    }
    gemel.plan @negated for cpu {
      tile N = 16
    }
    ```
  }];
  let arguments = (ins StrAttr:$axis, I64Attr:$extent);
  let assemblyFormat = "$axis `=` $extent attr-dict";
  let hasVerifier = 1;
}

#endif // GEMEL_DIALECT_MODULE_OPS_TD
