// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What passes may ask an op.

#ifndef GEMEL_DIALECT_INTERFACES_TD
#define GEMEL_DIALECT_INTERFACES_TD

include "mlir/IR/OpBase.td"

def Gemel_TypedOpInterface : OpInterface<"TypedOpInterface"> {
  let description = [{
    How an op types its value: which operand types it wants, and what axes and
    elements come out. One rule serves the parser, the verifier and the
    instantiation of dtype variables.
  }];
  let cppNamespace = "::gemel";
  let methods = [
    InterfaceMethod<[{
      Changes the operands' elements to the ones this op works on, inserting
      `gemel.widen`, `gemel.convert` and typed literals before it. Reports and
      fails where the language has no such change.
    }], "::llvm::LogicalResult", "coerceOperands", (ins),
    /*methodBody=*/"", /*defaultImplementation=*/"return ::llvm::success();">,
    InterfaceMethod<[{
      The type of the one result for the operands as they are, or failure
      after a report through `emitError`.
    }], "::llvm::FailureOr<::mlir::Type>", "inferType", (ins)>,
  ];
}

def Gemel_ElementwiseOpInterface : OpInterface<"ElementwiseOpInterface"> {
  let description = [{
    The value at a point depends on the operands at that point only. Tiles by
    itself: the same op on tiles of the operands gives the tile of the value.
  }];
  let cppNamespace = "::gemel";
  let methods = [
    InterfaceMethod<"Instructions an element costs on a vector unit that has "
                    "none of the functions (f32 operations of the definition).",
      "int64_t", "getInstructionCount", (ins), "", "return 1;">,
  ];
}

def Gemel_ReductionOpInterface : OpInterface<"ReductionOpInterface"> {
  let description = [{
    The op runs over axes that its value does not have, combining one term (or
    one product of two) a point in a fixed order.
  }];
  let cppNamespace = "::gemel";
  let methods = [
    InterfaceMethod<"The axes that are reduced, major first.",
      "::llvm::SmallVector<::mlir::StringAttr>", "getReducedAxes", (ins)>,
    InterfaceMethod<"The order of combination.",
      "::gemel::OrderAttr", "getReductionOrder", (ins)>,
    InterfaceMethod<"How a loop over tiles combines what it yields: `sum`, "
                    "`max`, …, `dot`.",
      "::llvm::StringRef", "getCombine", (ins)>,
    InterfaceMethod<"True if the terms are products that a matrix unit forms.",
      "bool", "isContraction", (ins), "", "return false;">,
    InterfaceMethod<[{
      True if aligned runs of terms along `axis` meet in pairs: a step of a
      power of two has whole ones.
    }], "bool", "pairsAlong", (ins "::mlir::StringAttr":$axis), "", [{
      return !$_op.isContraction() &&
             $_op.getReductionOrder().getKind() != ::gemel::OrderKind::Serial &&
             llvm::is_contained($_op.getReducedAxes(), axis);
    }]>,
    InterfaceMethod<"If the value is one of each aligned run of terms: the "
                    "axis of runs; else null.",
      "::mlir::StringAttr", "getRunAxis", (ins), "", "return {};">,
    InterfaceMethod<"Terms of a run.", "int64_t", "getRunLength", (ins), "",
      "return 0;">,
    InterfaceMethod<[{
      The run length at which launches may cut the reduction: `wanted`, or
      another that its order has borders at; 0 if it has none.
    }], "int64_t", "getCutLength", (ins "int64_t":$wanted), "", "return 0;">,
    InterfaceMethod<[{
      Builds, at the builder's point, the same value in two steps: one value
      of each run of `length` terms, along `runAxis`, then their combination,
      which is returned. `length` is one that `getCutLength` gave. The bits
      are the same.
    }], "::mlir::Value", "cut",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::StringAttr":$runAxis,
           "int64_t":$length), "", "return {};">,
  ];
}

def Gemel_PlacingOpInterface : OpInterface<"PlacingOpInterface"> {
  let description = [{
    Each position of the value is made of positions that may stand anywhere,
    by loops of the op's own: it is stored for itself, and what it reads is
    there before.
  }];
  let cppNamespace = "::gemel";
  let methods = [
    InterfaceMethod<"The axis along which positions may be made side by side, "
                    "or null.",
      "::mlir::StringAttr", "getSideAxis", (ins)>,
    InterfaceMethod<"The axes whose sizes, multiplied, are the steps it takes; "
                    "one that counts twice stands twice.",
      "::llvm::SmallVector<::mlir::StringAttr>", "getStepAxes", (ins)>,
    InterfaceMethod<"True if one launch may make this value and another's.",
      "bool", "joins", (ins "::mlir::Operation *":$other), "",
      "return false;">,
  ];
}
defvar Gemel_Placing = DeclareOpInterfaceMethods<Gemel_PlacingOpInterface>;

def Gemel_GradientOpInterface : OpInterface<"GradientOpInterface"> {
  let description = [{
    The op's vector-Jacobian product: what reaches its operands of the gradient
    that reaches its value. Only floats carry gradients, so ops that give or
    take integers alone need none.
  }];
  let cppNamespace = "::gemel";
  let methods = [
    InterfaceMethod<[{
      What reaches operand number `operand` of `d`, the gradient of the value:
      f32, or null where nothing does. `d` may lack axes of the value, and the
      answer axes of the operand: they are broadcast. Axes beyond the operand's
      are summed by the caller. Fails after a report.
    }], "::llvm::FailureOr<::mlir::Value>", "gradient",
      (ins "::gemel::GradientBuilder &":$build, "unsigned":$operand,
           "::mlir::Value":$d)>,
  ];
}
defvar Gemel_Gradient = DeclareOpInterfaceMethods<Gemel_GradientOpInterface>;

#endif // GEMEL_DIALECT_INTERFACES_TD
