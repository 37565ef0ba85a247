// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The chips that can be simulated: one table of their facts.

#include "chip.h"

namespace ascendsim {

const char kChipSources[] =
    "core counts: Ascend/AscendNPU-IR, NPUTargetSpec.td; clock of B1, L2 and "
    "memory: hicann/pypto, A2A3.ini; other clocks and the memory's rate: a "
    "public hardware description of a serving optimiser, which disagrees with "
    "another about B4 (1500 or 1650 MHz)";

static const Chip kChips[] = {
    {"Ascend910B1", 24, 48, 1850, 64ull << 30, 192u << 20, 1600},
    {"Ascend910B2", 24, 48, 1800, 64ull << 30, 192u << 20, 1600},
    {"Ascend910B2C", 24, 48, 1800, 64ull << 30, 192u << 20, 1600},
    {"Ascend910B3", 20, 40, 1800, 64ull << 30, 192u << 20, 1600},
    {"Ascend910B4", 20, 40, 1500, 32ull << 30, 96u << 20, 800},
    {"Ascend910B4-1", 20, 40, 1500, 64ull << 30, 96u << 20, 800},
    {"Ascend910_9391", 24, 48, 1800, 64ull << 30, 192u << 20, 1600},
    {"Ascend910_9392", 24, 48, 1800, 64ull << 30, 192u << 20, 1600},
    {"Ascend910_9381", 24, 48, 1800, 64ull << 30, 192u << 20, 1600},
    {"Ascend910_9372", 20, 40, 1800, 64ull << 30, 192u << 20, 1600},
    {"Ascend910_9363", 20, 40, 1800, 64ull << 30, 192u << 20, 1600},
    {"Ascend910_9382", 24, 48, 1800, 64ull << 30, 192u << 20, 1600},
    {"Ascend910_9362", 20, 40, 1800, 64ull << 30, 192u << 20, 1600},
};

const Chip *findChip(std::string_view soc) {
  for (const Chip &chip : kChips)
    if (chip.soc == soc)
      return &chip;
  return nullptr;
}

// Sizes: Ascend/AscendNPU-IR, NPUTargetSpec.td; BT and FB: the hardware page
// of mirror-cann/asc-devkit and hicann/catlass, arch.hpp. FB: what both
// readings share. L0C is 64 in the hardware page; more than that is a switch.
const SpaceFacts kSpaces[cce_space_count] = {
    {"stack", "", 0, 1, false, false},
    {"GM", "__gm__", 0, 1, true, true},
    {"UB", "__ubuf__", 196608, 32, true, false},
    {"L1", "__cbuf__", 524288, 32, false, true},
    {"L0A", "__ca__", 65536, 512, false, true},
    {"L0B", "__cb__", 65536, 512, false, true},
    {"L0C", "__cc__", 131072, 64, false, true},
    {"FB", "__fbuf__", 2048, 128, false, true},
    {"BT", "__biasbuf__", 1024, 64, false, true},
};

} // namespace ascendsim
