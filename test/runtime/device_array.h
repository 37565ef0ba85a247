// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arrays in memory of a device that the host does not see.
#ifndef GEMEL_TEST_RUNTIME_DEVICE_ARRAY_H
#define GEMEL_TEST_RUNTIME_DEVICE_ARRAY_H

#include "support.h"

/// An array in memory of a device.
template <typename T>
class DeviceArray {
public:
  DeviceArray(gemel_device *device, std::vector<T> values)
      : device(device), count(values.size()) {
    EXPECT_OK(gemel_memory_allocate(device, count * sizeof(T), &memory));
    write(values);
  }
  ~DeviceArray() { gemel_memory_free(device, memory); }
  DeviceArray(const DeviceArray &) = delete;
  T *data() const { return static_cast<T *>(memory); }
  void write(const std::vector<T> &values, gemel_stream stream = nullptr) {
    EXPECT_OK(gemel_memory_copy(device, memory, values.data(),
                                count * sizeof(T), stream));
    EXPECT_OK(gemel_stream_synchronize(device, stream));
  }
  std::vector<T> read(gemel_stream stream = nullptr) const {
    std::vector<T> values(count);
    EXPECT_OK(gemel_memory_copy(device, values.data(), memory,
                                count * sizeof(T), stream));
    EXPECT_OK(gemel_stream_synchronize(device, stream));
    return values;
  }

private:
  gemel_device *device;
  size_t count;
  void *memory = nullptr;
};

/// 1, 2, ... count, times `scale`.
template <typename T>
std::vector<T> counting(size_t count, T scale = 1) {
  std::vector<T> values(count);
  for (size_t i = 0; i < count; ++i)
    values[i] = static_cast<T>(i + 1) * scale;
  return values;
}

#endif // GEMEL_TEST_RUNTIME_DEVICE_ARRAY_H
