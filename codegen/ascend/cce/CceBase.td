// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cce dialect: its record, its types, and what an instruction answers.

#ifndef GEMEL_CODEGEN_ASCEND_CCE_CCEBASE_TD
#define GEMEL_CODEGEN_ASCEND_CCE_CCEBASE_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Cce_Dialect : Dialect {
  let name = "cce";
  let cppNamespace = "::gemel::cce";
  let summary = "instructions of Ascend cores, one op each";
  let description = [{
    One op for each intrinsic of CCE C for dav-c220 (Ascend 910B and 910C), its
    operands in the order and the units of the intrinsic, and a verifier for
    each limit. Scalars are i64; loops and branches are scf's, arithmetic is
    arith's. Pointers carry their memory and their element, so that no op mixes
    memories that have no path between them.

    On an `scf.for`, `cce.buffers = n` says that its iterations take turns at
    n sets of those buffers that are taken in it.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let extraClassDeclaration = [{
    /// On a loop: its iterations take turns at so many sets of buffers.
    static constexpr ::llvm::StringLiteral kBuffers = "cce.buffers";
    void registerTypes();
    // Each family registers its own ops, beside their definitions.
    void registerKernelOps();
    void registerVectorOps();
    void registerMoveOps();
    void registerScalarOps();
    void registerSyncOps();
    void registerCubeOps();
  }];
}

class Cce_Case<string name, int value, string word = name>
    : I32EnumAttrCase<name, value, word>;
class Cce_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::gemel::cce";
  let genSpecializedAttr = 0;
}

def Cce_Space : Cce_Enum<"Space", "a memory", [
  Cce_Case<"Gm", 0, "gm">, Cce_Case<"Ub", 1, "ub">, Cce_Case<"L1", 2, "l1">,
  Cce_Case<"L0a", 3, "l0a">, Cce_Case<"L0b", 4, "l0b">,
  Cce_Case<"L0c", 5, "l0c">]>;
def Cce_Pipe : Cce_Enum<"Pipe", "a queue of a core", [
  Cce_Case<"S", 0>, Cce_Case<"V", 1>, Cce_Case<"M", 2>, Cce_Case<"MTE1", 3>,
  Cce_Case<"MTE2", 4>, Cce_Case<"MTE3", 5>, Cce_Case<"FIX", 6>,
  Cce_Case<"ALL", 7>]>;
def Cce_Unit : Cce_Enum<"Unit", "the kind of core that runs a kernel", [
  Cce_Case<"Vector", 1, "vector">, Cce_Case<"Cube", 2, "cube">]>;
def Cce_Relation : Cce_Enum<"Relation", "a comparison", [
  Cce_Case<"Eq", 0, "eq">, Cce_Case<"Ne", 1, "ne">, Cce_Case<"Lt", 2, "lt">,
  Cce_Case<"Le", 3, "le">, Cce_Case<"Gt", 4, "gt">, Cce_Case<"Ge", 5, "ge">]>;

class Cce_EnumAttr<EnumInfo info, string word>
    : EnumAttr<Cce_Dialect, info, word>;

def Cce_PtrType : TypeDef<Cce_Dialect, "Ptr"> {
  let mnemonic = "ptr";
  let summary = "an address in a memory";
  let description = [{
    `!cce.ptr<ub, f32>`. Elements: f16, bf16, f32, i8, i16, i32, i64 and their
    unsigned forms.
  }];
  let parameters = (ins EnumParameter<Cce_Space>:$space,
                        "::mlir::Type":$element);
  let assemblyFormat = "`<` $space `,` $element `>`";
  let genVerifyDecl = 1;
}

class Cce_PtrIn<string space, string word>
    : Type<And<[CPred<"::llvm::isa<::gemel::cce::PtrType>($_self)">,
                CPred<"::llvm::cast<::gemel::cce::PtrType>($_self).getSpace() "
                      "== ::gemel::cce::Space::" # space>]>,
           "a pointer into " # word, "::gemel::cce::PtrType">;
def Cce_Gm : Cce_PtrIn<"Gm", "GM">;
def Cce_Ub : Cce_PtrIn<"Ub", "UB">;
def Cce_L1 : Cce_PtrIn<"L1", "L1">;
def Cce_L0a : Cce_PtrIn<"L0a", "L0A">;
def Cce_L0b : Cce_PtrIn<"L0b", "L0B">;
def Cce_L0c : Cce_PtrIn<"L0c", "L0C">;
def Cce_Any : Type<CPred<"::llvm::isa<::gemel::cce::PtrType>($_self)">,
                   "a pointer", "::gemel::cce::PtrType">;

def Cce_InstructionOpInterface : OpInterface<"InstructionOpInterface"> {
  let description = [{
    What planning, synchronisation and printing ask of an instruction.
  }];
  let cppNamespace = "::gemel::cce";
  let methods = [
    InterfaceMethod<"The queue that runs it; S for what the scalar unit does.",
      "::gemel::cce::Pipe", "getPipe", (ins)>,
    InterfaceMethod<"Its name in CCE C.", "::std::string", "getIntrinsic",
      (ins)>,
    InterfaceMethod<"Its arguments in CCE C, in order: values or attributes.",
      "::llvm::SmallVector<::mlir::OpFoldResult>", "getFields", (ins)>,
    InterfaceMethod<"The pointers it reads through.",
      "::llvm::SmallVector<::mlir::Value>", "getReads", (ins), "",
      "return {};">,
    InterfaceMethod<"The pointers it writes through.",
      "::llvm::SmallVector<::mlir::Value>", "getWrites", (ins), "",
      "return {};">,
    InterfaceMethod<"The pointers that it reads through whose place the result "
      "may take: what stands there is read before it is written.",
      "::llvm::SmallVector<::mlir::Value>", "getInPlace", (ins), "",
      "return {};">,
    InterfaceMethod<"The registers that it uses; not the mask, which goes with "
      "the program.",
      "::llvm::SmallVector<::gemel::cce::RegisterUse>", "getRegisters", (ins),
      "", "return {};">,
  ];
}

class Cce_Op<string mnemonic, list<Trait> traits = []>
    : Op<Cce_Dialect, mnemonic, traits>;

/// An instruction. `pipe`, `reads`, `writes`, `fields`, `places`: C++
/// expressions.
class Cce_Instruction<string mnemonic, string pipe, string reads,
                      string writes, string fields, string intrinsic = "",
                      string places = "{}">
    : Cce_Op<mnemonic, [Cce_InstructionOpInterface]> {
  defvar name = !if(!empty(intrinsic), "\"" # mnemonic # "\"", intrinsic);
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::}] # pipe # [{; }
    ::std::string getIntrinsic() { return }] # name # [{; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {}] # reads # [{}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {}] # writes # [{}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields() {
      return {}] # fields # [{};
    }
    ::llvm::SmallVector<::mlir::Value> getInPlace() {
      return }] # places # [{;
    }
  }];
}

#endif // GEMEL_CODEGEN_ASCEND_CCE_CCEBASE_TD
