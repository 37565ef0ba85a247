// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C++20 over gemel/runtime.h: handles that close themselves, arrays from spans,
// errors as values. Header only; does not need exceptions.
#ifndef GEMEL_RUNTIME_HPP
#define GEMEL_RUNTIME_HPP

#include <gemel/runtime.h>

#include <array>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace gemel {

/// Why a call failed: its status and its sentence.
struct Error {
  gemel_status status;
  std::string sentence;
};

#if defined(__cpp_exceptions)
/// What value_or_throw throws; what() is the sentence.
struct Exception : std::runtime_error {
  explicit Exception(const Error &error)
      : std::runtime_error(error.sentence), status(error.status) {}
  gemel_status status;
};
#endif

/// A value or an Error; ask only for what is there.
template <typename T>
class [[nodiscard]] Result {
public:
  Result(T value) : held(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : held(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return held.index() == 0; }
  const T &value() const & { return *std::get_if<0>(&held); }
  T &&value() && { return std::move(*std::get_if<0>(&held)); }
  const Error &error() const { return *std::get_if<1>(&held); }
  gemel_status status() const { return *this ? GEMEL_OK : error().status; }

#if defined(__cpp_exceptions)
  T value_or_throw() && {
    return *this ? std::move(*this).value() : throw Exception(error());
  }
#endif
private:
  std::variant<T, Error> held;
};

struct Done {}; // success without a value

namespace detail {

/// The result of a C call; reads this thread's sentence if it failed.
template <typename T>
Result<T> result(gemel_status status, T &&value) {
  if (status)
    return Error{status, gemel_last_error()};
  return std::forward<T>(value);
}

template <typename T, auto close>
struct Closer {
  void operator()(T *handle) const { close(handle); }
};
template <typename T, auto close>
using Handle = std::unique_ptr<T, Closer<T, close>>;

} // namespace detail

/// gemel_dtype of a C++ type that is one, else 0; bf16 and f16 are numbers.
template <typename T>
inline constexpr int32_t dtype_of = 0;
template <>
inline constexpr int32_t dtype_of<float> = GEMEL_F32;
template <>
inline constexpr int32_t dtype_of<int32_t> = GEMEL_I32;
template <>
inline constexpr int32_t dtype_of<int64_t> = GEMEL_I64;
template <>
inline constexpr int32_t dtype_of<uint8_t> = GEMEL_U8;
template <>
inline constexpr int32_t dtype_of<bool> = GEMEL_I1;

/// An open device.
class Device {
public:
  static Result<Device> open(const char *name) {
    gemel_device *handle = nullptr;
    gemel_status status = gemel_device_open(name, &handle);
    return detail::result(status, Device(handle));
  }
  gemel_device *get() const { return handle.get(); }
  const char *name() const { return gemel_device_name(get()); }
  int32_t thread_count() const { return gemel_device_thread_count(get()); }
  gemel_stream stream() const { return gemel_device_stream(get()); }

private:
  explicit Device(gemel_device *handle) : handle(handle) {}
  detail::Handle<gemel_device, gemel_device_close> handle;
};

/// A stream of a device, which must live as long.
class Stream {
public:
  static Result<Stream> create(const Device &device) {
    gemel_stream stream = nullptr;
    gemel_status status = gemel_stream_create(device.get(), &stream);
    return detail::result(status, Stream(device.get(), stream));
  }
  Stream(Stream &&other)
      : device(other.device), handle(std::exchange(other.handle, nullptr)) {}
  Stream &operator=(Stream &&other) {
    std::swap(device, other.device);
    std::swap(handle, other.handle);
    return *this;
  }
  ~Stream() { gemel_stream_destroy(device, handle); }
  gemel_stream get() const { return handle; }
  Result<Done> synchronize() const {
    return detail::result(gemel_stream_synchronize(device, handle), Done{});
  }

private:
  Stream(gemel_device *device, gemel_stream handle)
      : device(device), handle(handle) {}
  gemel_device *device;
  gemel_stream handle;
};

/// Bytes of a device, which must live as long.
class Memory {
public:
  Memory() = default;
  static Result<Memory> allocate(const Device &device, size_t bytes) {
    Memory made;
    made.device = device.get();
    made.count = bytes;
    gemel_status status =
        gemel_memory_allocate(device.get(), bytes, &made.address);
    return detail::result(status, std::move(made));
  }
  Memory(Memory &&other) { swap(other); }
  Memory &operator=(Memory &&other) {
    swap(other);
    return *this;
  }
  ~Memory() { gemel_memory_free(device, address); }
  void *data() const { return address; }
  size_t bytes() const { return count; }
  /// Enqueues a copy of as many bytes from the host, or to it.
  Result<Done> send(const Stream &stream, const void *from) {
    return detail::result(
        gemel_memory_copy(device, address, from, count, stream.get()), Done{});
  }
  Result<Done> bring(const Stream &stream, void *to) const {
    return detail::result(
        gemel_memory_copy(device, to, address, count, stream.get()), Done{});
  }
  Result<Done> fill(const Stream &stream, uint8_t byte) {
    return detail::result(
        gemel_memory_fill(device, address, byte, count, stream.get()), Done{});
  }

private:
  void swap(Memory &other) {
    std::swap(device, other.device);
    std::swap(address, other.address);
    std::swap(count, other.count);
  }
  gemel_device *device = nullptr;
  void *address = nullptr;
  size_t count = 0;
};

/// A view of an array in memory of a device: dense row-major unless strides
/// are given. Copies its sizes and strides, not the data. A rank above
/// GEMEL_MAX_RANK is kept, and refused by the launch.
class Array {
public:
  Array(const Device &device, void *data, int32_t dtype,
        std::span<const int64_t> sizes, std::span<const int64_t> strides = {})
      : data(data), dtype(dtype), rank(static_cast<int32_t>(sizes.size())),
        hasStrides(!strides.empty()), device(device.get()) {
    assert(!hasStrides || strides.size() == sizes.size());
    for (size_t i = 0; i < sizes.size() && i < GEMEL_MAX_RANK; ++i) {
      this->sizes[i] = sizes[i];
      this->strides[i] = hasStrides ? strides[i] : 0;
    }
  }
  Array(const Device &device, void *data, int32_t dtype,
        std::initializer_list<int64_t> sizes)
      : Array(device, data, dtype,
              std::span<const int64_t>(sizes.begin(), sizes.size())) {}

  /// The elements of a span as an array of these sizes, whose product is the
  /// span's length. The operator's table says which arrays are written.
  template <typename T, size_t extent>
  static Array from(const Device &device, std::span<T, extent> elements,
                    std::initializer_list<int64_t> sizes) {
    using Element = std::remove_const_t<T>;
    static_assert(dtype_of<Element> != 0, "no element type of gemel's");
    [[maybe_unused]] size_t count = 1;
    for (int64_t size : sizes)
      count *= static_cast<size_t>(size);
    assert(count == elements.size());
    return Array(device, const_cast<Element *>(elements.data()),
                 dtype_of<Element>, sizes);
  }
  /// The same for one axis.
  template <typename T, size_t extent>
  static Array from(const Device &device, std::span<T, extent> elements) {
    return from(device, elements, {static_cast<int64_t>(elements.size())});
  }
  /// An array of rank 0.
  template <typename T>
  static Array from(const Device &device, T &element) {
    return from(device, std::span<T>(&element, 1), {});
  }

  /// The C struct; valid as long as this view.
  gemel_array get() const {
    return {
        data,  dtype, rank, sizes.data(), hasStrides ? strides.data() : nullptr,
        device};
  }

private:
  void *data;
  int32_t dtype, rank;
  bool hasStrides;
  gemel_device *device;
  std::array<int64_t, GEMEL_MAX_RANK> sizes{}, strides{};
};

/// A scalar whose default is to be taken.
inline constexpr std::nullopt_t default_value = std::nullopt;

/// What a launch takes; scalars must have exactly these types.
template <typename T>
concept Argument = std::same_as<T, Array> || std::same_as<T, float> ||
                   std::same_as<T, int32_t> || std::same_as<T, int64_t> ||
                   std::same_as<T, std::nullopt_t>;

/// An operator resolved on a device; a plain reference into its library.
class Op {
public:
  explicit Op(const gemel_op *handle) : handle(handle) {}
  const gemel_op *get() const { return handle; }
  const gemel_op_desc &table() const { return *gemel_op_description(handle); }

  template <Argument... Arguments>
  Result<size_t> workspace_bytes(const Arguments &...arguments) const {
    size_t bytes = 0;
    Packed packed(arguments...);
    gemel_status status = gemel_workspace_bytes(handle, packed.pointers.data(),
                                                sizeof...(arguments), &bytes);
    return detail::result(status, std::move(bytes));
  }

  /// arguments: in the operator's order. workspace may be empty.
  template <Argument... Arguments>
  Result<Done> launch(gemel_stream stream, std::span<std::byte> workspace,
                      const Arguments &...arguments) const {
    Packed packed(arguments...);
    gemel_status status =
        gemel_launch(handle, packed.pointers.data(), sizeof...(arguments),
                     workspace.data(), workspace.size(), stream);
    return detail::result(status, Done{});
  }

private:
  /// The C arrays and the pointers to all arguments.
  template <typename... Arguments>
  struct Packed {
    std::array<gemel_array, sizeof...(Arguments) + 1> arrays;
    std::array<const void *, sizeof...(Arguments) + 1> pointers;

    explicit Packed(const Arguments &...arguments) {
      size_t index = 0;
      ((pointers[index] = pack(arrays[index], arguments), ++index), ...);
    }
    static const void *pack(gemel_array &array, const Array &argument) {
      return &(array = argument.get());
    }
    static const void *pack(gemel_array &, std::nullopt_t) { return nullptr; }
    template <typename T>
    static const void *pack(gemel_array &, const T &x) {
      return &x;
    }
  };
  const gemel_op *handle;
};

/// An open operator library.
class Library {
public:
  static Result<Library> open(const char *path) {
    gemel_library *handle = nullptr;
    gemel_status status = gemel_library_open(path, &handle);
    return detail::result(status, Library(handle));
  }
  static Result<Library> from_manifest(const gemel_manifest_desc &table) {
    gemel_library *handle = nullptr;
    gemel_status status = gemel_library_from_manifest(&table, &handle);
    return detail::result(status, Library(handle));
  }
  /// The op lives as long as the library.
  Result<Op> op(const Device &device, const char *name) const {
    const gemel_op *op = nullptr;
    gemel_status status = gemel_library_op(get(), device.get(), name, &op);
    return detail::result(status, Op(op));
  }
  /// The training pair that operator `name` is the forward of; the table lives
  /// as long as the library.
  Result<const gemel_pair_desc *> pair(const char *name) const {
    const gemel_pair_desc *pair = nullptr;
    gemel_status status = gemel_library_pair(get(), name, &pair);
    return detail::result(status, std::move(pair));
  }
  const gemel_manifest_desc &manifest() const {
    return *gemel_library_manifest(get());
  }
  gemel_library *get() const { return handle.get(); }

private:
  explicit Library(gemel_library *handle) : handle(handle) {}
  detail::Handle<gemel_library, gemel_library_close> handle;
};

} // namespace gemel

#endif // GEMEL_RUNTIME_HPP
