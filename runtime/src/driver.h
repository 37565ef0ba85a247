// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a driver fills in: one row per kind of device.
#ifndef GEMEL_RUNTIME_SRC_DRIVER_H
#define GEMEL_RUNTIME_SRC_DRIVER_H

#include <gemel/runtime.h>

#include <cstddef>
#include <cstdint>

namespace gemel {

/// A launch after all checks: nothing in it can be wrong any more.
struct BoundLaunch {
  const gemel_op *op;
  const gemel_variant_desc *variant;
  /// Among the op's variants.
  int32_t variantIndex;
  /// The op's arrays in argument order (scalars: null), then the workspaces.
  void *const *pointers;
  /// One per axis of the op, then one per runs of the variant.
  const int64_t *sizes;
  /// One slot per argument.
  const uint64_t *scalars;
};

struct Driver {
  /// The device name up to its ':'.
  const char *name;

  /// Opens `device`, of which `name` is set, and sets `state`, `stream` and
  /// `threadCount`. parameter: what follows the ':', or null. Leaves nothing
  /// behind if it fails.
  gemel_status (*open)(gemel_device &device, const char *parameter);

  /// Releases `state`.
  void (*close)(gemel_device &device);

  /// How well code for `target` suits the device: 0 if it cannot run there,
  /// otherwise more is better.
  int32_t (*rankTarget)(const gemel_device &device, const char *target);

  /// Checks the caller's stream, the only thing that is a driver's to check.
  gemel_status (*checkStream)(const gemel_device &device, const char *opName,
                              gemel_stream stream);

  /// Loads the code of the op's variants and sets its `state` and `note`;
  /// leaves nothing behind if it fails.
  gemel_status (*load)(gemel_op &op);
  void (*unload)(gemel_op &op);

  /// Enqueues all launches of the variant, in order; if it cannot, none.
  gemel_status (*launch)(gemel_device &device, const BoundLaunch &launch,
                         gemel_stream stream);

  // Behind the functions of runtime.h of the same names; arguments are checked.
  gemel_status (*allocate)(gemel_device &device, size_t bytes, void **memory);
  void (*free)(gemel_device &device, void *memory);
  gemel_status (*copy)(gemel_device &device, void *to, const void *from,
                       size_t bytes, gemel_stream stream);
  gemel_status (*fill)(gemel_device &device, void *memory, uint8_t byte,
                       size_t bytes, gemel_stream stream);
  gemel_status (*createStream)(gemel_device &device, gemel_stream *stream);
  void (*destroyStream)(gemel_device &device, gemel_stream stream);
  gemel_status (*synchronize)(gemel_device &device, gemel_stream stream);
};

extern const Driver kCpuDriver;
extern const Driver kCudaDriver;
extern const Driver kAscendDriver;

/// The decimal number of a chip, or -1.
int parseOrdinal(const char *text);

/// Slots of a kernel that takes the most.
inline constexpr int32_t kMaxSlots =
    GEMEL_MAX_ARGUMENTS + GEMEL_MAX_WORKSPACES + GEMEL_MAX_AXES + 1;

/// Fills in a kernel's slots (library.h) but for the number of work items,
/// which comes next; how many there are.
int32_t fillSlots(const BoundLaunch &bound, uint64_t *slots);

/// If a launch may take the variant, of that index among the op's: of the best
/// target of its dtypes are all.
bool isReachable(const gemel_op &op, int32_t index);

/// Work items of one launch; false if they exceed 64 bits.
inline bool countWorkItems(const gemel_launch_desc &launch,
                           const int64_t *sizes, int64_t &items) {
  items = 1;
  for (int32_t i = 0; i < launch.work_count; ++i) {
    const gemel_work_desc &work = launch.work[i];
    int64_t size = sizes[work.axis];
    // Sizes fit 31 bits, so the sum does not wrap.
    int64_t pieces = work.step == 1 ? size
                                    : (size + work.step - 1) /
                                          static_cast<int64_t>(work.step);
    if (__builtin_mul_overflow(items, pieces, &items))
      return false;
  }
  return true;
}

} // namespace gemel

#endif // GEMEL_RUNTIME_SRC_DRIVER_H
