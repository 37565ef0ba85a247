// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One call of an operator while its arguments are being checked.
#ifndef GEMEL_RUNTIME_SRC_LAUNCH_H
#define GEMEL_RUNTIME_SRC_LAUNCH_H

#include "handles.h"

#include <cstddef>
#include <cstdint>

namespace gemel {

/// Lives on the stack of the call. Arrays are deliberately not cleared: each
/// check fills in what the later ones read.
struct Call {
  const gemel_op &op;
  const gemel_op_desc &desc;
  const void *const *args;

  /// One per axis; -1 while neither fixed nor seen. Then one per runs of the
  /// variant that is looked at.
  int64_t sizes[GEMEL_MAX_AXES];
  /// One per dtype variable; 0 while not seen.
  int32_t dtypes[GEMEL_MAX_DTYPE_VARIABLES];
  /// One per argument.
  uint64_t scalars[GEMEL_MAX_ARGUMENTS];
  /// Arguments' data, then the variant's workspaces.
  void *pointers[GEMEL_MAX_ARGUMENTS + GEMEL_MAX_WORKSPACES];
  /// Addresses [begin, end) of each argument, then of the whole workspace;
  /// 0, 0 for scalars and what is empty.
  uintptr_t begins[GEMEL_MAX_ARGUMENTS + 1];
  uintptr_t ends[GEMEL_MAX_ARGUMENTS + 1];

  Call(const gemel_op &op, const void *const *args)
      : op(op), desc(*op.desc), args(args) {}

  const gemel_array &array(int32_t index) const {
    return *static_cast<const gemel_array *>(args[index]);
  }
  bool isScalar(int32_t index) const {
    return desc.arguments[index].role == GEMEL_SCALAR;
  }
};

/// The largest size of an axis: sizes and indices are 32-bit inside operators
/// (language, Types).
inline constexpr int64_t kMaxSize = INT32_MAX;

// What each refusal says. All set the thread's sentence and return the status;
// `index` is the argument that a check stopped at, `d` its axis.
gemel_status failCount(const gemel_op &op, int32_t count);
gemel_status failNullArgument(const Call &call, int32_t index);
gemel_status failDtype(const Call &call, int32_t index);
gemel_status failRank(const Call &call, int32_t index);
gemel_status failSize(const Call &call, int32_t index, int32_t d);
gemel_status failFact(const Call &call, int32_t axis);
gemel_status failMissingVariant(const Call &call);
gemel_status failTooLarge(const Call &call, int32_t index);
gemel_status failStride(const Call &call, int32_t index, int32_t d,
                        int64_t dense);
gemel_status failDevice(const Call &call, int32_t index);
gemel_status failNullData(const Call &call, int32_t index);
/// needed: bytes that the argument must be aligned to.
gemel_status failAlignment(const Call &call, int32_t index, int32_t needed);
/// first, second: arguments, or the workspace (argument_count).
gemel_status failOverlap(const Call &call, int32_t first, int32_t second);
gemel_status failRequirement(const Call &call, int32_t requirement);

} // namespace gemel

#endif // GEMEL_RUNTIME_SRC_LAUNCH_H
