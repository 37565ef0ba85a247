// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cuda driver: launches on the caller's stream through CUDA's driver API.
#include "cuda_symbols.h"
#include "driver.h"
#include "status.h"

#include <cstdlib>
#include <cstring>
#include <new>

using namespace gemel;

namespace {

gemel_status openCudaDevice(gemel_device &device, const char *parameter) {
  Text what;
  what.add("device '%s'", device.name.get());
  int ordinal = parameter ? parseOrdinal(parameter) : 0;
  if (ordinal < 0)
    return fail(GEMEL_INVALID_ARGUMENT,
                "%s: '%s' is no number of a chip; write 'cuda:N' with N from 0",
                what.c_str(), parameter);
  const CudaSymbols *cuda = openCuda(what.c_str());
  if (!cuda)
    return GEMEL_UNSUPPORTED;
  int count = 0;
  CUresult result = cuda->deviceGetCount(&count);
  if (result != kCudaSuccess && result != kCudaNoDevice)
    return failCuda(*cuda, result, what.c_str(), "cuDeviceGetCount");
  if (ordinal >= count)
    return fail(
        GEMEL_NOT_FOUND,
        "%s: CUDA's driver has %d %s, numbered from 0; open one of these, or "
        "'cpu'",
        what.c_str(), count, count == 1 ? "device" : "devices");
  std::unique_ptr<CudaDevice> state(new (std::nothrow) CudaDevice);
  if (!state)
    return fail(GEMEL_OUT_OF_MEMORY, "%s: out of memory", what.c_str());
  state->cuda = cuda;
  const char *call = "cuDeviceGet";
  result = cuda->deviceGet(&state->device, ordinal);
  if (result == kCudaSuccess) {
    call = "cuDeviceGetAttribute";
    result = cuda->deviceGetAttribute(&state->major, kComputeCapabilityMajor,
                                      state->device);
  }
  if (result == kCudaSuccess)
    result = cuda->deviceGetAttribute(&state->minor, kComputeCapabilityMinor,
                                      state->device);
  if (result == kCudaSuccess) {
    call = "cuDevicePrimaryCtxRetain";
    result = cuda->primaryRetain(&state->context, state->device);
  }
  if (result != kCudaSuccess)
    return failCuda(*cuda, result, what.c_str(), call);
  device.state = state.release();
  return GEMEL_OK;
}

void closeCudaDevice(gemel_device &device) {
  CudaDevice *state = &cudaOf(device);
  state->cuda->primaryRelease(state->device);
  delete state;
}

/// "sm_80" runs on 8.0 and, compiled by the driver, on all later ones; "sm_90a"
/// on 9.0 alone (PTX ISA, .target).
int32_t rankCuda(const gemel_device &device, const char *target) {
  if (strncmp(target, "sm_", 3) != 0)
    return 0;
  char *suffix;
  long number = strtol(target + 3, &suffix, 10);
  const CudaDevice &state = cudaOf(device);
  long chip = state.major * 10 + state.minor;
  if (number <= 0 || number > chip)
    return 0;
  if (strcmp(suffix, "a") == 0)
    return number == chip ? static_cast<int32_t>(number * 2 + 1) : 0;
  return *suffix == '\0' ? static_cast<int32_t>(number * 2) : 0;
}

/// A CUstream tells nothing that costs nothing; the driver checks it.
gemel_status checkCudaStream(const gemel_device &, const char *, gemel_stream) {
  return GEMEL_OK;
}

gemel_status launchCuda(gemel_device &device, const BoundLaunch &bound,
                        gemel_stream stream) {
  constexpr int64_t kMostBlocks = INT32_MAX; // CUDA guide, grid's x
  const CudaDevice &state = cudaOf(device);
  const gemel_op_desc &desc = *bound.op->desc;
  const gemel_variant_desc &variant = *bound.variant;
  auto &code = *static_cast<CudaOp *>(bound.op->state);
  int32_t first = code.first[bound.variantIndex];
  uint64_t slots[kMaxSlots];
  int32_t count = fillSlots(bound, slots);
  for (int32_t i = 0; i < variant.launch_count; ++i) {
    int64_t items;
    countWorkItems(variant.launches[i], bound.sizes, items);
    if ((items - 1) / variant.launches[i].grain >= kMostBlocks)
      return fail(GEMEL_WRONG_SIZE,
                  "%s: launch '%s' has %lld work items, more than a grid of "
                  "2^31-1 blocks of %lld; pass smaller arrays",
                  desc.name, variant.launches[i].name,
                  static_cast<long long>(items),
                  static_cast<long long>(variant.launches[i].grain));
  }
  CurrentContext current(state);
  void *parameters[] = {slots};
  for (int32_t i = 0; i < variant.launch_count; ++i) {
    const gemel_launch_desc &launch = variant.launches[i];
    int64_t items;
    countWorkItems(launch, bound.sizes, items);
    if (items == 0)
      continue;
    slots[count] = static_cast<uint64_t>(items);
    auto blocks = static_cast<unsigned>((items - 1) / launch.grain + 1);
    CUlaunchAttribute overlaps;
    overlaps.id = kProgrammaticStreamSerialization;
    overlaps.value.programmaticStreamSerializationAllowed = 1;
    CUlaunchConfig config = {blocks,
                             1,
                             1,
                             static_cast<unsigned>(launch.threads),
                             1,
                             1,
                             static_cast<unsigned>(launch.shared_bytes),
                             static_cast<CUstream>(stream),
                             &overlaps,
                             launch.waits ? 1u : 0u};
    CUresult result = state.cuda->launchKernelEx(
        &config, code.functions[first + i], parameters, nullptr);
    if (result != kCudaSuccess)
      return failCuda(*state.cuda, result, desc.name, "cuLaunchKernelEx");
  }
  return GEMEL_OK;
}

gemel_status allocateCuda(gemel_device &device, size_t bytes, void **memory) {
  const CudaDevice &state = cudaOf(device);
  CurrentContext current(state);
  CUdeviceptr made;
  CUresult result = state.cuda->memAlloc(&made, bytes);
  if (result != kCudaSuccess)
    return failCuda(*state.cuda, result, device.name.get(), "cuMemAlloc");
  *memory = reinterpret_cast<void *>(made);
  return GEMEL_OK;
}

void freeCuda(gemel_device &device, void *memory) {
  const CudaDevice &state = cudaOf(device);
  CurrentContext current(state);
  state.cuda->memFree(reinterpret_cast<CUdeviceptr>(memory));
}

gemel_status copyCuda(gemel_device &device, void *to, const void *from,
                      size_t bytes, gemel_stream stream) {
  const CudaDevice &state = cudaOf(device);
  CurrentContext current(state);
  CUresult result = state.cuda->memcpyAsync(
      reinterpret_cast<CUdeviceptr>(to), reinterpret_cast<CUdeviceptr>(from),
      bytes, static_cast<CUstream>(stream));
  return result == kCudaSuccess ? GEMEL_OK
                                : failCuda(*state.cuda, result,
                                           device.name.get(), "cuMemcpyAsync");
}

gemel_status fillCuda(gemel_device &device, void *memory, uint8_t byte,
                      size_t bytes, gemel_stream stream) {
  const CudaDevice &state = cudaOf(device);
  CurrentContext current(state);
  CUresult result =
      state.cuda->memsetAsync(reinterpret_cast<CUdeviceptr>(memory), byte,
                              bytes, static_cast<CUstream>(stream));
  return result == kCudaSuccess
             ? GEMEL_OK
             : failCuda(*state.cuda, result, device.name.get(),
                        "cuMemsetD8Async");
}

gemel_status createCudaStream(gemel_device &device, gemel_stream *stream) {
  const CudaDevice &state = cudaOf(device);
  CurrentContext current(state);
  CUstream made;
  CUresult result = state.cuda->streamCreate(&made, kStreamNonBlocking);
  if (result != kCudaSuccess)
    return failCuda(*state.cuda, result, device.name.get(), "cuStreamCreate");
  *stream = made;
  return GEMEL_OK;
}

void destroyCudaStream(gemel_device &device, gemel_stream stream) {
  const CudaDevice &state = cudaOf(device);
  CurrentContext current(state);
  state.cuda->streamDestroy(static_cast<CUstream>(stream));
}

gemel_status synchronizeCuda(gemel_device &device, gemel_stream stream) {
  const CudaDevice &state = cudaOf(device);
  CurrentContext current(state);
  CUresult result =
      state.cuda->streamSynchronize(static_cast<CUstream>(stream));
  return result == kCudaSuccess
             ? GEMEL_OK
             : failCuda(*state.cuda, result, device.name.get(),
                        "cuStreamSynchronize");
}

} // namespace

constexpr Driver gemel::kCudaDriver = {
    "cuda",           openCudaDevice,    closeCudaDevice, rankCuda,
    checkCudaStream,  loadCuda,          unloadCuda,      launchCuda,
    allocateCuda,     freeCuda,          copyCuda,        fillCuda,
    createCudaStream, destroyCudaStream, synchronizeCuda};
