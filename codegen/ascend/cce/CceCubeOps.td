// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrices on their way to the cube, their product, and its way back.

#ifndef GEMEL_CODEGEN_ASCEND_CCE_CCECUBEOPS_TD
#define GEMEL_CODEGEN_ASCEND_CCE_CCECUBEOPS_TD

include "codegen/ascend/cce/CceBase.td"

def Cce_CopyGmToCbufMultiNd2nzOp : Cce_Instruction<
    "copy_gm_to_cbuf_multi_nd2nz", "MTE2", "getSrc()", "getDst()", "", ""> {
  let summary = "rows of a matrix from GM to fractals in L1";
  let description = [{
    Element (r, c) goes from `r * src_d_value + c` elements behind `src` to
    `(c / C0) * dst_nz_c0_stride + r * dst_nz_n_stride` blocks of 32 bytes behind
    `dst`, and `c mod C0` elements into it; C0 is 32 bytes of elements. What is
    left of a row's last block is zero; rows behind the last are not written.
    The numbers are the intrinsic's, in its order: matrices, rows, columns;
    elements from matrix to matrix and from row to row in GM; blocks from column
    block to column block and from row to row, and elements from matrix to
    matrix in L1.

    (C1) elements of f16 or f32; bf16 is moved as f16. (C2) each number fits its
    field. (C3) where the numbers are known, the matrix fits the buffer.

    ```mlir
    cce.kernel @example cube(%x: !cce.ptr<gm, f16>, %rows: i64, %pitch: i64) {
      %a = cce.alloc 65536 : !cce.ptr<l1, f16>
      %columns = arith.constant 256 : i64
      %padded = arith.constant 128 : i64
      cce.copy_gm_to_cbuf_multi_nd2nz %a, %x matrices 1 rows %rows columns %columns from 0 %pitch to %padded 1 1 : !cce.ptr<l1, f16>, !cce.ptr<gm, f16>
    }
    ```
  }];
  let arguments = (ins Cce_L1:$dst, Cce_Gm:$src, I64Attr:$nd_num, I64:$n_value,
                       I64:$d_value, I64Attr:$src_nd_matrix_stride,
                       I64:$src_d_value, I64:$dst_nz_c0_stride,
                       I64Attr:$dst_nz_n_stride,
                       I64Attr:$dst_nz_matrix_stride);
  let assemblyFormat = [{
    $dst `,` $src `matrices` $nd_num `rows` $n_value `columns` $d_value
    `from` $src_nd_matrix_stride $src_d_value
    `to` $dst_nz_c0_stride $dst_nz_n_stride $dst_nz_matrix_stride
    attr-dict `:` type($dst) `,` type($src)
  }];
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::MTE2; }
    ::std::string getIntrinsic();
    ::llvm::SmallVector<::mlir::Value> getReads() { return {getSrc()}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
  }];
}

def Cce_CreateCbufMatrixOp : Cce_Instruction<
    "create_cbuf_matrix", "MTE2", "", "getDst()", "", "\"create_cbuf_matrix\""> {
  let summary = "zeros in L1";
  let description = [{
    `blocks` blocks of 32 bytes, of the intrinsic's numbers the only one that is
    not fixed: one piece, of the value 0.

    (C1) elements of f16: zeros of all types have these bits. (C2) the number
    fits 15 bits, and the blocks the buffer.

    ```mlir
    cce.kernel @example cube(%x: !cce.ptr<gm, f16>) {
      %a = cce.alloc 65536 : !cce.ptr<l1, f16>
      cce.create_cbuf_matrix %a blocks 256 : !cce.ptr<l1, f16>
    }
    ```
  }];
  let arguments = (ins Cce_L1:$dst, I64Attr:$blocks);
  let assemblyFormat = "$dst `blocks` $blocks attr-dict `:` type($dst)";
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::MTE2; }
    ::std::string getIntrinsic() { return "create_cbuf_matrix"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
  }];
}

class Cce_LoadMatrix<string mnemonic, string memory, Type to, string shape,
                     string register>
    : Cce_Instruction<mnemonic, "MTE1", "getSrc()", "getDst()", "", ""> {
  let summary = "a matrix from L1 to " # memory;
  let description = [{
    The chip's load of images, of which a matrix is one: kernel and strides are
    1, and `}] # register # [{` has set its width, the rows of the fractals in L1,
    and its height, 1. Takes `step_m` rows from row `pos_m` on, and of each
    `step_k` elements from `pos_k` on, of rows of `channels` elements; with
    `transpose` the rows become columns. What arrives is dense, in the order that
    the cube reads }] # shape # [{.

    (C1) elements of f16 or f32; bf16 is moved as f16. (C2) `step_k`, `pos_k` and
    `channels` are multiples of 32 bytes of elements, `step_m` and `pos_m` of 16,
    and fit 16 bits. (C3) `dst` begins at a multiple of 512 bytes, `src` of 32.
    (C4) where the steps are known, what arrives fits the buffer.

    ```mlir
    cce.kernel @example cube(%x: !cce.ptr<gm, f16>) {
      %a = cce.alloc 65536 : !cce.ptr<l1, f16>
      %b = cce.alloc 16384 : !cce.ptr<}] # !tolower(memory) # [{, f16>
      %zero = arith.constant 0 : i64
      %k = arith.constant 64 : i64
      %m = arith.constant 128 : i64
      %channels = arith.constant 256 : i64
      %image = arith.constant 65664 : i64
      cce.}] # register # [{ %image
      cce.}] # mnemonic # [{ %b, %a steps %k %m at %zero %zero transpose false channels %channels : !cce.ptr<}]
      # !tolower(memory) # [{, f16>, !cce.ptr<l1, f16>
    }
    ```
  }];
  let arguments = (ins to:$dst, Cce_L1:$src, I64:$step_k, I64:$step_m,
                       I64:$pos_k, I64:$pos_m, BoolAttr:$transpose,
                       I64:$channels);
  let assemblyFormat = [{
    $dst `,` $src `steps` $step_k $step_m `at` $pos_k $pos_m
    `transpose` $transpose `channels` $channels attr-dict
    `:` type($dst) `,` type($src)
  }];
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::MTE1; }
    ::std::string getIntrinsic() { return "}] # mnemonic # [{"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {getSrc()}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
  }];
}
def Cce_Img2colv2CbufToCaOp : Cce_LoadMatrix<"img2colv2_cbuf_to_ca", "L0A",
    Cce_L0a, "A: by 16 rows, then 32 bytes of k", "set_fmatrix">;
def Cce_Img2colv2CbufToCbOp : Cce_LoadMatrix<"img2colv2_cbuf_to_cb", "L0B",
    Cce_L0b, "B: by 32 bytes of k, then 16 columns", "set_fmatrix_b">;

class Cce_SetImage<string mnemonic, string memory>
    : Cce_Instruction<mnemonic, "S", "", "", "getImage()"> {
  let summary = "the size of images that loads to " # memory # " read";
  let description = [{
    Bits 15 to 0 are the width, 31 to 16 the height, bytes above them what is
    padded left, right, above and below. For a matrix in L1: the rows of its
    fractals, padded ones too, and 1.

    (C1) width and height are at least 1.

    ```mlir
    cce.kernel @example cube(%x: !cce.ptr<gm, f16>) {
      %image = arith.constant 65664 : i64
      cce.}] # mnemonic # [{ %image
    }
    ```
  }];
  let arguments = (ins I64:$image);
  let assemblyFormat = "$image attr-dict";
}
def Cce_SetFmatrixOp : Cce_SetImage<"set_fmatrix", "L0A">;
def Cce_SetFmatrixBOp : Cce_SetImage<"set_fmatrix_b", "L0B">;

def Cce_MadOp : Cce_Instruction<"mad", "M", "getA(), getB(), getC()", "getC()",
    "", "\"mad\""> {
  let summary = "c = a times b, or c plus that";
  let description = [{
    `m` rows of a, `n` columns of b, `k` terms: elements of the last fractals
    that lie outside of them have no say, whatever they are. Terms are added in
    f32; in which order is the chip's. With `init` c begins at 0. `unit` is the
    unit flag (0 off, 2 keep, 3 release), `align` says that fractals of f32 are
    in pairs: k is padded to 16.

    (C1) a and b of f16, bf16 or f32, c of f32. (C2) sizes fit 12 bits. (C3) m is
    not 1, which reads a row by row. (C4) operands begin at multiples of 512
    bytes, and of 1024 in L0C. (C5) `unit` is 0, 2 or 3. (C6) `align` is for f32.
    (C7) where sizes are known, operands fit their buffers.

    ```mlir
    cce.kernel @example cube(%x: !cce.ptr<gm, f16>) {
      %a = cce.alloc 16384 : !cce.ptr<l0a, f16>
      %b = cce.alloc 32768 : !cce.ptr<l0b, f16>
      %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
      %m = arith.constant 128 : i64
      %k = arith.constant 64 : i64
      %n = arith.constant 256 : i64
      %init = arith.constant true
      cce.mad %c, %a, %b sizes %m %k %n unit 0 align false init %init : !cce.ptr<l0c, f32>, !cce.ptr<l0a, f16>, !cce.ptr<l0b, f16>
    }
    ```
  }];
  let arguments = (ins Cce_L0c:$c, Cce_L0a:$a, Cce_L0b:$b, I64:$m, I64:$k,
                       I64:$n, I64Attr:$unit, BoolAttr:$align, I1:$init);
  let assemblyFormat = [{
    $c `,` $a `,` $b `sizes` $m $k $n `unit` $unit `align` $align `init` $init
    attr-dict `:` type($c) `,` type($a) `,` type($b)
  }];
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::M; }
    ::std::string getIntrinsic() { return "mad"; }
    ::llvm::SmallVector<::mlir::Value> getReads() {
      return {getA(), getB(), getC()};
    }
    /// Known to be over before the next reaches its elements; known not to be.
    bool isLong();
    bool isShort();
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getC()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
  }];
}

def Cce_CopyMatrixCcToGmOp : Cce_Instruction<"copy_matrix_cc_to_gm", "FIX",
    "getSrc()", "getDst()", "", "\"copy_matrix_cc_to_gm\""> {
  let summary = "a product from L0C to rows in GM, rounded on the way";
  let description = [{
    `n` columns of `m` rows. `dst_stride`: elements from row to row in GM;
    `src_stride`: rows of a block of 16 columns in L0C, padded ones too. `unit`
    is the unit flag (0 off, 2 check, 3 check and release), `relu` 1 takes
    negative elements as 0. f32 to f16 and bf16 goes to the nearest, even on a
    tie. `cce.set_nd_para` has to have said that it is one matrix.

    (C1) from f32 to f32, f16 or bf16. (C2) n is at most 4095, m 8192. (C3)
    strides fit 32 and 16 bits; `src_stride` is a multiple of 16, and not less
    than m, where both are known. (C4) `src` begins at a multiple of 1024 bytes.
    (C5) `unit` is 0, 2 or 3. (C6) `relu` is 0 or 1.

    ```mlir
    cce.kernel @example cube(%y: !cce.ptr<gm, bf16>, %m: i64, %n: i64) {
      %c = cce.alloc 131072 : !cce.ptr<l0c, f32>
      %rows = arith.constant 128 : i64
      %one = arith.constant 4295032833 : i64
      cce.set_nd_para %one
      cce.copy_matrix_cc_to_gm %y, %c sizes %n %m strides %n %rows unit 0 relu 0 : !cce.ptr<gm, bf16>, !cce.ptr<l0c, f32>
    }
    ```
  }];
  let arguments = (ins Cce_Gm:$dst, Cce_L0c:$src, I64:$n, I64:$m,
                       I64:$dst_stride, I64:$src_stride, I64Attr:$unit,
                       I64Attr:$relu);
  let assemblyFormat = [{
    $dst `,` $src `sizes` $n $m `strides` $dst_stride $src_stride `unit` $unit
    `relu` $relu attr-dict `:` type($dst) `,` type($src)
  }];
  let extraClassDeclaration = [{
    ::gemel::cce::Pipe getPipe() { return ::gemel::cce::Pipe::FIX; }
    ::std::string getIntrinsic() { return "copy_matrix_cc_to_gm"; }
    ::llvm::SmallVector<::mlir::Value> getReads() { return {getSrc()}; }
    ::llvm::SmallVector<::mlir::Value> getWrites() { return {getDst()}; }
    ::llvm::SmallVector<::mlir::OpFoldResult> getFields();
  }];
}

def Cce_SetNdParaOp : Cce_Instruction<"set_nd_para", "S", "", "",
    "getPara()"> {
  let summary = "how many matrices the way out of L0C writes as rows";
  let description = [{
    Bits 15 to 0 are their number, 31 to 16 and 47 to 32 the distances from one
    to the next in L0C and in GM. For one matrix all are 1: 4295032833.

    ```mlir
    cce.kernel @example cube(%x: !cce.ptr<gm, f16>) {
      %one = arith.constant 4295032833 : i64
      cce.set_nd_para %one
    }
    ```
  }];
  let arguments = (ins I64:$para);
  let assemblyFormat = "$para attr-dict";
  let hasVerifier = 0;
}

#endif // GEMEL_CODEGEN_ASCEND_CCE_CCECUBEOPS_TD
