// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Instructions of the vector unit.

#ifndef GEMEL_CODEGEN_ASCEND_CCE_CCEVECTOROPS_TD
#define GEMEL_CODEGEN_ASCEND_CCE_CCEVECTOROPS_TD

include "codegen/ascend/cce/CceAttrs.td"

// What an instruction with two sources takes beside its pointers.
defvar kSix = (ins I64:$repeat, I64Attr:$dst_blk, I64Attr:$src0_blk,
                   I64Attr:$src1_blk, I64Attr:$dst_rep, I64Attr:$src0_rep,
                   I64Attr:$src1_rep);
defvar kSixFields = "getRepeat(), getDstBlkAttr(), getSrc0BlkAttr(), "
    "getSrc1BlkAttr(), getDstRepAttr(), getSrc0RepAttr(), getSrc1RepAttr()";
defvar kSixFormat = "`repeat` $repeat `blocks` $dst_blk $src0_blk $src1_blk "
    "`repeats` $dst_rep $src0_rep $src1_rep attr-dict";
// ... with one.
defvar kFour = (ins I64:$repeat, I64Attr:$dst_blk, I64Attr:$src_blk,
                    I64Attr:$dst_rep, I64Attr:$src_rep);
defvar kFourFields = "getRepeat(), getDstBlkAttr(), getSrcBlkAttr(), "
    "getDstRepAttr(), getSrcRepAttr()";
defvar kFourFormat = "`repeat` $repeat `blocks` $dst_blk $src_blk "
    "`repeats` $dst_rep $src_rep attr-dict";

class Cce_Binary<string mnemonic, string what, bit readsDst = 0>
    : Cce_Instruction<mnemonic, "V",
        "getSrc0(), getSrc1()" # !if(readsDst, ", getDst()", ""), "getDst()",
        !strconcat("getDst(), getSrc0(), getSrc1(), ", kSixFields), "",
        "placesOfTwo(*this)"> {
  let summary = what;
  let description = [{
    Block b of repeat r of an operand begins r times its repeat stride plus b
    times its block stride blocks of 32 bytes behind its pointer. A block stride
    of 0 of a source broadcasts a block, a repeat stride of 0 a repeat.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %one = arith.constant 1 : i64
      cce.}] # mnemonic # [{ %a, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    }
    ```
  }];
  let arguments = !con((ins Cce_Ub:$dst, Cce_Ub:$src0, Cce_Ub:$src1), kSix);
  let assemblyFormat = !strconcat("$dst `,` $src0 `,` $src1 ", kSixFormat,
      " `:` type($dst) `,` type($src0) `,` type($src1)");
}
def Cce_VaddOp : Cce_Binary<"vadd", "dst = src0 + src1">;
def Cce_VsubOp : Cce_Binary<"vsub", "dst = src0 - src1">;
def Cce_VmulOp : Cce_Binary<"vmul", "dst = src0 * src1">;
def Cce_VdivOp : Cce_Binary<"vdiv", "dst = src0 / src1, within 1 ulp">;
def Cce_VmaxOp : Cce_Binary<"vmax", "dst = the larger; NaN if one is NaN">;
def Cce_VminOp : Cce_Binary<"vmin", "dst = the smaller; NaN if one is NaN">;
def Cce_VmaddOp : Cce_Binary<"vmadd", "dst = src0 * dst, rounded, + src1", 1>;
def Cce_VmlaOp : Cce_Binary<"vmla", "dst = src0 * src1, rounded, + dst", 1>;

class Cce_BitBinary<string mnemonic, string what>
    : Cce_Binary<mnemonic, what> {
  let description = [{
    As `cce.vadd`, of 16-bit integers; wider elements go by their halves.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, ui16>
      %one = arith.constant 1 : i64
      cce.}] # mnemonic # [{ %a, %a, %a repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, ui16>, !cce.ptr<ub, ui16>, !cce.ptr<ub, ui16>
    }
    ```
  }];
}
def Cce_VandOp : Cce_BitBinary<"vand", "dst = src0 and src1, bit by bit">;
def Cce_VorOp : Cce_BitBinary<"vor", "dst = src0 or src1, bit by bit">;

class Cce_Unary<string mnemonic, string what, string element = "f32">
    : Cce_Instruction<mnemonic, "V", "getSrc()", "getDst()",
        !strconcat("getDst(), getSrc(), ", kFourFields), "",
        "placesOfOne(*this)"> {
  let summary = what;
  let description = [{
    Strides as `cce.vadd` has them, in 16 bits.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, }] # element # [{>
      %one = arith.constant 1 : i64
      cce.}] # mnemonic # [{ %a, %a repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, }] # element # [{>, !cce.ptr<ub, }] # element # [{>
    }
    ```
  }];
  let arguments = !con((ins Cce_Ub:$dst, Cce_Ub:$src), kFour);
  let assemblyFormat = !strconcat("$dst `,` $src ", kFourFormat,
      " `:` type($dst) `,` type($src)");
}
def Cce_VabsOp : Cce_Unary<"vabs", "dst = |src|">;
def Cce_VexpOp : Cce_Unary<"vexp", "dst = e to the src, not correctly rounded">;
def Cce_VlnOp : Cce_Unary<"vln", "dst = ln src, not correctly rounded">;
def Cce_VsqrtOp : Cce_Unary<"vsqrt", "dst = the root of src, within 1 ulp">;
def Cce_VreluOp : Cce_Unary<"vrelu", "dst = max(src, 0); NaN stays">;
def Cce_VnotOp : Cce_Unary<"vnot", "dst = not src, bit by bit", "ui16">;
def Cce_VcopyOp : Cce_Unary<"vcopy", "dst = src, where the mask is set", "ui32">;

class Cce_Scalar<string mnemonic, string what, bit readsDst = 0>
    : Cce_Instruction<mnemonic, "V", "getSrc()" #
        !if(readsDst, ", getDst()", ""), "getDst()",
        !strconcat("getDst(), getSrc(), getScalar(), ", kFourFields), "",
        "placesOfOne(*this)"> {
  let summary = what;
  let description = [{
    Strides as `cce.vadd` has them, in 16 bits. The scalar has the type of the
    elements.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %one = arith.constant 1 : i64
      %s = arith.constant 2.0 : f32
      cce.}] # mnemonic # [{ %a, %a, %s repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, f32
    }
    ```
  }];
  let arguments = !con((ins Cce_Ub:$dst, Cce_Ub:$src, AnyType:$scalar), kFour);
  let assemblyFormat = !strconcat("$dst `,` $src `,` $scalar ", kFourFormat,
      " `:` type($dst) `,` type($src) `,` type($scalar)");
}
def Cce_VaddsOp : Cce_Scalar<"vadds", "dst = src + scalar">;
def Cce_VmulsOp : Cce_Scalar<"vmuls", "dst = src * scalar">;
def Cce_VmaxsOp : Cce_Scalar<"vmaxs", "dst = the larger of src and scalar">;
def Cce_VminsOp : Cce_Scalar<"vmins", "dst = the smaller of src and scalar">;
def Cce_VaxpyOp : Cce_Scalar<"vaxpy", "dst = src * scalar, rounded, + dst", 1>;

class Cce_Shift<string mnemonic, string what>
    : Cce_Instruction<mnemonic, "V", "getSrc()", "getDst()",
        !strconcat("getDst(), getSrc(), getDistanceAttr(), ", kFourFields), "",
        "placesOfOne(*this)"> {
  let summary = what;
  let description = [{
    Strides as `cce.vadd` has them, in 16 bits.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, i32>
      %one = arith.constant 1 : i64
      cce.}] # mnemonic # [{ %a, %a by 3 repeat %one blocks 1 1 repeats 8 8 : !cce.ptr<ub, i32>, !cce.ptr<ub, i32>
    }
    ```
  }];
  let arguments = !con((ins Cce_Ub:$dst, Cce_Ub:$src, I64Attr:$distance), kFour);
  let assemblyFormat = !strconcat("$dst `,` $src `by` $distance ", kFourFormat,
      " `:` type($dst) `,` type($src)");
}
def Cce_VshlOp : Cce_Shift<"vshl", "dst = src, shifted left">;
def Cce_VshrOp
    : Cce_Shift<"vshr", "dst = src, shifted right, as its element's sign has it">;

def Cce_VectorDupOp : Cce_Instruction<"vector_dup", "V", "", "getDst()",
    "getDst(), getScalar(), getRepeat(), getDstBlkAttr(), "
    "one(), getDstRepAttr(), zero()"> {
  let summary = "dst = scalar";
  let description = [{
    One value to every element that the mask has.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %one = arith.constant 1 : i64
      %s = arith.constant 2.0 : f32
      cce.vector_dup %a, %s repeat %one blocks 1 repeats 8 : !cce.ptr<ub, f32>, f32
    }
    ```
  }];
  let arguments = (ins Cce_Ub:$dst, AnyType:$scalar, I64:$repeat,
                       I64Attr:$dst_blk, I64Attr:$dst_rep);
  let assemblyFormat = [{
    $dst `,` $scalar `repeat` $repeat `blocks` $dst_blk `repeats` $dst_rep
    attr-dict `:` type($dst) `,` type($scalar)
  }];
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::V; }
    ::std::string getIntrinsic() { return "vector_dup"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
  }];
}

def Cce_VconvOp : Cce_Instruction<"vconv", "V", "getSrc()", "getDst()",
    !strconcat("getDst(), getSrc(), ", kFourFields), "spell()"> {
  let summary = "dst = src, as another element";
  let description = [{
    `round`: r to nearest even, a to nearest away, f down, c up, z to zero, o to
    odd; empty where the conversion is exact. A repeat converts 256 bytes of the
    wider element.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %b = cce.alloc 1024 : !cce.ptr<ub, bf16>
      %one = arith.constant 1 : i64
      cce.vconv "r" %b, %a repeat %one blocks 1 1 repeats 4 8 : !cce.ptr<ub, bf16>, !cce.ptr<ub, f32>
    }
    ```
  }];
  let arguments = !con((ins StrAttr:$round, Cce_Ub:$dst, Cce_Ub:$src), kFour);
  let assemblyFormat = !strconcat("$round $dst `,` $src ", kFourFormat,
      " `:` type($dst) `,` type($src)");
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::V; }
    ::std::string getIntrinsic();
    ::llvm::SmallVector<::mlir::Value> getReads() { return {getSrc()}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields() {
      return {getDst(), getSrc(), getRepeat(), getDstBlkAttr(),
              getSrcBlkAttr(), getDstRepAttr(), getSrcRepAttr()};
    }
  }];
}

def Cce_VcmpvOp : Cce_Instruction<"vcmpv", "V", "getSrc0(), getSrc1()",
    "getDst()", !strconcat("getDst(), getSrc0(), getSrc1(), ", kSixFields),
    "(\"vcmpv_\" + stringifyRelation(getRelation())).str()"> {
  let summary = "bits of dst = src0 relation src1";
  let description = [{
    One bit an element, the lowest first, whole repeats whatever the mask says,
    one after another. A comparison with NaN is 0, `ne` too.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %b = cce.alloc 64 : !cce.ptr<ub, ui8>
      %eight = arith.constant 8 : i64
      cce.vcmpv lt %b, %a, %a repeat %eight blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, ui8>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    }
    ```
  }];
  let arguments = !con((ins Cce_RelationAttr:$relation,
      Cce_Ub:$dst, Cce_Ub:$src0, Cce_Ub:$src1), kSix);
  let assemblyFormat = !strconcat("$relation $dst `,` $src0 `,` $src1 ", kSixFormat,
      " `:` type($dst) `,` type($src0) `,` type($src1)");
}

def Cce_VselOp : Cce_Instruction<"vsel", "V", "getSrc0(), getSrc1()",
    "getDst()", ""> {
  let summary = "dst = a bit ? src0 : src1";
  let description = [{
    `mode` 0: the bits are CMPMASK's, the same in each repeat. `mode` 2: CMPMASK
    holds the address of the bits in UB, one an element, the lowest first; `by`
    names their buffer, for the plan of the memory and the order. It is no
    argument in CCE C.

    (C1) the mode is 0, or 2 with the buffer of the bits.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %one = arith.constant 1 : i64
      %b = cce.alloc 64 : !cce.ptr<ub, ui8>
      cce.vsel 2 %a, %a, %a by %b : !cce.ptr<ub, ui8> repeat %one blocks 1 1 1 repeats 8 8 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    }
    ```
  }];
  let arguments = !con((ins I64Attr:$mode,
      Cce_Ub:$dst, Cce_Ub:$src0, Cce_Ub:$src1, Optional<Cce_Ub>:$bits), kSix);
  let assemblyFormat = !strconcat("$mode $dst `,` $src0 `,` $src1 "
      "(`by` $bits^ `:` type($bits))? ", kSixFormat,
      " `:` type($dst) `,` type($src0) `,` type($src1)");
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::V; }
    ::std::string getIntrinsic() { return "vsel"; }
    ::llvm::SmallVector<::mlir::Value> getReads() {
      ::llvm::SmallVector<::mlir::Value> reads = {getSrc0(), getSrc1()};
      if (getBits())
        reads.push_back(getBits());
      return reads;
    }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
    ::llvm::SmallVector<::gemel::cce::RegisterUse> getRegisters() {
      return {{::gemel::cce::Register::CmpMask, /*writes=*/false}};
    }
  }];
}

def Cce_SetCmpmaskOp : Cce_Instruction<"set_cmpmask", "V", "getSrc()", "",
    ""> {
  let summary = "CMPMASK = 16 bytes of src";
  let description = [{
    Bits of the elements of a repeat, or, for `cce.vsel` of mode 2, the address
    of bits in its lower 8 bytes.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 32 : !cce.ptr<ub, ui32>
      cce.set_cmpmask %a : !cce.ptr<ub, ui32>
    }
    ```
  }];
  let arguments = (ins Cce_Ub:$src);
  let assemblyFormat = "$src attr-dict `:` type($src)";
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::V; }
    ::std::string getIntrinsic() { return "set_cmpmask"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {getSrc()}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields() { return {getSrc()}; }
    ::llvm::SmallVector<::gemel::cce::RegisterUse> getRegisters() {
      return {{::gemel::cce::Register::CmpMask, /*writes=*/true}};
    }
  }];
}

def Cce_Vreducev2Op : Cce_Instruction<"vreducev2", "V", "getSrc()", "getDst()",
    ""> {
  let summary = "dst = some elements of src, one after another";
  let description = [{
    `pattern`: 1 keeps even elements, 2 odd ones, 3 to 6 the first to the fourth
    of each four, 7 all. Without `cce.set_mask_count` a repeat is 256 bytes,
    whatever the mask says.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, ui32>
      %b = cce.alloc 1024 : !cce.ptr<ub, ui32>
      %eight = arith.constant 8 : i64
      cce.vreducev2 %b, %a repeat %eight blocks 1 pattern 1 repeats 8 : !cce.ptr<ub, ui32>, !cce.ptr<ub, ui32>
    }
    ```
  }];
  let arguments = (ins Cce_Ub:$dst, Cce_Ub:$src, I64:$repeat, I64Attr:$src_blk,
                       I64Attr:$pattern, I64Attr:$src_rep);
  let assemblyFormat = [{
    $dst `,` $src `repeat` $repeat `blocks` $src_blk `pattern` $pattern
    `repeats` $src_rep attr-dict `:` type($dst) `,` type($src)
  }];
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::V; }
    ::std::string getIntrinsic() { return "vreducev2"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {getSrc()}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields() {
      // A pattern of the chip's reads no bits: the second source is the first.
      return {getDst(), getSrc(), getSrc(), getRepeat(), getSrcBlkAttr(),
              getPatternAttr(), getSrcRepAttr(),
              ::mlir::Builder(getContext()).getI64IntegerAttr(0)};
    }
    ::llvm::SmallVector<::gemel::cce::RegisterUse> getRegisters() {
      return {{::gemel::cce::Register::Kept, /*writes=*/true}};
    }
  }];
}

class Cce_Across<string mnemonic, string what, string fields>
    : Cce_Instruction<mnemonic, "V", "getSrc()", "getDst()",
        "getDst(), getSrc(), getRepeat(), getDstRepAttr(), getSrcBlkAttr(), "
        "getSrcRepAttr()" # fields> {
  let summary = what;
  let arguments = (ins Cce_Ub:$dst, Cce_Ub:$src, I64:$repeat, I64Attr:$dst_rep,
                       I64Attr:$src_blk, I64Attr:$src_rep);
  let assemblyFormat = [{
    $dst `,` $src `repeat` $repeat `repeats` $dst_rep `blocks` $src_blk
    `repeats` $src_rep attr-dict `:` type($dst) `,` type($src)
  }];
  let description = [{
    Elements that the mask has not take no part. Neighbours are added first,
    then neighbouring sums.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 2048 : !cce.ptr<ub, f32>
      %b = cce.alloc 256 : !cce.ptr<ub, f32>
      %eight = arith.constant 8 : i64
      cce.}] # mnemonic # [{ %b, %a repeat %eight repeats 1 blocks 1 repeats 8 : !cce.ptr<ub, f32>, !cce.ptr<ub, f32>
    }
    ```
  }];
}
def Cce_VcaddOp : Cce_Across<"vcadd",
    "one element of dst = the sum of a repeat", ", zero()"> {
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::V; }
    ::std::string getIntrinsic() { return "vcadd"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {getSrc()}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
  }];
}
def Cce_VcgaddOp : Cce_Across<"vcgadd",
    "eight elements of dst = the sums of a repeat's blocks", "">;
def Cce_VcgmaxOp : Cce_Across<"vcgmax",
    "eight elements of dst = the largest of a repeat's blocks", "">;
def Cce_VcgminOp : Cce_Across<"vcgmin",
    "eight elements of dst = the smallest of a repeat's blocks", "">;
def Cce_VcpaddOp : Cce_Across<"vcpadd",
    "half a repeat of dst = the sums of neighbours", "">;

def Cce_VbrcbOp : Cce_Instruction<"vbrcb", "V", "getSrc()", "getDst()",
    "getDst(), getSrc(), getDstBlkAttr(), getDstRepAttr(), getRepeat()"> {
  let summary = "eight blocks of dst, each eight times an element of src";
  let description = [{
    Repeat r reads the elements 8 r to 8 r + 7; element j fills block j.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %a = cce.alloc 32 : !cce.ptr<ub, ui32>
      %b = cce.alloc 256 : !cce.ptr<ub, ui32>
      %one = arith.constant 1 : i64
      cce.vbrcb %b, %a repeat %one blocks 1 repeats 8 : !cce.ptr<ub, ui32>, !cce.ptr<ub, ui32>
    }
    ```
  }];
  let arguments = (ins Cce_Ub:$dst, Cce_Ub:$src, I64:$repeat, I64Attr:$dst_blk,
                       I64Attr:$dst_rep);
  let assemblyFormat = [{
    $dst `,` $src `repeat` $repeat `blocks` $dst_blk `repeats` $dst_rep
    attr-dict `:` type($dst) `,` type($src)
  }];
}

def Cce_SetMaskNormOp : Cce_Instruction<"set_mask_norm", "S", "", "", ""> {
  let summary = "the mask has one bit an element of every repeat";
  let description = [{
    Holds for the vector instructions that follow.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      cce.set_mask_norm
    }
    ```
  }];
  let assemblyFormat = "attr-dict";
  let hasVerifier = 0;
}
def Cce_SetMaskCountOp : Cce_Instruction<"set_mask_count", "S", "", "", ""> {
  let summary = "the mask is the number of elements of an instruction";
  let description = [{
    Repeats are as many as the count needs, whatever `repeat` says.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      cce.set_mask_count
    }
    ```
  }];
  let assemblyFormat = "attr-dict";
  let hasVerifier = 0;
}
def Cce_SetVectorMaskOp : Cce_Instruction<"set_vector_mask", "S", "", "",
    "getHigh(), getLow()"> {
  let summary = "the mask's two words";
  let description = [{
    In counter mode the low word is the count.

    ```mlir
    cce.kernel @example vector(%x: !cce.ptr<gm, f32>) {
      %all = arith.constant -1 : i64
      cce.set_vector_mask %all, %all
    }
    ```
  }];
  let arguments = (ins I64:$high, I64:$low);
  let assemblyFormat = "$high `,` $low attr-dict";
  let hasVerifier = 0;
}

#endif // GEMEL_CODEGEN_ASCEND_CCE_CCEVECTOROPS_TD
