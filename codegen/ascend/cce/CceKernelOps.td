// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels, their buffers, and where a block stands.

#ifndef GEMEL_CODEGEN_ASCEND_CCE_CCEKERNELOPS_TD
#define GEMEL_CODEGEN_ASCEND_CCE_CCEKERNELOPS_TD

include "codegen/ascend/cce/CceAttrs.td"

def Cce_KernelOp : Cce_Op<"kernel", [IsolatedFromAbove, Symbol, SingleBlock,
    NoTerminator]> {
  let summary = "what one core runs";
  let description = [{
    Block arguments are the kernel's: pointers into GM and numbers, each in a
    slot of 8 bytes. A kernel that is `mixed` is one half of one: a cube core
    runs `<name>_mix_aic` while its two vector cores run `<name>_mix_aiv`.

    (C1) an argument is a pointer into GM, i32, i64 or f32. (C2) the name of a
    mixed one ends in what its core runs.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>, %items: i64) {
      %block = cce.get_block_idx
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
    OptionalAttr<StrAttr>:$sym_visibility,
    Cce_UnitAttr:$unit);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration = [{
    /// Half of a mixed kernel: a cube core's, or its two vector cores'.
    static constexpr ::llvm::StringLiteral kMixed = "mixed";
  }];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

// Two of the same size are two: it is not pure.
def Cce_AllocOp : Cce_Op<"alloc"> {
  let summary = "bytes of a core's memory";
  let description = [{
    `address` is the memory plan's; without it the buffer has no place yet.

    (C1) the memory is a core's. (C2) the bytes are at least one, and fit it.
    (C3) an address is aligned as the memory wants it, and the bytes behind it
    are inside.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %b = cce.alloc 2048 at 4096 : !cce.ptr<ub, f32>
    }
    ```
  }];
  let arguments = (ins I64Attr:$bytes, OptionalAttr<I64Attr>:$address);
  let results = (outs Cce_Any:$result);
  let assemblyFormat = "$bytes (`at` $address^)? attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Cce_ReleaseOp : Cce_Op<"release"> {
  let summary = "what stands in a buffer is read no more";
  let description = [{
    From here to what writes the buffer next, in the same block or behind the
    choice that the block is, its bytes may be another one's in the memory plan.
    CCE C has nothing of it.

    (C1) it is a whole buffer. (C2) what uses it next does not read it.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      cce.release %a : !cce.ptr<ub, f32>
    }
    ```
  }];
  let arguments = (ins Cce_Any:$buffer);
  let extraClassDeclaration = [{
    /// The op that uses the buffer next, or has one that does; none if that is
    /// behind a loop's end, or another way through a choice.
    ::mlir::Operation *getNextUse();
  }];
  let assemblyFormat = "$buffer attr-dict `:` type($buffer)";
  let hasVerifier = 1;
}

def Cce_OffsetOp : Cce_Op<"offset", [Pure,
    AllTypesMatch<["base", "result"]>]> {
  let summary = "a pointer so many elements further";
  let description = [{
    Elements of the pointer's type.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>, %n: i64) {
      %a = cce.offset %x, %n : !cce.ptr<gm, f32>
    }
    ```
  }];
  let arguments = (ins Cce_Any:$base, I64:$elements);
  let results = (outs Cce_Any:$result);
  let assemblyFormat = "$base `,` $elements attr-dict `:` type($result)";
}

def Cce_CastOp : Cce_Op<"cast", [Pure]> {
  let summary = "the same address, other elements";
  let description = [{
    (C1) the memory stays.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %b = cce.cast %a : !cce.ptr<ub, f32> to !cce.ptr<ub, ui16>
    }
    ```
  }];
  let arguments = (ins Cce_Any:$base);
  let results = (outs Cce_Any:$result);
  let assemblyFormat = "$base attr-dict `:` type($base) `to` type($result)";
  let hasVerifier = 1;
}

class Cce_Query<string mnemonic, string what>
    : Cce_Op<mnemonic, [Pure]> {
  let summary = what;
  let description = [{
    The same in a core from the kernel's begin to its end.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %0 = cce.}] # mnemonic # [{
    }
    ```
  }];
  let results = (outs I64:$result);
  let assemblyFormat = "attr-dict";
}
def Cce_GetBlockIdxOp : Cce_Query<"get_block_idx", "this block's number">;
def Cce_GetBlockNumOp : Cce_Query<"get_block_num", "how many blocks there are">;
def Cce_GetSubblockidOp
    : Cce_Query<"get_subblockid", "which vector core of a group this is">;

#endif // GEMEL_CODEGEN_ASCEND_CCE_CCEKERNELOPS_TD
