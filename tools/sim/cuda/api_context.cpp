// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Initialisation, primary and other contexts.

#include "driver.h"

#include <algorithm>
#include <cstdlib>

using namespace cudasim;

namespace cudasim {

Driver &driver() {
  // Never destroyed: streams may be used while the process ends.
  static Driver *d = new Driver;
  return *d;
}

std::vector<CUctx_st *> &contextStack() {
  thread_local std::vector<CUctx_st *> stack;
  return stack;
}

CUctx_st *currentContext() {
  auto &stack = contextStack();
  return stack.empty() ? nullptr : stack.back();
}

int contextError() {
  if (!driver().initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  CUctx_st *context = currentContext();
  if (!context)
    return CUDA_ERROR_INVALID_CONTEXT;
  auto &all = driver().contexts;
  if (std::find(all.begin(), all.end(), context) == all.end())
    return CUDA_ERROR_CONTEXT_IS_DESTROYED;
  return context->error;
}

} // namespace cudasim

static CUctx_st *makeContext(unsigned flags) {
  auto *context = new CUctx_st;
  context->flags = flags;
  for (CUstream_st **slot : {&context->legacy, &context->perThread}) {
    *slot = new CUstream_st;
    (*slot)->context = context;
    context->streams.push_back(*slot);
  }
  driver().contexts.push_back(context);
  return context;
}

static void destroyContext(CUctx_st *context) {
  auto &all = driver().contexts;
  std::erase(all, context);
  for (CUmod_st *module : context->modules) {
    for (uint64_t address : module->allocations)
      driver().memory->release(address);
    delete module;
  }
  for (CUstream_st *stream : context->streams)
    delete stream;
  delete context;
}

GEMEL_API CUresult cuInit(unsigned flags) {
  GEMEL_LOCK;
  if (flags)
    return CUDA_ERROR_INVALID_VALUE;
  Driver &d = driver();
  if (!d.contexts.empty())
    return CUDA_SUCCESS;
  const char *name = getenv("GEMEL_CUDA_SIM_CHIP");
  d.chip = findChip(name && *name ? name : "sm_90a");
  if (!d.chip) {
    fprintf(stderr,
            "cuda simulator: no chip '%s': GEMEL_CUDA_SIM_CHIP may be "
            "sm_80 or sm_90a\n",
            name);
    return CUDA_ERROR_INVALID_DEVICE;
  }
  if (!d.memory)
    d.memory = std::make_unique<DeviceMemory>(d.chip->memoryBytes);
  d.initialised = true;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuDevicePrimaryCtxRetain(CUcontext *out, CUdevice device) {
  GEMEL_LOCK;
  Driver &d = driver();
  if (!d.initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  if (!out)
    return CUDA_ERROR_INVALID_VALUE;
  if (!d.primary)
    d.primary = makeContext(0);
  ++d.primaryUsers;
  *out = d.primary;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
  GEMEL_LOCK;
  Driver &d = driver();
  if (!d.initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  if (!d.primary || !d.primaryUsers)
    return CUDA_ERROR_INVALID_CONTEXT;
  if (--d.primaryUsers == 0) {
    runAll(d.primary);
    destroyContext(d.primary);
    d.primary = nullptr;
  }
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuDevicePrimaryCtxRelease, cuDevicePrimaryCtxRelease_v2)

GEMEL_API CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned *flags,
                                              int *active) {
  GEMEL_LOCK;
  if (!driver().initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  if (flags)
    *flags = driver().primary ? driver().primary->flags : 0;
  if (active)
    *active = driver().primary != nullptr;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuCtxCreate_v2(CUcontext *out, unsigned flags,
                                  CUdevice device) {
  GEMEL_LOCK;
  if (!driver().initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  if (!out)
    return CUDA_ERROR_INVALID_VALUE;
  *out = makeContext(flags);
  contextStack().push_back(*out);
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuCtxCreate, cuCtxCreate_v2)

GEMEL_API CUresult cuCtxDestroy_v2(CUcontext context) {
  GEMEL_LOCK;
  auto &all = driver().contexts;
  if (std::find(all.begin(), all.end(), context) == all.end() ||
      context == driver().primary)
    return CUDA_ERROR_INVALID_CONTEXT;
  runAll(context);
  auto &stack = contextStack();
  if (!stack.empty() && stack.back() == context)
    stack.pop_back();
  destroyContext(context);
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuCtxDestroy, cuCtxDestroy_v2)

GEMEL_API CUresult cuCtxSetCurrent(CUcontext context) {
  GEMEL_LOCK;
  if (!driver().initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  auto &stack = contextStack();
  if (!stack.empty())
    stack.pop_back();
  if (context)
    stack.push_back(context);
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuCtxGetCurrent(CUcontext *context) {
  GEMEL_LOCK;
  if (!driver().initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  if (!context)
    return CUDA_ERROR_INVALID_VALUE;
  *context = currentContext();
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuCtxPushCurrent_v2(CUcontext context) {
  GEMEL_LOCK;
  if (!driver().initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  if (!context)
    return CUDA_ERROR_INVALID_CONTEXT;
  contextStack().push_back(context);
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuCtxPushCurrent, cuCtxPushCurrent_v2)

GEMEL_API CUresult cuCtxPopCurrent_v2(CUcontext *context) {
  GEMEL_LOCK;
  auto &stack = contextStack();
  if (stack.empty())
    return CUDA_ERROR_INVALID_CONTEXT;
  if (context)
    *context = stack.back();
  stack.pop_back();
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuCtxPopCurrent, cuCtxPopCurrent_v2)

GEMEL_API CUresult cuCtxGetDevice(CUdevice *device) {
  GEMEL_CONTEXT;
  if (!device)
    return CUDA_ERROR_INVALID_VALUE;
  *device = 0;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuCtxSynchronize() {
  GEMEL_CONTEXT;
  if (int e = refuseDuringCapture())
    return e;
  return runAll(currentContext());
}

GEMEL_API const char *gemelCudaSimReport() {
  GEMEL_LOCK;
  return driver().report.c_str();
}

GEMEL_API unsigned long long gemelCudaSimInstructions() {
  GEMEL_LOCK;
  return driver().instructions;
}

GEMEL_API void gemelCudaSimReset() {
  GEMEL_LOCK;
  driver().report.clear();
  for (CUctx_st *context : driver().contexts) {
    context->error = 0;
    for (CUstream_st *stream : context->streams) {
      stream->work.clear();
      stream->done = stream->enqueued;
    }
  }
}
