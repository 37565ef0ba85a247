// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cycle model: what a launch did, and when each pipe would have done it.

#include "timeline.h"

namespace ascendsim {

void recordInstruction(std::vector<TimelineEntry> &, const Instruction &) {}

} // namespace ascendsim
