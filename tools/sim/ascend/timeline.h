// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cycle model: what a launch did, and when each pipe would have done it.

#ifndef GEMEL_SIM_ASCEND_TIMELINE_H
#define GEMEL_SIM_ASCEND_TIMELINE_H

#include "core.h"

namespace ascendsim {

/// One instruction as the model sees it.
struct TimelineEntry {
  uint32_t core, site;
  Pipe pipe;
  uint8_t op;
  uint32_t a, b;    // flags: source and destination, id; signals: id
  double cycles;    // on its pipe, transfers without the time of their bytes
  double bytes;     // over the core's port
  uint64_t outside; // GM address, 0: none
};

void recordInstruction(std::vector<TimelineEntry> &entries,
                       const Instruction &in);

} // namespace ascendsim

#endif
