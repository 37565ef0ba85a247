// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// CUDA's driver, opened at run time.
#ifndef GEMEL_RUNTIME_SRC_CUDA_SYMBOLS_H
#define GEMEL_RUNTIME_SRC_CUDA_SYMBOLS_H

#include "device_code.h"
#include "handles.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace gemel {

// As the CUDA Driver API reference has them.
using CUresult = int;
using CUdevice = int;
using CUdeviceptr = uint64_t;
using CUcontext = struct CUctx_st *;
using CUmodule = struct CUmod_st *;
using CUfunction = struct CUfunc_st *;
using CUstream = struct CUstream_st *;

inline constexpr CUresult kCudaSuccess = 0, kCudaOutOfMemory = 2,
                          kCudaNoDevice = 100, kCudaInvalidImage = 200,
                          kCudaNoBinaryForGpu = 209;
inline constexpr int kComputeCapabilityMajor = 75,
                     kComputeCapabilityMinor = 76; // CUdevice_attribute
inline constexpr int kFuncMaxThreads = 0, kFuncMaxDynamicShared = 8;
inline constexpr int kJitErrorLog = 5, kJitErrorLogBytes = 6; // CUjit_option
inline constexpr unsigned kStreamNonBlocking = 1;

struct CUlaunchAttribute {
  int id; // CUlaunchAttributeID
  char padding[4];
  union {
    int programmaticStreamSerializationAllowed;
    char bytes[64];
  } value;
};
struct CUlaunchConfig {
  unsigned gridDimX, gridDimY, gridDimZ;
  unsigned blockDimX, blockDimY, blockDimZ;
  unsigned sharedMemBytes;
  CUstream hStream;
  CUlaunchAttribute *attrs;
  unsigned numAttrs;
};
inline constexpr int kProgrammaticStreamSerialization = 6;

struct CudaSymbols {
#define GEMEL_CUDA_FUNCTION(name, symbol, parameters)                          \
  CUresult(*name) parameters;
#include "cuda_symbols.inc"
#undef GEMEL_CUDA_FUNCTION
};

/// Opens the driver, once a process: what GEMEL_CUDA_DRIVER names, else
/// libcuda.so.1. Null after a failure whose sentence begins with `what`.
const CudaSymbols *openCuda(const char *what);

struct CudaDevice {
  const CudaSymbols *cuda;
  CUdevice device;
  CUcontext context;
  int major, minor; ///< compute capability
};

inline CudaDevice &cudaOf(const gemel_device &device) {
  return *static_cast<CudaDevice *>(device.state);
}

/// The device's context is current while this lives.
class CurrentContext {
public:
  explicit CurrentContext(const CudaDevice &device) : cuda(*device.cuda) {
    CUcontext current = nullptr;
    cuda.ctxGetCurrent(&current);
    pushed = current != device.context &&
             cuda.ctxPush(device.context) == kCudaSuccess;
  }
  ~CurrentContext() {
    CUcontext popped;
    if (pushed)
      cuda.ctxPop(&popped);
  }
  CurrentContext(const CurrentContext &) = delete;
  CurrentContext &operator=(const CurrentContext &) = delete;

private:
  const CudaSymbols &cuda;
  bool pushed;
};

/// "what: call says CUDA_ERROR_... (its sentence)".
gemel_status failCuda(const CudaSymbols &cuda, CUresult result,
                      const char *what, const char *call);

/// Code of an op on a device.
using CudaOp = DeviceCode<CUmodule, CUfunction>;

// load_cuda.cpp
gemel_status loadCuda(gemel_op &op);
void unloadCuda(gemel_op &op);

} // namespace gemel

#endif // GEMEL_RUNTIME_SRC_CUDA_SYMBOLS_H
