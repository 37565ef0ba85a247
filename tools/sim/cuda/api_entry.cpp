// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names of errors, and entry points by name.

#include "driver.h"

#include <cstring>
#include <dlfcn.h>
#include <string>

using namespace cudasim;

namespace {

struct ErrorName {
  int code;
  const char *name, *text;
};

// Codes of the driver API; the texts are the simulator's own.
const ErrorName kErrors[] = {
    {0, "CUDA_SUCCESS", "no error"},
    {1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {3, "CUDA_ERROR_NOT_INITIALIZED", "cuInit was not called"},
    {100, "CUDA_ERROR_NO_DEVICE", "no device"},
    {101, "CUDA_ERROR_INVALID_DEVICE", "no such device"},
    {200, "CUDA_ERROR_INVALID_IMAGE", "not a module"},
    {201, "CUDA_ERROR_INVALID_CONTEXT", "no valid context is current"},
    {209, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no code for this device"},
    {218, "CUDA_ERROR_INVALID_PTX", "the PTX could not be compiled"},
    {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the PTX is too new"},
    {400, "CUDA_ERROR_INVALID_HANDLE", "invalid handle"},
    {401, "CUDA_ERROR_ILLEGAL_STATE", "not possible in this state"},
    {500, "CUDA_ERROR_NOT_FOUND", "no such name"},
    {600, "CUDA_ERROR_NOT_READY", "not finished"},
    {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "a kernel used an illegal address"},
    {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
     "the launch needs more than there is"},
    {702, "CUDA_ERROR_LAUNCH_TIMEOUT", "a kernel did not end"},
    {709, "CUDA_ERROR_CONTEXT_IS_DESTROYED", "the context is destroyed"},
    {715, "CUDA_ERROR_ILLEGAL_INSTRUCTION", "an illegal instruction"},
    {716, "CUDA_ERROR_MISALIGNED_ADDRESS",
     "a kernel used a misaligned address"},
    {719, "CUDA_ERROR_LAUNCH_FAILED", "a kernel failed"},
    {801, "CUDA_ERROR_NOT_SUPPORTED", "not supported"},
    {900, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
     "not permitted while a stream captures"},
    {901, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
     "the capture was invalidated by an earlier error"},
    {902, "CUDA_ERROR_STREAM_CAPTURE_MERGE", "two captures would merge"},
    {903, "CUDA_ERROR_STREAM_CAPTURE_UNMATCHED",
     "the capture began in another stream"},
    {904, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED",
     "a forked stream was not joined"},
    {905, "CUDA_ERROR_STREAM_CAPTURE_ISOLATION",
     "a dependency on work outside the capture"},
    {906, "CUDA_ERROR_STREAM_CAPTURE_IMPLICIT",
     "an implicit dependency on a capturing stream"},
    {907, "CUDA_ERROR_CAPTURED_EVENT", "the event was recorded in a capture"},
    {912, "CUDA_ERROR_INVALID_CLUSTER_SIZE", "invalid cluster size"},
    {999, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

const ErrorName *findError(int code) {
  for (const ErrorName &e : kErrors)
    if (e.code == code)
      return &e;
  return nullptr;
}

} // namespace

GEMEL_API CUresult cuGetErrorName(CUresult code, const char **name) {
  if (!name)
    return CUDA_ERROR_INVALID_VALUE;
  const ErrorName *e = findError(code);
  *name = e ? e->name : nullptr;
  return e ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

GEMEL_API CUresult cuGetErrorString(CUresult code, const char **text) {
  if (!text)
    return CUDA_ERROR_INVALID_VALUE;
  const ErrorName *e = findError(code);
  *text = e ? e->text : nullptr;
  return e ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

GEMEL_API CUresult cuGetProcAddress_v2(const char *symbol, void **out,
                                       int version, uint64_t, int *status) {
  if (!symbol || !out)
    return CUDA_ERROR_INVALID_VALUE;
  (void)version;
  Dl_info info;
  *out = nullptr;
  void *self = nullptr;
  if (dladdr(reinterpret_cast<void *>(&cuGetProcAddress_v2), &info))
    self = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  if (self) {
    // The newest version of a name, as for any version from 4.0 on.
    *out = dlsym(self, (std::string(symbol) + "_v2").c_str());
    if (!*out)
      *out = dlsym(self, symbol);
    dlclose(self);
  }
  if (status)
    *status = *out ? 0 : 1; // found, or no such symbol
  return *out ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}
GEMEL_ALIAS(cuGetProcAddress, cuGetProcAddress_v2)
