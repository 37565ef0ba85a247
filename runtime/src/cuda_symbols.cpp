// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Opens CUDA's driver and words its errors.
#include "cuda_symbols.h"
#include "status.h"

#include <cstdlib>
#include <dlfcn.h>
#include <mutex>

using namespace gemel;

namespace {

std::mutex openMutex;
CudaSymbols symbols;
bool isOpen = false;

} // namespace

const CudaSymbols *gemel::openCuda(const char *what) {
  std::lock_guard<std::mutex> lock(openMutex);
  if (isOpen)
    return &symbols;
  const char *named = getenv("GEMEL_CUDA_DRIVER");
  const char *path = named && *named ? named : "libcuda.so.1";
  void *image = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!image) {
    fail(GEMEL_UNSUPPORTED,
         "%s: CUDA's driver cannot be opened (%s); install it, or name another "
         "in GEMEL_CUDA_DRIVER",
         what, dlerror());
    return nullptr;
  }
  auto find = [&](const char *symbol, auto &function) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(
        dlsym(image, symbol));
    if (!function)
      fail(GEMEL_UNSUPPORTED,
           "%s: CUDA's driver '%s' has no '%s'; install one of CUDA 12 or "
           "later",
           what, path, symbol);
    return function != nullptr;
  };
  bool complete = true;
#define GEMEL_CUDA_FUNCTION(name, symbol, parameters)                          \
  complete = complete && find(symbol, symbols.name);
#include "cuda_symbols.inc"
#undef GEMEL_CUDA_FUNCTION
  if (complete) {
    CUresult result = symbols.init(0);
    if (result == kCudaSuccess)
      isOpen = true;
    else
      failCuda(symbols, result, what, "cuInit");
  }
  // A driver that has started stays: its threads run in it.
  if (!complete)
    dlclose(image);
  return isOpen ? &symbols : nullptr;
}

gemel_status gemel::failCuda(const CudaSymbols &cuda, CUresult result,
                             const char *what, const char *call) {
  const char *name = nullptr, *sentence = nullptr;
  cuda.getErrorName(result, &name);
  cuda.getErrorString(result, &sentence);
  return fail(result == kCudaOutOfMemory ? GEMEL_OUT_OF_MEMORY
                                         : GEMEL_DEVICE_ERROR,
              "%s: %s says %s (%s)", what, call, name ? name : "an error",
              sentence ? sentence : "unknown");
}
