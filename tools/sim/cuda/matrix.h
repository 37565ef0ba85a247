// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Fragments of matrix instructions as matrices.

#ifndef GEMEL_SIM_CUDA_MATRIX_H
#define GEMEL_SIM_CUDA_MATRIX_H

#include "ops.h"

namespace cudasim {

enum class MatrixType : uint8_t { F16, BF16, TF32 };

/// True if all 32 lanes execute; otherwise reports.
bool wholeWarp(Warp &w, const Instr &i, uint32_t m);
/// The fragment of A (16 x k) in \p regs, row-major into \p a.
void unpackA(Warp &w, const Ref *regs, MatrixType t, int k, float *a);
/// The fragment of B (k x 8), row-major into \p b.
void unpackB(Warp &w, const Ref *regs, MatrixType t, int k, float *b);
/// D (16 x 8) = C + A B between fragments.
void multiplyTile(Warp &w, const float *a, const float *b, int k,
                  const Ref *cRegs, const Ref *dRegs, bool halfC, bool halfD);

} // namespace cudasim

#endif
