// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Flags and barriers of a core, and flags between cores.

#ifndef GEMEL_CODEGEN_ASCEND_CCE_CCESYNCOPS_TD
#define GEMEL_CODEGEN_ASCEND_CCE_CCESYNCOPS_TD

include "codegen/ascend/cce/CceAttrs.td"

class Cce_Flag<string mnemonic, string pipe, string what, string queue>
    : Cce_Instruction<mnemonic, "S", "", "", ""> {
  let summary = what;
  let description = queue # [{
    Each set has one wait of the same pipes and event, on every path.

    (C1) the core has both pipes, and a flag from the one to the other. (C2) the
    event is one that no vendor library keeps.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      cce.set_flag MTE2 to V event 0
      cce.wait_flag MTE2 to V event 0
    }
    ```
  }];
  let arguments = (ins Cce_PipeAttr:$from,
                       Cce_PipeAttr:$to, I64Attr:$event);
  let assemblyFormat = "$from `to` $to `event` $event attr-dict";
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return }] # pipe # [{(); }
    ::std::string getIntrinsic() { return "}] # mnemonic # [{"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields() {
      return {getFromAttr(), getToAttr(),
              ::mlir::StringAttr::get(
                  getContext(), "EVENT_ID" + ::llvm::Twine(getEvent()))};
    }
  }];
}
def Cce_SetFlagOp : Cce_Flag<"set_flag", "getFrom",
    "sets an event when what is before in a pipe has been done", [{
    Stands in the queue of the first pipe.
}]>;
def Cce_WaitFlagOp : Cce_Flag<"wait_flag", "getTo",
    "holds a pipe until an event is set, and clears it", [{
    Stands in the queue of the second pipe.
}]>;

def Cce_PipeBarrierOp : Cce_Instruction<"pipe_barrier", "S", "", "", ""> {
  let summary = "what follows in a pipe waits for what is before";
  let description = [{
    `ALL` waits for all pipes, and holds the scalar unit. With sizes it stands
    behind products of m by n, and only if these are so small that one may still
    be under way when the next reaches its elements.

    (C1) the core has the pipe; the scalar unit needs no barrier. (C2) sizes are
    for pipe M, and two.

    ```mlir
    cce.kernel @example cube(%x: !cce.ptr<gm, f32>, %m: i64, %n: i64) {
      cce.pipe_barrier MTE2
      cce.pipe_barrier M behind %m, %n
    }
    ```
  }];
  let arguments = (ins Cce_PipeAttr:$of, Variadic<I64>:$sizes);
  let assemblyFormat = "$of (`behind` $sizes^)? attr-dict";
  let extraClassDeclaration = [{
    ::mlir::Value getM() {
      return getSizes().empty() ? ::mlir::Value() : getSizes()[0];
    }
    ::mlir::Value getN() {
      return getSizes().empty() ? ::mlir::Value() : getSizes()[1];
    }
    ::gemel::cce::Pipe getPipe() { return getOf(); }
    ::std::string getIntrinsic() { return "pipe_barrier"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields() {
      return {getOfAttr()};
    }
  }];
}

def Cce_FftsCrossCoreSyncOp : Cce_Instruction<"ffts_cross_core_sync", "S", "",
    "", ""> {
  let summary = "tells other cores when what is before in a pipe has been done";
  let description = [{
    Modes: 0, all cores of this kind: each is told when all have told; 1, the two
    vector cores of a group, likewise; 2, the cube core of a group tells both
    vector cores, and these tell it, when both have. A core counts what it is
    told of a flag, to 15.

    (C1) the core has the pipe; the scalar unit does not tell. (C2) the mode is
    0, 1 or 2. (C3) mode 1 is between vector cores. (C4) flags are 0 to 15.

    ```mlir
    cce.kernel @example cube(%sync: i64) {
      cce.set_ffts_base_addr %sync
      cce.ffts_cross_core_sync FIX mode 2 flag 0
    }
    ```
  }];
  let arguments = (ins Cce_PipeAttr:$of, I64Attr:$mode, I64Attr:$flag);
  let assemblyFormat = "$of `mode` $mode `flag` $flag attr-dict";
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return getOf(); }
    ::std::string getIntrinsic() { return "ffts_cross_core_sync"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
  }];
}

def Cce_WaitFlagDevOp : Cce_Instruction<"wait_flag_dev", "S", "", "",
    "getFlagAttr()"> {
  let summary = "holds a core until it has been told of a flag, and counts it off";
  let description = [{
    Nothing that follows is handed to any pipe before.

    (C1) flags are 0 to 15.

    ```mlir
    cce.kernel @example vector(%sync: i64) {
      cce.set_ffts_base_addr %sync
      cce.wait_flag_dev 0
    }
    ```
  }];
  let arguments = (ins I64Attr:$flag);
  let assemblyFormat = "$flag attr-dict";
}

def Cce_SetFftsBaseAddrOp : Cce_Instruction<"set_ffts_base_addr", "S", "", "",
    "getAddress()"> {
  let summary = "where flags between cores are, before the first of them";
  let description = [{
    What the runtime says when the kernel is launched, an argument of it.

    ```mlir
    cce.kernel @example vector(%sync: i64) {
      cce.set_ffts_base_addr %sync
    }
    ```
  }];
  let arguments = (ins I64:$address);
  let assemblyFormat = "$address attr-dict";
  let hasVerifier = 0;
}

#endif // GEMEL_CODEGEN_ASCEND_CCE_CCESYNCOPS_TD
