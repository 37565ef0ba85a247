// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is not certain about the chip, and how the simulator reads it.

#ifndef GEMEL_SIM_ASCEND_SWITCHES_H
#define GEMEL_SIM_ASCEND_SWITCHES_H

#include <cstdint>
#include <string>

namespace ascendsim {

/// Positions of the table in switches.cpp.
enum Switch {
  kMode,
  kSeed,
  kLimit,
  kQueueDepth,
  kTime,
  kTrace,
  kUlp,
  kReciprocal,
  kProducts,
  kSumMasked,
  kInfNan,
  kUndefined,
  kMaskedBounds,
  kMaskedBytes,
  kL0cAlign,
  kFbBytes,
  kSyncAddress,
  kSyncStart,
  kHf32Bit,
  kNzStride,
  kGemv,
  kAccMode,
  kEndFlush,
  kPadGap,
  kNarrowRows,
  kManyGroups,
  kFixRound,
  kLeaky,
  kRates,
  kDispatch,
  kLatency,
  kTransfer,
  kSignal,
  kStores,
  kSwitches
};

/// The reading chosen: the position in the switch's list of readings, or the
/// number given where it takes one.
uint64_t reading(Switch which);
/// The text given, or empty.
const std::string &readingText(Switch which);
/// Reads the environment again. A sentence when it does not fit, else empty.
std::string readSwitches();
/// One line a switch, as the README prints them.
std::string describeSwitches();

/// A switch in words; `reading` is the one in force.
struct SwitchText {
  std::string variable, reading, meaning, source;
};
SwitchText describeSwitch(Switch which);

} // namespace ascendsim

#endif
