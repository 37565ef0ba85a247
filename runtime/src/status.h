// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a function of the runtime fails: a status and this thread's sentence.
#ifndef GEMEL_RUNTIME_SRC_STATUS_H
#define GEMEL_RUNTIME_SRC_STATUS_H

#include <gemel/runtime.h>

#include <cstdarg>
#include <cstddef>
#include <cstdint>

namespace gemel {

/// Sets this thread's sentence and returns `status`. Cold, so that the checks
/// that call it stay straight-line code.
[[gnu::cold, gnu::noinline, gnu::format(printf, 2, 3)]] gemel_status
fail(gemel_status status, const char *format, ...);

/// How often this thread has failed.
uint64_t failureCount();

/// Text that is put together in pieces and cut at its capacity.
class Text {
public:
  [[gnu::format(printf, 2, 3)]] void add(const char *format, ...);
  void addV(const char *format, va_list arguments);
  const char *c_str() const { return buffer; }

private:
  static constexpr size_t kCapacity = 1024;
  char buffer[kCapacity] = "";
  size_t length = 0;
};

} // namespace gemel

#endif // GEMEL_RUNTIME_SRC_STATUS_H
