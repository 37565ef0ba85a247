// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Flags and barriers of a core.

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
    `ALL` waits for all pipes, and holds the scalar unit.

    (C1) the core has the pipe; the scalar unit needs no barrier.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      cce.pipe_barrier V
    }
    ```
  }];
  let arguments = (ins Cce_PipeAttr:$of);
  let assemblyFormat = "$of attr-dict";
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return getOf(); }
    ::std::string getIntrinsic() { return "pipe_barrier"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields() {
      return {getOfAttr()};
    }
  }];
}

#endif // GEMEL_CODEGEN_ASCEND_CCE_CCESYNCOPS_TD
