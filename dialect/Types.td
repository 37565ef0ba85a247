// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types of the gemel dialect: arrays over named axes, tiles of them.

#ifndef GEMEL_DIALECT_TYPES_TD
#define GEMEL_DIALECT_TYPES_TD

include "dialect/Dialect.td"
include "mlir/IR/AttrTypeBase.td"

class Gemel_Type<string name, string typeMnemonic>
    : TypeDef<Gemel_Dialect, name> {
  let mnemonic = typeMnemonic;
}

def Gemel_ArrayType : Gemel_Type<"Array", "array"> {
  let summary = "a whole array over named axes";
  let description = [{
    `!gemel.array<[T, D] f32>`: one element for each point of the axes. In a
    body the axes are a set (their order has no meaning beyond printing); a
    parameter's or a result's are its memory order. Elements: f32, bf16, f16,
    i32, i64, ui8, i1.
  }];
  let parameters = (ins
    ArrayRefParameter<"::mlir::StringAttr">:$axes,
    "::mlir::Type":$elementType);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Gemel_TileType : Gemel_Type<"Tile", "tile"> {
  let summary = "a piece of an array with static extents";
  let description = [{
    `!gemel.tile<[T = 4, D = 64] f32>`: what one program step holds. Axes that
    are absent have one position, chosen by the surrounding loops. The last
    axis is the one along which a target's lanes lie.
  }];
  let parameters = (ins
    ArrayRefParameter<"::mlir::StringAttr">:$axes,
    ArrayRefParameter<"int64_t">:$extents,
    "::mlir::Type":$elementType);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Gemel_UntypedType : Gemel_Type<"Untyped", "untyped"> {
  let summary = "a value of an operator that is not instantiated yet";
  let description = [{
    Its element may depend on a dtype variable; its axes are known only once
    the elements are.
  }];
}

def Gemel_AnyValue : Type<
  CPred<"::llvm::isa<::gemel::ArrayType, ::gemel::TileType, "
        "::gemel::UntypedType>($_self)">,
  "an array, a tile, or an untyped value">;

#endif // GEMEL_DIALECT_TYPES_TD
