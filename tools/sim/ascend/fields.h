// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The instructions' fields: names and limits.

#ifndef GEMEL_SIM_ASCEND_FIELDS_H
#define GEMEL_SIM_ASCEND_FIELDS_H

#include "include/cce_codes.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ascendsim {

struct Instruction;

constexpr int kMaxFields = 18;

struct Field {
  std::string_view name;
  cce_space space = cce_stack; // of an address, else the stack's
  uint64_t low = 0, high = ~0ull;
  bool raw = false;
};

struct Spec {
  std::string_view name;
  int pipe; // a Pipe, or -1: the first argument says
  uint64_t (*run)(Instruction &in);
  std::vector<Field> fields;
};

const Spec &specOf(int op);
/// The field of that name; it has to exist.
int fieldIndex(const Spec &spec, std::string_view name);
const char *typeName(int type);
uint32_t typeBytes(int type);
/// Stops the launch when an argument does not fit its field, or an address its
/// memory's alignment.
void checkFields(Instruction &in);
/// `vadd(dst = UB 0x400, ..., dstRep = 8)`.
std::string describeInstruction(const Instruction &in);

} // namespace ascendsim

#endif
