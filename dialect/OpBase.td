// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Base classes that several op families share.

#ifndef GEMEL_DIALECT_OPBASE_TD
#define GEMEL_DIALECT_OPBASE_TD

include "dialect/Attrs.td"
include "dialect/Interfaces.td"
include "dialect/Types.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Gemel_ElementwiseOp<string mnemonic, dag operands,
                          list<Trait> traits = []>
    : Gemel_Op<mnemonic, !listconcat([
        Pure, DeclareOpInterfaceMethods<Gemel_ElementwiseOpInterface>,
        DeclareOpInterfaceMethods<Gemel_TypedOpInterface, ["coerceOperands"]>],
        traits)> {
  let arguments = !con(operands, (ins UnitAttr:$fast));
  let results = (outs Gemel_AnyValue:$result);
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

class Gemel_BinaryOp<string mnemonic, list<Trait> traits = []>
    : Gemel_ElementwiseOp<mnemonic,
        (ins Gemel_AnyValue:$lhs, Gemel_AnyValue:$rhs), traits>;

class Gemel_UnaryOp<string mnemonic, list<Trait> traits = []>
    : Gemel_ElementwiseOp<mnemonic, (ins Gemel_AnyValue:$operand), traits>;

#endif // GEMEL_DIALECT_OPBASE_TD
