// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads an op's code into a CUDA device, before any launch.
#include "cuda_symbols.h"
#include "status.h"

#include <chrono>
#include <cstring>
#include <new>

using namespace gemel;

namespace {

/// Loads one code; what the driver says of a text is part of the sentence.
gemel_status loadModule(const CudaDevice &device, const gemel_code_desc &code,
                        const char *what, CUmodule *module) {
  char log[512] = "";
  int options[] = {kJitErrorLog, kJitErrorLogBytes};
  void *values[] = {log, reinterpret_cast<void *>(sizeof(log))};
  CUresult result =
      device.cuda->moduleLoad(module, code.data, 2, options, values);
  if (result == kCudaSuccess)
    return GEMEL_OK;
  log[sizeof(log) - 1] = '\0';
  Text place;
  place.add("%s: %s for %s%s%s", what,
            code.kind == GEMEL_PTX ? "PTX" : "the cubin", code.target,
            *log ? ", of which the driver says: " : "", log);
  return failCuda(*device.cuda, result, place.c_str(), "cuModuleLoadDataEx");
}

/// Loads the best code of a target that the driver takes.
gemel_status loadTarget(gemel_op &op, CudaOp &state, const char *target,
                        CUmodule *module) {
  const CudaDevice &device = cudaOf(*op.device);
  gemel_status status =
      fail(GEMEL_DAMAGED_LIBRARY,
           "%s: the library has no code for '%s'; build it again with gemelc",
           op.desc->name, target);
  for (int32_t i = 0; i < op.desc->code_count; ++i) {
    const gemel_code_desc &code = op.desc->code[i];
    if (strcmp(code.target, target) != 0)
      continue;
    if (state.modules[i]) {
      *module = state.modules[i];
      return GEMEL_OK;
    }
    auto begin = std::chrono::steady_clock::now();
    status = loadModule(device, code, op.desc->name, &state.modules[i]);
    if (status)
      continue; // a cubin of another chip: its text may do
    if (code.kind == GEMEL_PTX) {
      std::chrono::duration<double, std::milli> taken =
          std::chrono::steady_clock::now() - begin;
      Text note;
      note.add("%s: the driver compiled PTX for %s in %.0f ms; a library built "
               "where ptxas is installed carries machine code",
               op.desc->name, target, taken.count());
      size_t bytes = strlen(note.c_str()) + 1;
      op.note.reset(new (std::nothrow) char[bytes]);
      if (op.note)
        memcpy(op.note.get(), note.c_str(), bytes);
    }
    *module = state.modules[i];
    return GEMEL_OK;
  }
  return status;
}

gemel_status loadVariant(gemel_op &op, CudaOp &state, int32_t index,
                         CUfunction *functions) {
  const CudaDevice &device = cudaOf(*op.device);
  const gemel_variant_desc &variant = *op.variants[index];
  if (variant.launch_count == 0)
    return GEMEL_OK;
  CUmodule module = nullptr;
  if (gemel_status status = loadTarget(op, state, variant.target, &module))
    return status;
  for (int32_t i = 0; i < variant.launch_count; ++i) {
    const gemel_launch_desc &launch = variant.launches[i];
    const char *call = "cuModuleGetFunction";
    CUresult result =
        device.cuda->moduleGetFunction(&functions[i], module, launch.kernel);
    int threads = 0;
    if (result == kCudaSuccess) {
      // Asking a function something loads it, which a launch may not.
      call = "cuFuncGetAttribute";
      result = device.cuda->funcGetAttribute(&threads, kFuncMaxThreads,
                                             functions[i]);
    }
    if (result == kCudaSuccess && launch.shared_bytes > 0) {
      call = "cuFuncSetAttribute";
      result = device.cuda->funcSetAttribute(
          functions[i], kFuncMaxDynamicShared, launch.shared_bytes);
    }
    if (result != kCudaSuccess) {
      Text what;
      what.add("%s: kernel '%s'", op.desc->name, launch.kernel);
      if (launch.shared_bytes > 0)
        what.add(" with %d bytes of shared memory", launch.shared_bytes);
      return failCuda(*device.cuda, result, what.c_str(), call);
    }
    if (launch.threads > threads)
      return fail(GEMEL_DEVICE_ERROR,
                  "%s: kernel '%s' wants blocks of %d threads, but the device "
                  "runs it with %d at most",
                  op.desc->name, launch.kernel, launch.threads, threads);
  }
  return GEMEL_OK;
}

} // namespace

gemel_status gemel::loadCuda(gemel_op &op) {
  CurrentContext current(cudaOf(*op.device));
  gemel_status status = loadReachable<CudaOp>(
      op, [&](auto &code, int32_t variant, CUfunction *functions) {
        return loadVariant(op, code, variant, functions);
      });
  if (status && op.state)
    unloadCuda(op);
  return status;
}

void gemel::unloadCuda(gemel_op &op) {
  const CudaDevice &device = cudaOf(*op.device);
  CurrentContext current(device);
  auto *state = static_cast<CudaOp *>(op.state);
  for (int32_t i = 0; i < op.desc->code_count; ++i)
    if (state->modules[i])
      device.cuda->moduleUnload(state->modules[i]);
  delete state;
  op.state = nullptr;
}
