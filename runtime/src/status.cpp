// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names of statuses and element types, and the thread's last sentence.
#include "status.h"
#include "dtype.h"

#include <cstdio>
#include <cstring>

namespace {

constexpr size_t kSentenceCapacity = 1024;
thread_local char lastError[kSentenceCapacity] = "";
thread_local uint64_t failures = 0;

} // namespace

gemel_status gemel::fail(gemel_status status, const char *format, ...) {
  // Formatted aside: an argument may be the last sentence itself.
  char sentence[kSentenceCapacity];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sentence, sizeof(sentence), format, arguments);
  va_end(arguments);
  memcpy(lastError, sentence, sizeof(lastError));
  ++failures;
  return status;
}

uint64_t gemel::failureCount() { return failures; }

void gemel::Text::addV(const char *format, va_list arguments) {
  int written =
      vsnprintf(buffer + length, kCapacity - length, format, arguments);
  if (written > 0)
    length += static_cast<size_t>(written);
  if (length >= kCapacity)
    length = kCapacity - 1;
}

void gemel::Text::add(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  addV(format, arguments);
  va_end(arguments);
}

const char *gemel_status_name(gemel_status status) {
  switch (status) {
  case GEMEL_OK:
    return "GEMEL_OK";
  case GEMEL_INVALID_ARGUMENT:
    return "GEMEL_INVALID_ARGUMENT";
  case GEMEL_WRONG_DTYPE:
    return "GEMEL_WRONG_DTYPE";
  case GEMEL_WRONG_RANK:
    return "GEMEL_WRONG_RANK";
  case GEMEL_WRONG_SIZE:
    return "GEMEL_WRONG_SIZE";
  case GEMEL_WRONG_LAYOUT:
    return "GEMEL_WRONG_LAYOUT";
  case GEMEL_MISALIGNED:
    return "GEMEL_MISALIGNED";
  case GEMEL_OVERLAP:
    return "GEMEL_OVERLAP";
  case GEMEL_WRONG_DEVICE:
    return "GEMEL_WRONG_DEVICE";
  case GEMEL_MISSING_VARIANT:
    return "GEMEL_MISSING_VARIANT";
  case GEMEL_REQUIREMENT_NOT_MET:
    return "GEMEL_REQUIREMENT_NOT_MET";
  case GEMEL_WORKSPACE_TOO_SMALL:
    return "GEMEL_WORKSPACE_TOO_SMALL";
  case GEMEL_DAMAGED_LIBRARY:
    return "GEMEL_DAMAGED_LIBRARY";
  case GEMEL_ABI_MISMATCH:
    return "GEMEL_ABI_MISMATCH";
  case GEMEL_NOT_FOUND:
    return "GEMEL_NOT_FOUND";
  case GEMEL_OUT_OF_MEMORY:
    return "GEMEL_OUT_OF_MEMORY";
  case GEMEL_UNSUPPORTED:
    return "GEMEL_UNSUPPORTED";
  case GEMEL_DEVICE_ERROR:
    return "GEMEL_DEVICE_ERROR";
  }
  return "unknown status";
}

const char *gemel_last_error(void) { return lastError; }

uint32_t gemel_abi_version(void) { return GEMEL_ABI_VERSION; }

int32_t gemel_dtype_bytes(int32_t dtype) {
  return gemel::dtypeRow(dtype).bytes;
}

const char *gemel_dtype_name(int32_t dtype) {
  return gemel::dtypeRow(dtype).name;
}
