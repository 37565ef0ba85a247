// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies between memories.

#ifndef GEMEL_CODEGEN_ASCEND_CCE_CCEMOVEOPS_TD
#define GEMEL_CODEGEN_ASCEND_CCE_CCEMOVEOPS_TD

include "codegen/ascend/cce/CceBase.td"

def Cce_CopyGmToUbufAlignOp : Cce_Instruction<"copy_gm_to_ubuf_align", "MTE2",
    "getSrc()", "getDst()",
    "getDst(), getSrc(), zero(), getBursts(), getLength(), getLeftPadAttr(), "
    "getRightPadAttr(), getSrcGap(), getDstGap()", "spell()"> {
  let summary = "bursts of bytes from GM to UB";
  let description = [{
    `length`: bytes of a burst; `src_gap`: bytes from its end to the next one's
    begin; `dst_gap`: blocks of 32 bytes there. Pads are elements, of the value
    that `cce.set_mov_pad_val` has set. What is left of a burst's last block is
    undefined.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %one = arith.constant 1 : i64
      %zero = arith.constant 0 : i64
      %bytes = arith.constant 2044 : i64
      cce.copy_gm_to_ubuf_align %a, %x bursts %one length %bytes pad 0 0 gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<gm, f32>
    }
    ```
  }];
  let arguments = (ins Cce_Ub:$dst, Cce_Gm:$src, I64:$bursts, I64:$length,
                       I64Attr:$left_pad, I64Attr:$right_pad, I64:$src_gap,
                       I64:$dst_gap);
  let assemblyFormat = [{
    $dst `,` $src `bursts` $bursts `length` $length `pad` $left_pad $right_pad
    `gaps` $src_gap $dst_gap attr-dict `:` type($dst) `,` type($src)
  }];
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::MTE2; }
    ::std::string getIntrinsic();
    ::llvm::SmallVector<::mlir::Value> getReads() { return {getSrc()}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
  }];
}

def Cce_CopyUbufToGmAlignOp : Cce_Instruction<"copy_ubuf_to_gm_align", "MTE3",
    "getSrc()", "getDst()", "", "spell()"> {
  let summary = "bursts of bytes from UB to GM, not one byte more";
  let description = [{
    As `cce.copy_gm_to_ubuf_align`, the other way: `src_gap` in blocks of 32
    bytes, `dst_gap` in bytes, and no pads.

    ```mlir
    cce.kernel @example vector(%y: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %one = arith.constant 1 : i64
      %zero = arith.constant 0 : i64
      %bytes = arith.constant 2044 : i64
      cce.copy_ubuf_to_gm_align %y, %a bursts %one length %bytes gaps %zero %zero : !cce.ptr<gm, f32>, !cce.ptr<ub, f32>
    }
    ```
  }];
  let arguments = (ins Cce_Gm:$dst, Cce_Ub:$src, I64:$bursts, I64:$length,
                       I64:$src_gap, I64:$dst_gap);
  let assemblyFormat = [{
    $dst `,` $src `bursts` $bursts `length` $length `gaps` $src_gap $dst_gap
    attr-dict `:` type($dst) `,` type($src)
  }];
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::MTE3; }
    ::std::string getIntrinsic();
    ::llvm::SmallVector<::mlir::Value> getReads() { return {getSrc()}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
  }];
}

def Cce_CopyUbufToUbufOp : Cce_Instruction<"copy_ubuf_to_ubuf", "V",
    "getSrc()", "getDst()", "", "\"copy_ubuf_to_ubuf\""> {
  let summary = "bursts of blocks within UB";
  let description = [{
    `length` and gaps in blocks of 32 bytes; gaps from the end of a burst to the
    next one's begin. The mask has no say.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %b = cce.alloc 2048 : !cce.ptr<ub, f32>
      %one = arith.constant 1 : i64
      %blocks = arith.constant 64 : i64
      %zero = arith.constant 0 : i64
      cce.copy_ubuf_to_ubuf %b, %a bursts %one length %blocks gaps %zero %zero : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    }
    ```
  }];
  let arguments = (ins Cce_Ub:$dst, Cce_Ub:$src, I64:$bursts, I64:$length,
                       I64:$src_gap, I64:$dst_gap);
  let assemblyFormat = [{
    $dst `,` $src `bursts` $bursts `length` $length `gaps` $src_gap $dst_gap
    attr-dict `:` type($dst) `,` type($src)
  }];
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::V; }
    ::std::string getIntrinsic() { return "copy_ubuf_to_ubuf"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {getSrc()}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
  }];
}

def Cce_SetMovPadValOp : Cce_Instruction<"set_mov_pad_val", "S", "", "",
    "getBits()"> {
  let summary = "what copies pad with";
  let description = [{
    The bits of an element, for the loads that follow.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %zero = arith.constant 0 : i64
      cce.set_mov_pad_val %zero
    }
    ```
  }];
  let arguments = (ins I64:$bits);
  let assemblyFormat = "$bits attr-dict";
  let hasVerifier = 0;
}

#endif // GEMEL_CODEGEN_ASCEND_CCE_CCEMOVEOPS_TD
