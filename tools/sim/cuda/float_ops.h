// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the floating-point families share.

#ifndef GEMEL_SIM_CUDA_FLOAT_OPS_H
#define GEMEL_SIM_CUDA_FLOAT_OPS_H

#include "decode.h"
#include "numeric.h"

namespace cudasim {

/// Takes .rn, .rz, .rm or .rp.
bool takeRound(Decoder &d, Round &round);

/// add, sub, mul, fma, div, rcp and sqrt rounded as Instr::sub says: bit 0
/// .ftz, bit 1 .sat, from bit 2 on a Round.
Execute roundedArithmetic(std::string_view op, bool wide);

} // namespace cudasim

#endif
