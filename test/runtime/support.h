// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the runtime's tests share: the handmade library and calls of its ops.
#ifndef GEMEL_TEST_RUNTIME_SUPPORT_H
#define GEMEL_TEST_RUNTIME_SUPPORT_H

#include <gemel/runtime.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <initializer_list>
#include <memory>
#include <new>
#include <string>
#include <vector>

/// handmade_library.c, linked in.
extern "C" const gemel_manifest_desc handmade_manifest;

/// A refusal has its status and exactly this sentence.
#define EXPECT_REFUSED(call, status, sentence)                                 \
  do {                                                                         \
    EXPECT_EQ(gemel_status_name(call), std::string(#status));                  \
    EXPECT_STREQ(gemel_last_error(), sentence);                                \
  } while (0)

#define EXPECT_OK(call) EXPECT_EQ(call, GEMEL_OK) << gemel_last_error()
#define ASSERT_OK(call) ASSERT_EQ(call, GEMEL_OK) << gemel_last_error()

/// Elements whose first byte is aligned to 64.
template <typename T>
class Buffer {
public:
  explicit Buffer(size_t count, T value = T())
      : length(count),
        first(static_cast<T *>(operator new(count * sizeof(T), kAlignment))) {
    std::uninitialized_fill_n(first, count, value);
  }
  ~Buffer() { operator delete(first, kAlignment); }
  Buffer(const Buffer &) = delete;
  T *data() { return first; }
  T &operator[](size_t index) { return first[index]; }
  size_t size() const { return length; }
  bool all(T value) const {
    for (size_t i = 0; i < length; ++i)
      if (memcmp(&first[i], &value, sizeof(T)) != 0)
        return false;
    return true;
  }

private:
  static constexpr std::align_val_t kAlignment{64};
  size_t length;
  T *first;
};

template <typename T>
struct DtypeOf;
template <>
struct DtypeOf<float> {
  static constexpr int32_t value = GEMEL_F32;
};
template <>
struct DtypeOf<int32_t> {
  static constexpr int32_t value = GEMEL_I32;
};
template <>
struct DtypeOf<uint8_t> {
  static constexpr int32_t value = GEMEL_U8;
};

/// A call being put together: right at first, then a test breaks one thing.
class Call {
public:
  Call(const gemel_op *op, gemel_device *device)
      : device(device), op(op), stream(gemel_device_stream(device)) {}

  template <typename T>
  Call &array(T *data, std::initializer_list<int64_t> axisSizes) {
    std::copy(axisSizes.begin(), axisSizes.end(), sizes[count].begin());
    return add({data, DtypeOf<T>::value, static_cast<int32_t>(axisSizes.size()),
                sizes[count].data(), nullptr, device});
  }
  template <typename T>
  Call &scalar(T value) {
    memcpy(&values[count], &value, sizeof(value));
    args[count] = &values[count];
    ++count;
    return *this;
  }
  Call &noScalar() {
    args[count++] = nullptr;
    return *this;
  }

  gemel_status workspaceBytes(size_t *bytes) {
    return gemel_workspace_bytes(op, args.data(), count, bytes);
  }
  gemel_status launch(void *workspace = nullptr, size_t bytes = 0) {
    return gemel_launch(op, args.data(), count, workspace, bytes, stream);
  }

  Call(const Call &) = delete;
  gemel_device *device;
  const gemel_op *op;
  gemel_stream stream;
  int32_t count = 0;
  std::array<gemel_array, GEMEL_MAX_ARGUMENTS> arrays = {};
  std::array<std::array<int64_t, GEMEL_MAX_RANK>, GEMEL_MAX_ARGUMENTS> sizes =
      {};
  std::array<uint64_t, GEMEL_MAX_ARGUMENTS> values = {};
  std::array<const void *, GEMEL_MAX_ARGUMENTS> args = {};

private:
  Call &add(const gemel_array &array) {
    arrays[count] = array;
    args[count] = &arrays[count];
    ++count;
    return *this;
  }
};

/// The handmade library, linked in, on two threads.
class Handmade : public testing::Test {
protected:
  explicit Handmade(const char *deviceName = "cpu:2") {
    EXPECT_OK(gemel_device_open(deviceName, &device));
    EXPECT_OK(gemel_library_from_manifest(&handmade_manifest, &library));
  }
  ~Handmade() override {
    gemel_library_close(library);
    gemel_device_close(device);
  }
  const gemel_op *op(const char *name) { return op(name, device); }
  const gemel_op *op(const char *name, gemel_device *on) {
    const gemel_op *found = nullptr;
    EXPECT_OK(gemel_library_op(library, on, name, &found));
    return found;
  }

  gemel_device *device = nullptr;
  gemel_library *library = nullptr;
};

#endif // GEMEL_TEST_RUNTIME_SUPPORT_H
