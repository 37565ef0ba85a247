// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opens CANN's ACL and words its errors.
#include "acl_symbols.h"
#include "status.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <mutex>

using namespace gemel;

namespace {

std::mutex openMutex;
AclSymbols symbols;
bool isOpen = false;

/// Errors that users meet, of acl/acl_base.h and rt_error_codes.h.
struct ErrorName {
  aclError number;
  const char *name;
} constexpr kErrorNames[] = {
    {100000, "ACL_ERROR_INVALID_PARAM"},
    {100001, "ACL_ERROR_UNINITIALIZE"},
    {107000, "ACL_ERROR_RT_PARAM_INVALID"},
    {107001, "ACL_ERROR_RT_INVALID_DEVICEID"},
    {107002, "ACL_ERROR_RT_CONTEXT_NULL"},
    {107003, "ACL_ERROR_RT_STREAM_CONTEXT"},
    {107017, "ACL_ERROR_RT_INVALID_HANDLE"},
    {107020, "ACL_ERROR_RT_TASK_TIMEOUT"},
    {207000, "ACL_ERROR_RT_FEATURE_NOT_SUPPORT"},
    {207001, "ACL_ERROR_RT_MEMORY_ALLOCATION"},
    {207002, "ACL_ERROR_RT_MEMORY_FREE"},
    {207003, "ACL_ERROR_RT_AICORE_OVER_FLOW"},
    {207004, "ACL_ERROR_RT_NO_DEVICE"},
    {207005, "ACL_ERROR_RT_RESOURCE_ALLOC_FAIL"},
    {207006, "ACL_ERROR_RT_NO_PERMISSION"},
    {207008, "ACL_ERROR_RT_NO_STREAM_RESOURCE"},
    {507000, "ACL_ERROR_RT_INTERNAL_ERROR"},
    {507014, "ACL_ERROR_RT_AICORE_TIMEOUT"},
    {507015, "ACL_ERROR_RT_AICORE_EXCEPTION"},
    {507016, "ACL_ERROR_RT_AICORE_TRAP_EXCEPTION"},
    {507027, "ACL_ERROR_RT_KERNEL_LOOKUP"},
    {507033, "ACL_ERROR_RT_DEV_SETUP_ERROR"},
    {507034, "ACL_ERROR_RT_VECTOR_CORE_TIMEOUT"},
    {507035, "ACL_ERROR_RT_VECTOR_CORE_EXCEPTION"},
    {507036, "ACL_ERROR_RT_VECTOR_CORE_TRAP_EXCEPTION"},
    {507899, "ACL_ERROR_RT_DRV_INTERNAL_ERROR"},
};
constexpr aclError kMemoryAllocation = 207001;

/// Adds the ACL's words on one line: it ends lines and indents them.
void addWords(Text &text, const char *words) {
  bool isFirst = true;
  while (*words) {
    size_t space = strspn(words, " \t\r\n");
    words += space;
    size_t length = strcspn(words, " \t\r\n");
    if (length)
      text.add("%s%.*s", isFirst ? ": " : " ", static_cast<int>(length), words);
    isFirst = false;
    words += length;
  }
}

} // namespace

const AclSymbols *gemel::openAcl(const char *what) {
  std::lock_guard<std::mutex> lock(openMutex);
  if (isOpen)
    return &symbols;
  const char *named = getenv("GEMEL_ASCEND_DRIVER");
  // The name that a host framework has opened it by, if it has.
  const char *path = named && *named ? named : "libascendcl.so";
  void *image = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!image) {
    fail(GEMEL_UNSUPPORTED,
         "%s: CANN's ACL cannot be opened (%s); install CANN and source its "
         "set_env.sh, or name another in GEMEL_ASCEND_DRIVER",
         what, dlerror());
    return nullptr;
  }
  auto find = [&](const char *symbol, auto &function) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(
        dlsym(image, symbol));
    if (!function)
      fail(GEMEL_UNSUPPORTED,
           "%s: CANN's ACL '%s' has no '%s'; install CANN 8.5 or later", what,
           path, symbol);
    return function != nullptr;
  };
  bool complete = true;
#define GEMEL_ACL_FUNCTION(result, name, symbol, parameters)                   \
  complete = complete && find(symbol, symbols.name);
#include "acl_symbols.inc"
#undef GEMEL_ACL_FUNCTION
  if (complete) {
    // A host framework may have been here before. It ends the ACL, too: one
    // aclFinalize would end it for all.
    aclError result = symbols.init(nullptr);
    if (result == kAclSuccess || result == kAclRepeatInitialize)
      isOpen = true;
    else
      failAcl(symbols, result, what, "aclInit");
  }
  // A library that has started stays: its threads run in it.
  if (!complete)
    dlclose(image);
  return isOpen ? &symbols : nullptr;
}

gemel_status gemel::failAcl(const AclSymbols &acl, aclError result,
                            const char *what, const char *call) {
  const char *name = "an error";
  for (const ErrorName &row : kErrorNames)
    if (row.number == result)
      name = row.name;
  Text text;
  text.add("%s: %s says %s (%d)", what, call, name, result);
  // Asked for after every failure, for the ACL collects them.
  if (const char *words = acl.recentWords())
    addWords(text, words);
  return fail(result == kMemoryAllocation ? GEMEL_OUT_OF_MEMORY
                                          : GEMEL_DEVICE_ERROR,
              "%s", text.c_str());
}

AscendChip gemel::findAscendChip(const char *soc) {
  constexpr int kMore = 24, kFewer = 20; // cube cores; twice the vector cores
  static constexpr AscendChip kB[] = {{"ascend910b1", kMore},
                                      {"ascend910b2", kMore},
                                      {"ascend910b3", kFewer},
                                      {"ascend910b4", kFewer}};
  // "Ascend910B4_1", "Ascend910B4-1", "ascend910b4": the letters and digits.
  char key[16] = "";
  for (size_t length = 0; *soc && length + 1 < sizeof(key); ++soc)
    if (*soc != '_' && *soc != '-')
      key[length++] = static_cast<char>(
          *soc >= 'A' && *soc <= 'Z' ? *soc - 'A' + 'a' : *soc);
  const char *rest = strncmp(key, "ascend", 6) == 0 ? key + 6 : key;
  if (strncmp(rest, "910", 3) != 0)
    return {nullptr, 0};
  rest += 3;
  // "Ascend910B" without a digit is of the first Ascend 910.
  if (rest[0] == 'b' && rest[1] >= '1' && rest[1] <= '4')
    return kB[rest[1] - '1'];
  if (rest[0] == 'b' && rest[1] >= '0' && rest[1] <= '9')
    return {"ascend910b", 0};
  // 910C: Ascend910_9391, _9382 and the like, of which 936x and 937x have fewer
  // cores; "95" is Ascend 950.
  if (rest[0] == '9' && rest[1] == '3' && rest[2] >= '0' && rest[2] <= '9')
    return {"ascend910c", rest[2] == '8' || rest[2] == '9'   ? kMore
                          : rest[2] == '6' || rest[2] == '7' ? kFewer
                                                             : 0};
  return strcmp(rest, "c") == 0 ? AscendChip{"ascend910c", 0}
                                : AscendChip{nullptr, 0};
}
