// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the copying pipes share.

#ifndef GEMEL_SIM_ASCEND_MOVE_H
#define GEMEL_SIM_ASCEND_MOVE_H

#include "access.h"

namespace ascendsim {

/// Copies bytes, and with them whether they are defined. What goes to GM has
/// to be defined, and obeys the mode of atomics.
void moveBytes(Instruction &in, cce_space dst, uint64_t to, cce_space src,
               uint64_t from, uint64_t bytes);
/// Stores computed bytes to GM.
void storeBytes(Instruction &in, uint64_t to, const uint8_t *data,
                uint64_t bytes);

} // namespace ascendsim

#endif
