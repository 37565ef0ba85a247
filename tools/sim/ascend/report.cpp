// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the cycle model says of launches, for programs: JSON.

#include "switches.h"
#include "timeline.h"

#include <cstdio>

namespace ascendsim {

namespace {

/// What the cycle model takes for granted where nobody has measured it.
constexpr Switch kAssumed[] = {kQueueDepth, kStores,   kRates, kDispatch,
                               kLatency,    kTransfer, kSignal};

constexpr const char *kLeftOut[] = {
    "what a launch costs beside its kernel",
    "bank conflicts (counted, not charged)",
    "the instruction cache",
    "scalar arithmetic",
    "several cores on one line of GM",
    "the rest of a line of which a transfer reads a part",
};

/// A 16-bit matrix product: fractals of 16 x 16 x 16, one a cycle.
constexpr double kFractalOperations = 2 * 16 * 16 * 16;

std::string quoted(std::string_view text) {
  std::string all = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      all += '\\';
    all += c;
  }
  return all + "\"";
}

std::string number(double value) {
  char text[40];
  snprintf(text, sizeof text, "%.17g", value);
  return text;
}

/// Cycles that each pipe was busy, of all cores of a kind.
std::string busyOf(const TimelineResult &r, int cube) {
  std::string all;
  for (int p = kV; p <= kFix; ++p)
    if (r.busy[cube][p] > 0)
      all += (all.empty() ? "" : ", ") + quoted(kPipeNames[p]) + ": " +
             number(r.busy[cube][p]);
  return "{" + all + "}";
}

std::string launchOf(const LaunchTime &launch) {
  const TimelineResult &r = launch.result;
  return "{\"kernel\": " + quoted(launch.kernel) +
         ", \"cycles\": " + number(r.cycles) +
         ", \"gm_read\": " + number(r.read) +
         ", \"gm_written\": " + number(r.written) +
         ", \"memory\": " + number(r.hbm) +
         ", \"conflicts\": " + number(r.conflicts) +
         ", \"busy\": {\"vector\": " + busyOf(r, 0) +
         ", \"cube\": " + busyOf(r, 1) + "}}";
}

std::string chipOf(const Chip &chip) {
  return "{\"soc\": " + quoted(chip.soc) +
         ", \"hertz\": " + number(chip.clockMHz * 1e6) +
         ", \"cube_cores\": " + number(chip.cubeCores) +
         ", \"vector_cores\": " + number(chip.vectorCores) +
         ", \"memory_bytes_per_second\": " + number(chip.memoryGBs * 1e9) +
         ", \"matrix_operations_per_second\": " +
         number(kFractalOperations * chip.cubeCores * chip.clockMHz * 1e6) +
         ", \"source\": " + quoted(kChipSources) + "}";
}

} // namespace

std::string reportOf(const Chip &chip,
                     const std::vector<LaunchTime> &launches) {
  std::string times, assumed, leftOut;
  for (const LaunchTime &launch : launches)
    times += (times.empty() ? "" : ",\n ") + launchOf(launch);
  for (Switch which : kAssumed) {
    SwitchText text = describeSwitch(which);
    assumed += (assumed.empty() ? "" : ",\n ") +
               ("{\"switch\": " + quoted(text.variable)) +
               ", \"reading\": " + quoted(text.reading) +
               ", \"meaning\": " + quoted(text.meaning) +
               ", \"source\": " + quoted(text.source) + "}";
  }
  for (const char *what : kLeftOut)
    leftOut += (leftOut.empty() ? "" : ", ") + quoted(what);
  return "{\"chip\": " + chipOf(chip) + ",\n\"launches\": [" + times +
         "],\n\"assumed\": [" + assumed + "],\n\"left_out\": [" + leftOut +
         "]}\n";
}

} // namespace ascendsim
