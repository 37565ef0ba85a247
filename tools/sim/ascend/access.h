// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How instructions reach memory: bounds, races, defined bytes.

#ifndef GEMEL_SIM_ASCEND_ACCESS_H
#define GEMEL_SIM_ASCEND_ACCESS_H

#include "core.h"

namespace ascendsim {

/// Host address of \p bytes of a memory, which have to lie in it. \p field
/// names the operand in reports.
uint8_t *locate(const Instruction &in, int field, cce_space space,
                uint64_t address, uint64_t bytes, bool isWrite);
/// Enters a read: stops on a race. Whether every byte is defined.
bool enterRead(const Instruction &in, int field, cce_space space,
               uint64_t address, uint64_t bytes);
/// Enters a write of defined or undefined bytes: stops on a race.
void enterWrite(const Instruction &in, int field, cce_space space,
                uint64_t address, uint64_t bytes, bool defined,
                Kind kind = kWrite);
/// The same for some bytes of one block of 32 of a core's memory.
bool enterReadBlock(const Instruction &in, int field, cce_space space,
                    uint64_t address, uint32_t mask);
void enterWriteBlock(const Instruction &in, int field, cce_space space,
                     uint64_t address, uint32_t mask, bool defined);

bool isDefined(const Instruction &in, cce_space space, uint64_t address,
               uint64_t bytes);
void define(const Instruction &in, cce_space space, uint64_t address,
            uint64_t bytes, bool value);
/// Copies which bytes are defined, byte by byte.
void copyDefined(const Instruction &in, cce_space dst, uint64_t to,
                 cce_space src, uint64_t from, uint64_t bytes);

/// Stops unless the address is a multiple of \p alignment.
void needAligned(const Instruction &in, int field, uint64_t alignment);
/// Stops: an undefined byte is used where it matters.
[[noreturn]] void undefinedUse(const Instruction &in, int field,
                               cce_space space, uint64_t address,
                               const char *use);
/// The address of the first undefined byte.
uint64_t firstUndefined(const Instruction &in, cce_space space,
                        uint64_t address, uint64_t bytes);

} // namespace ascendsim

#endif
