// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cycle model: what a launch did, and when each pipe would have done it.

#ifndef GEMEL_SIM_ASCEND_TIMELINE_H
#define GEMEL_SIM_ASCEND_TIMELINE_H

#include "core.h"

#include <map>
#include <unordered_map>

namespace ascendsim {

/// One instruction, in the order of dispatch.
struct TimelineEntry {
  uint32_t core = 0, site = 0;
  Pipe pipe = kS;
  uint8_t op = 0;
  bool cube = false;
  uint32_t block = 0, subblock = 0;
  uint32_t a = 0, b = 0, c = 0; // a flag's source, destination, id; a signal's
                                // mode and id
  double head = 0, body = 0, tail = 0; // cycles of its pipe
  double bytes = 0;                    // through the core's port to GM
  double rate = 0;                     // of the port, bytes a cycle
  uint64_t outside = 0, run = 0, pitch = 0, runs = 0; // as in Instruction
  bool stores = false;
  double conflicts = 0; // iterations whose sources meet in a bank group
  // What the replay finds.
  double start = -1, end = 0;
};

/// Which lines of GM the L2 holds, from launch to launch.
struct L2State {
  std::unordered_map<uint64_t, uint64_t>
      touched; // line: bytes moved until then
  uint64_t moved = 0;
};

struct TimelineResult {
  double cycles = 0;
  double busy[2][kPipes] = {}; // of vector and of cube cores
  uint32_t cores[2] = {};
  double read = 0, written = 0, hbm = 0; // bytes
  double conflicts = 0;                  // iterations
};

/// What one launch would have taken.
struct LaunchTime {
  std::string kernel;
  TimelineResult result;
};

/// Enters what the instruction costs; it has run.
void recordInstruction(TimelineEntry &e, const Instruction &in);
/// Runs the entries against each other: pipes, flags, shared bandwidth.
TimelineResult replay(std::vector<TimelineEntry> &entries, const Launch &launch,
                      L2State &l2);
/// Sentences about a result.
std::string describeResult(const TimelineResult &r, const Launch &launch);
/// The chip, the launches, and what their times rest on, as JSON.
std::string reportOf(const Chip &chip, const std::vector<LaunchTime> &launches);
/// Chrome's trace format, which Perfetto reads. False: the file cannot be
/// written.
bool writeTrace(const std::string &path,
                const std::vector<TimelineEntry> &entries,
                const Launch &launch);

} // namespace ascendsim

#endif
