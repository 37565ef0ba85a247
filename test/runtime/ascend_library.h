// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The handmade library for Ascend, and what its tests share.
#ifndef GEMEL_TEST_RUNTIME_ASCEND_LIBRARY_H
#define GEMEL_TEST_RUNTIME_ASCEND_LIBRARY_H

#include "device_array.h"
#include "sim.h"

#include <cstdlib>

/// ascend_library.cpp; what the stand-in ccec made is read at the first call.
const gemel_manifest_desc &ascendManifest();

/// The handmade library on the simulated CANN, with a stream.
class Ascend : public testing::Test {
protected:
  Ascend() {
    EXPECT_OK(gemel_device_open("ascend:0", &device));
    EXPECT_OK(gemel_library_from_manifest(&ascendManifest(), &library));
    EXPECT_OK(gemel_stream_create(device, &stream));
    simtest::call<void>("gemelAscendSimReset");
  }
  ~Ascend() override {
    simtest::call<void>("gemelAscendSimReset");
    gemel_stream_destroy(device, stream);
    gemel_library_close(library);
    gemel_device_close(device);
  }
  const gemel_op *op(const char *name) { return op(name, device); }
  const gemel_op *op(const char *name, gemel_device *on) {
    const gemel_op *found = nullptr;
    EXPECT_OK(gemel_library_op(library, on, name, &found));
    return found;
  }
  template <typename T>
  DeviceArray<T> array(std::vector<T> values) {
    return DeviceArray<T>(device, std::move(values));
  }
  void wait() { EXPECT_OK(gemel_stream_synchronize(device, stream)); }

  gemel_device *device = nullptr;
  gemel_library *library = nullptr;
  gemel_stream stream = nullptr;
};

/// The chip that is simulated, "Ascend910B2" if the environment names none.
inline std::string simulatedChip() {
  const char *soc = getenv("GEMEL_ASCEND_SIM_SOC");
  return soc ? soc : "Ascend910B2";
}

#endif // GEMEL_TEST_RUNTIME_ASCEND_LIBRARY_H
