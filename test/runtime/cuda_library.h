// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The handmade library for CUDA, and what its tests share.
#ifndef GEMEL_TEST_RUNTIME_CUDA_LIBRARY_H
#define GEMEL_TEST_RUNTIME_CUDA_LIBRARY_H

#include "device_array.h"
#include "sim.h"

#include <cstdlib>

/// cuda_library.cpp.
extern "C" const gemel_manifest_desc cuda_manifest;

/// The handmade library on the simulated GPU, with a stream.
class Cuda : public testing::Test {
protected:
  Cuda() {
    setenv("GEMEL_CUDA_DRIVER", GEMEL_CUDA_SIM_LIBRARY, 1);
    EXPECT_OK(gemel_device_open("cuda:0", &device));
    EXPECT_OK(gemel_library_from_manifest(&cuda_manifest, &library));
    EXPECT_OK(gemel_stream_create(device, &stream));
    simtest::call<void>("gemelCudaSimReset");
  }
  ~Cuda() override {
    simtest::call<void>("gemelCudaSimReset");
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
  /// The device's context, in which the runtime works.
  CUcontext context() {
    CUcontext primary = nullptr;
    simtest::call("cuDevicePrimaryCtxRetain", &primary, 0);
    simtest::call("cuDevicePrimaryCtxRelease_v2", 0);
    return primary;
  }
  void wait() { EXPECT_OK(gemel_stream_synchronize(device, stream)); }

  gemel_device *device = nullptr;
  gemel_library *library = nullptr;
  gemel_stream stream = nullptr;
};

#endif // GEMEL_TEST_RUNTIME_CUDA_LIBRARY_H
