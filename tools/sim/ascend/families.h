// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What runs each instruction; `include/cce_ops.inc` says which runs which.

#ifndef GEMEL_SIM_ASCEND_FAMILIES_H
#define GEMEL_SIM_ASCEND_FAMILIES_H

#include "core.h"

namespace ascendsim {

uint64_t barrier(Instruction &in);
uint64_t binary(Instruction &in);
uint64_t binaryConvert(Instruction &in);
uint64_t broadcast(Instruction &in);
uint64_t burst(Instruction &in);
uint64_t compare(Instruction &in);
uint64_t compareScalar(Instruction &in);
uint64_t compareToRegister(Instruction &in);
uint64_t convert(Instruction &in);
uint64_t convertDequant(Instruction &in);
uint64_t duplicate(Instruction &in);
uint64_t fill(Instruction &in);
uint64_t fixpipe(Instruction &in);
uint64_t flushCache(Instruction &in);
uint64_t gather(Instruction &in);
uint64_t gatherBlocks(Instruction &in);
uint64_t getCompareMask(Instruction &in);
uint64_t imageToColumns(Instruction &in);
uint64_t loadAddresses(Instruction &in);
uint64_t loadBias(Instruction &in);
uint64_t loadFractal(Instruction &in);
uint64_t loadFractals(Instruction &in);
uint64_t loadQuant(Instruction &in);
uint64_t loadRows(Instruction &in);
uint64_t loadTransposed(Instruction &in);
uint64_t mergeSorted(Instruction &in);
uint64_t multiply(Instruction &in);
uint64_t query(Instruction &in);
uint64_t reduceExtreme(Instruction &in);
uint64_t reduceGroups(Instruction &in);
uint64_t reducePairs(Instruction &in);
uint64_t reduceSum(Instruction &in);
uint64_t scalarLoad(Instruction &in);
uint64_t scalarOp(Instruction &in);
uint64_t scalarStore(Instruction &in);
uint64_t select(Instruction &in);
uint64_t setAtomic(Instruction &in);
uint64_t setCompareMask(Instruction &in);
uint64_t setFlag(Instruction &in);
uint64_t setRegister(Instruction &in);
uint64_t setSyncAddress(Instruction &in);
uint64_t signalCores(Instruction &in);
uint64_t sort(Instruction &in);
uint64_t squeeze(Instruction &in);
uint64_t storeRows(Instruction &in);
uint64_t syncMemory(Instruction &in);
uint64_t transpose(Instruction &in);
uint64_t transposeLists(Instruction &in);
uint64_t trap(Instruction &in);
uint64_t unary(Instruction &in);
uint64_t waitFlag(Instruction &in);
uint64_t waitForCores(Instruction &in);

/// The pipe that argument \p i of a flag's instruction names.
Pipe pipeOf(const Instruction &in, int i);
/// The pipe an instruction is queued in. Stops when the core lacks it.
Pipe pipeOfInstruction(Instruction &in);
/// Stops when scalar stores to GM are left in the cache.
void endOfScalarStores(Core &core);

/// What aclrtGetHardwareSyncAddr gives: no memory that a kernel may touch.
constexpr uint64_t kSyncAddressValue = 0x5f9ca0000000;

} // namespace ascendsim

#endif
