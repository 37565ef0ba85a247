// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The gemel dialect: its record and the base classes of its ops.

#ifndef GEMEL_DIALECT_DIALECT_TD
#define GEMEL_DIALECT_DIALECT_TD

include "mlir/IR/OpBase.td"

def Gemel_Dialect : Dialect {
  let name = "gemel";
  let cppNamespace = "::gemel";
  let summary = "operators as mathematics over named axes";
  let description = [{
    A `gemel.op` is an operator as its author writes it: element types, named
    axes, parameters, results and a body of expressions on whole arrays. What
    the text fixes (rounding points, reduction order, what is saved for the
    backward pass) holds for every target and every plan; what it does not say
    (grid, tile, memory, vendor) is the compiler's.

    A body value's axes are a set: elementwise work aligns them by name and
    broadcasts what is missing. Values in a body are f32, i32, i64 or i1;
    reading a parameter of a narrower type widens exactly. `+ - * / sqrt` are
    single IEEE operations, nearest-even, subnormals kept, never contracted.

    An operator as written is untyped inside (its dtype variables are open).
    Instantiating it for one binding of its dtype variables types every value.
  }];
  let hasConstantMaterializer = 1;
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    void registerTypes();
    void registerAttributes();
    // Each family registers its own ops, beside their definitions.
    void registerModuleOps();
    void registerElementwiseOps();
    void registerFunctionOps();
    void registerReduceOps();
    void registerIndexOps();
    void registerSortOps();
    void registerTileOps();
  }];
}

class Gemel_Op<string mnemonic, list<Trait> traits = []>
    : Op<Gemel_Dialect, mnemonic, traits>;

#endif // GEMEL_DIALECT_DIALECT_TD
