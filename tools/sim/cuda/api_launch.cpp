// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions' attributes and kernel launches.

#include "driver.h"
#include "races.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

using namespace cudasim;

static uint64_t environmentNumber(const char *name, uint64_t otherwise) {
  const char *text = getenv(name);
  return text && *text ? strtoull(text, nullptr, 0) : otherwise;
}

static int registersOf(const Function &f) {
  if (f.maxRegisters)
    return static_cast<int>(f.maxRegisters);
  // What ptxas would need is not known: what is declared, within what the
  // block size leaves.
  uint32_t threads = std::max(
      f.maxThreads[0] * f.maxThreads[1] * f.maxThreads[2],
      f.requiredThreads[0] * f.requiredThreads[1] * f.requiredThreads[2]);
  uint32_t most = threads ? std::min(255u, 65536 / threads / 8 * 8) : 255;
  return static_cast<int>(
      std::min(most, std::min(128u, std::max(16u, f.registerCount))));
}

static int maxThreadsOf(const Function &f) {
  uint32_t limit = f.maxThreads[0] * f.maxThreads[1] * f.maxThreads[2];
  uint32_t required =
      f.requiredThreads[0] * f.requiredThreads[1] * f.requiredThreads[2];
  if (required)
    limit = required;
  return limit ? static_cast<int>(std::min(limit, 1024u)) : 1024;
}

static int dynamicLimit(const CUfunc_st &f) {
  int left = driver().chip->sharedPerBlockBytes -
             static_cast<int>(f.function->sharedBytes);
  return std::max(f.maxDynamicShared, std::max(left, 0));
}

GEMEL_API CUresult cuFuncGetAttribute(int *value, int attribute, CUfunction f) {
  GEMEL_CONTEXT;
  if (!value || !f)
    return CUDA_ERROR_INVALID_VALUE;
  const Function &fn = *f->function;
  switch (attribute) {
  case CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
    *value = maxThreadsOf(fn);
    break;
  case CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES:
    *value = static_cast<int>(fn.sharedBytes);
    break;
  case CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES: {
    uint64_t bytes = 0;
    for (auto &[name, v] : f->module->module->variables)
      if (v->space == Space::Const)
        bytes += v->size;
    *value = static_cast<int>(bytes);
    break;
  }
  case CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES:
    *value = static_cast<int>(fn.localBytes);
    break;
  case CU_FUNC_ATTRIBUTE_NUM_REGS:
    *value = registersOf(fn);
    break;
  case CU_FUNC_ATTRIBUTE_PTX_VERSION: {
    int n = 0;
    for (char c : f->module->module->target)
      if (c >= '0' && c <= '9')
        n = n * 10 + (c - '0');
    *value = n;
    break;
  }
  case CU_FUNC_ATTRIBUTE_BINARY_VERSION:
    *value = driver().chip->major * 10 + driver().chip->minor;
    break;
  case CU_FUNC_ATTRIBUTE_CACHE_MODE_CA:
    *value = 0;
    break;
  case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
    *value = dynamicLimit(*f);
    break;
  case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT:
    *value = f->carveout;
    break;
  default:
    if (attribute < 0 || attribute > 15)
      return CUDA_ERROR_INVALID_VALUE;
    *value = 0;
  }
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuFuncSetAttribute(CUfunction f, int attribute, int value) {
  GEMEL_CONTEXT;
  if (!f)
    return CUDA_ERROR_INVALID_HANDLE;
  switch (attribute) {
  case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
    if (value < 0 || value + static_cast<int>(f->function->sharedBytes) >
                         driver().chip->sharedOptInBytes)
      return CUDA_ERROR_INVALID_VALUE;
    f->maxDynamicShared = value;
    return CUDA_SUCCESS;
  case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT:
    if (value < -1 || value > 100)
      return CUDA_ERROR_INVALID_VALUE;
    f->carveout = value;
    return CUDA_SUCCESS;
  default:
    return CUDA_ERROR_INVALID_VALUE;
  }
}

GEMEL_API CUresult cuFuncSetCacheConfig(CUfunction f, int) {
  GEMEL_CONTEXT;
  return f ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

GEMEL_API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(
    int *count, CUfunction f, int threads, size_t dynamicShared) {
  GEMEL_CONTEXT;
  if (!count || !f || threads <= 0)
    return CUDA_ERROR_INVALID_VALUE;
  uint64_t shared = f->function->sharedBytes + dynamicShared;
  *count = 0;
  if (threads <= maxThreadsOf(*f->function) &&
      shared <= static_cast<uint64_t>(driver().chip->sharedOptInBytes))
    *count = static_cast<int>(driver().chip->ctasPerMultiprocessor(
        static_cast<uint32_t>(threads), static_cast<uint32_t>(shared),
        static_cast<uint32_t>(registersOf(*f->function))));
  return CUDA_SUCCESS;
}

namespace {

struct Shape {
  uint32_t grid[3], block[3], dynamicShared;
  bool overlaps;
};

int execute(const std::shared_ptr<Module> &module, const Function *function,
            const Shape &shape, const std::vector<uint8_t> &params) {
  Driver &d = driver();
  Launch launch;
  launch.module = module;
  launch.kernel = function;
  std::copy_n(shape.grid, 3, launch.grid);
  std::copy_n(shape.block, 3, launch.block);
  launch.dynamicShared = shape.dynamicShared;
  launch.params = params;
  launch.overlaps = shape.overlaps;
  launch.chip = d.chip;
  launch.memory = d.memory.get();
  launch.seed = environmentNumber("GEMEL_CUDA_SIM_SEED", 0);
  launch.limit = environmentNumber("GEMEL_CUDA_SIM_LIMIT", 20000000000ull);
  uint32_t align = 16;
  for (auto &[name, v] : module->variables)
    if (v->isDynamicShared)
      align = std::max(align, v->align);
  for (auto &v : function->variables)
    if (v->isDynamicShared)
      align = std::max(align, v->align);
  uint32_t start = (function->sharedBytes + align - 1) / align * align;
  launch.dynamicSharedBase = kSharedBase + start;
  launch.sharedBytes =
      shape.dynamicShared ? start + shape.dynamicShared : function->sharedBytes;
  const char *mode = getenv("GEMEL_CUDA_SIM");
  std::unique_ptr<Races> races;
  if (!mode || std::string_view(mode) != "fast")
    races = std::make_unique<Races>(launch);
  launch.races = races.get();
  int result = runLaunch(launch);
  d.instructions += launch.instructions;
  if (launch.failed) {
    d.report = launch.report;
    fprintf(stderr, "cuda simulator: %s\n", launch.report.c_str());
  }
  return result;
}

/// Copies the arguments into a parameter buffer.
int gather(const Function &f, void **params, void **extra,
           std::vector<uint8_t> &out) {
  out.assign(f.paramBytes, 0);
  if (params) {
    for (size_t i = 0; i < f.params.size(); ++i) {
      if (!params[i])
        return CUDA_ERROR_INVALID_VALUE;
      memcpy(&out[f.params[i]->offset], params[i], f.params[i]->size);
    }
    return CUDA_SUCCESS;
  }
  const void *buffer = nullptr;
  size_t bytes = 0;
  // Pairs of a name (1: buffer, 2: size) and a value, ended by 0.
  for (void **p = extra; p && *p; p += 2) {
    if (*p == reinterpret_cast<void *>(1))
      buffer = p[1];
    else if (*p == reinterpret_cast<void *>(2))
      bytes = *static_cast<size_t *>(p[1]);
    else
      return CUDA_ERROR_INVALID_VALUE;
  }
  if (f.paramBytes && (!buffer || bytes < f.paramBytes))
    return CUDA_ERROR_INVALID_VALUE;
  if (f.paramBytes)
    memcpy(out.data(), buffer, f.paramBytes);
  return CUDA_SUCCESS;
}

} // namespace

int cudasim::launchKernel(CUfunc_st *f, const unsigned *grid,
                          const unsigned *block, unsigned sharedBytes,
                          bool overlaps, CUstream handle, void **params,
                          void **extra) {
  CUstream_st *stream = streamOf(handle);
  if (!f || !stream)
    return CUDA_ERROR_INVALID_HANDLE;
  const Function &fn = *f->function;
  uint64_t threads = uint64_t(block[0]) * block[1] * block[2];
  if (!threads || threads > 1024 || block[2] > 64 || !grid[0] || !grid[1] ||
      !grid[2] || grid[0] > 2147483647u || grid[1] > 65535 || grid[2] > 65535)
    return CUDA_ERROR_INVALID_VALUE;
  if (fn.requiredThreads[0])
    for (int i = 0; i < 3; ++i)
      if (block[i] != fn.requiredThreads[i])
        return CUDA_ERROR_INVALID_VALUE;
  if (threads > static_cast<uint64_t>(maxThreadsOf(fn)))
    return CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES;
  if (sharedBytes > static_cast<unsigned>(dynamicLimit(*f)))
    return CUDA_ERROR_INVALID_VALUE;
  std::vector<uint8_t> buffer;
  if (int e = gather(fn, params, extra, buffer))
    return e;
  Shape shape;
  std::copy_n(grid, 3, shape.grid);
  std::copy_n(block, 3, shape.block);
  shape.dynamicShared = sharedBytes;
  shape.overlaps = overlaps;
  return enqueue(stream, [module = f->module->module, &fn, shape, buffer] {
    return execute(module, &fn, shape, buffer);
  });
}

GEMEL_API CUresult cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy,
                                  unsigned gz, unsigned bx, unsigned by,
                                  unsigned bz, unsigned sharedBytes,
                                  CUstream stream, void **params,
                                  void **extra) {
  GEMEL_CONTEXT;
  unsigned grid[3] = {gx, gy, gz}, block[3] = {bx, by, bz};
  return launchKernel(f, grid, block, sharedBytes, /*overlaps=*/false, stream,
                      params, extra);
}

GEMEL_API CUresult cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction f,
                                    void **params, void **extra) {
  GEMEL_CONTEXT;
  if (!config || (config->numAttrs && !config->attrs))
    return CUDA_ERROR_INVALID_VALUE;
  bool overlaps = false;
  for (unsigned i = 0; i < config->numAttrs; ++i) {
    const CUlaunchAttribute &a = config->attrs[i];
    if (a.id == CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION)
      overlaps = a.value.programmaticStreamSerializationAllowed;
    if (a.id == CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION &&
        uint64_t(a.value.clusterDim.x) * a.value.clusterDim.y *
                a.value.clusterDim.z >
            1)
      return CUDA_ERROR_NOT_SUPPORTED;
    if (a.id == CU_LAUNCH_ATTRIBUTE_COOPERATIVE && a.value.cooperative)
      return CUDA_ERROR_NOT_SUPPORTED;
  }
  unsigned grid[3] = {config->gridDimX, config->gridDimY, config->gridDimZ};
  unsigned block[3] = {config->blockDimX, config->blockDimY, config->blockDimZ};
  return launchKernel(f, grid, block, config->sharedMemBytes, overlaps,
                      config->hStream, params, extra);
}
