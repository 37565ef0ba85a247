// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What stands behind the opaque handles of gemel/runtime.h.
#ifndef GEMEL_RUNTIME_SRC_HANDLES_H
#define GEMEL_RUNTIME_SRC_HANDLES_H

#include <gemel/runtime.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "driver.h"

struct gemel_device {
  const gemel::Driver *driver = nullptr;
  std::unique_ptr<char[]> name;
  int32_t threadCount = 0;
  gemel_stream stream = nullptr;
  /// gemel_device_set_enqueue's; null: none.
  gemel_enqueue enqueue = nullptr;
  void *enqueueData = nullptr;
  /// The driver's own.
  void *state = nullptr;
  /// One for the handle, one per op resolved on it.
  std::atomic<int32_t> references{1};
  /// Links the devices that have not been destroyed yet.
  gemel_device *next = nullptr;
};

struct gemel_op {
  const gemel_op_desc *desc = nullptr;
  gemel_device *device = nullptr;
  /// Variants that run on the device: best target first, those of one target
  /// in manifest order.
  std::unique_ptr<const gemel_variant_desc *[]> variants;
  int32_t variantCount = 0;
  /// Slots of by-value scalars that have a default.
  uint64_t defaults[GEMEL_MAX_ARGUMENTS] = {};
  /// The driver's own.
  void *state = nullptr;
  /// What is worth knowing of how its code was loaded; null: nothing.
  std::unique_ptr<char[]> note;
  gemel_op *next = nullptr;
};

struct gemel_library {
  const gemel_manifest_desc *manifest = nullptr;
  /// From dlopen; null for a library linked into the program.
  void *image = nullptr;
  std::mutex mutex;
  /// Ops resolved so far, under `mutex`.
  gemel_op *ops = nullptr;
};

namespace gemel {

void retainDevice(gemel_device &device);
void releaseDevice(gemel_device &device);

/// The name of the device that `handle` is, or "another one, not open" for
/// null and for what is no open device. Takes a lock; for sentences.
const char *describeDevice(const gemel_device *handle);

/// Verifies every table of a manifest; `what` names it in sentences.
gemel_status checkManifest(const gemel_manifest_desc &manifest,
                           const char *what);

/// Makes the op and fills in all but `next`.
gemel_status resolveOp(const gemel_op_desc &desc, gemel_device &device,
                       gemel_op **op);

} // namespace gemel

#endif // GEMEL_RUNTIME_SRC_HANDLES_H
