// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the scalar unit does with UB.

#ifndef GEMEL_CODEGEN_ASCEND_CCE_CCESCALAROPS_TD
#define GEMEL_CODEGEN_ASCEND_CCE_CCESCALAROPS_TD

include "codegen/ascend/cce/CceBase.td"

def Cce_LoadOp : Cce_Instruction<"load", "S", "getPointer()", "", ""> {
  let summary = "an element of UB as a number of C";
  let description = [{
    In CCE C `ub_load`, which the file defines. Numbers are signless.

    (C1) the number has the element's type.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>, %i: i64) {
      %a = cce.alloc 2048 : !cce.ptr<ub, i32>
      %v = cce.load %a[%i] : !cce.ptr<ub, i32> -> i32
    }
    ```
  }];
  let arguments = (ins Cce_Ub:$pointer, I64:$index);
  let results = (outs AnyType:$result);
  let assemblyFormat = [{
    $pointer `[` $index `]` attr-dict `:` type($pointer) `->` type($result)
  }];
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::S; }
    ::std::string getIntrinsic() { return "ub_load"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {getPointer()}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields() {
      return {getPointer(), getIndex()};
    }
  }];
}

def Cce_StoreOp : Cce_Instruction<"store", "S", "", "getPointer()", ""> {
  let summary = "a number of C to an element of UB";
  let description = [{
    In CCE C `ub_store`, which the file defines.

    (C1) the number has the element's type.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>, %i: i64) {
      %a = cce.alloc 2048 : !cce.ptr<ub, i64>
      cce.store %i, %a[%i] : i64, !cce.ptr<ub, i64>
    }
    ```
  }];
  let arguments = (ins AnyType:$value, Cce_Ub:$pointer, I64:$index);
  let assemblyFormat = [{
    $value `,` $pointer `[` $index `]` attr-dict `:` type($value) `,`
    type($pointer)
  }];
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::S; }
    ::std::string getIntrinsic() { return "ub_store"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getPointer()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields() {
      return {getValue(), getPointer(), getIndex()};
    }
  }];
}

def Cce_AddressOp : Cce_Op<"address", [Pure]> {
  let summary = "a pointer as a number";
  let description = [{
    Bytes from the memory's beginning.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, ui8>
      %0 = cce.address %a : !cce.ptr<ub, ui8>
    }
    ```
  }];
  let arguments = (ins Cce_Ub:$pointer);
  let results = (outs I64:$result);
  let assemblyFormat = "$pointer attr-dict `:` type($pointer)";
}

#endif // GEMEL_CODEGEN_ASCEND_CCE_CCESCALAROPS_TD
