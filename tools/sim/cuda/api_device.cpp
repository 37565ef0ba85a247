// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Properties of the simulated device.

#include "driver.h"

#include <cstring>

using namespace cudasim;

static int check(CUdevice device, const void *out) {
  if (!driver().initialised)
    return CUDA_ERROR_NOT_INITIALIZED;
  if (device != 0)
    return CUDA_ERROR_INVALID_DEVICE;
  return out ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

GEMEL_API CUresult cuDriverGetVersion(int *version) {
  if (!version)
    return CUDA_ERROR_INVALID_VALUE;
  *version = 13000;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuDeviceGetCount(int *count) {
  GEMEL_LOCK;
  if (int e = check(0, count))
    return e;
  *count = 1;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuDeviceGet(CUdevice *device, int ordinal) {
  GEMEL_LOCK;
  if (int e = check(ordinal, device))
    return e;
  *device = 0;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuDeviceGetName(char *name, int bytes, CUdevice device) {
  GEMEL_LOCK;
  if (int e = check(device, name))
    return e;
  if (bytes <= 0)
    return CUDA_ERROR_INVALID_VALUE;
  snprintf(name, static_cast<size_t>(bytes), "%s", driver().chip->product);
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuDeviceGetUuid(CUuuid *uuid, CUdevice device) {
  GEMEL_LOCK;
  if (int e = check(device, uuid))
    return e;
  memset(uuid->bytes, 0, 16);
  memcpy(uuid->bytes, "gemel-sim", 9);
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuDeviceGetUuid_v2, cuDeviceGetUuid)

GEMEL_API CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device) {
  GEMEL_LOCK;
  if (int e = check(device, bytes))
    return e;
  *bytes = driver().chip->memoryBytes;
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuDeviceTotalMem, cuDeviceTotalMem_v2)

GEMEL_API CUresult cuDeviceComputeCapability(int *major, int *minor,
                                             CUdevice device) {
  GEMEL_LOCK;
  if (int e = check(device, major))
    return e;
  *major = driver().chip->major;
  *minor = driver().chip->minor;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuDeviceGetAttribute(int *value, int attribute,
                                        CUdevice device) {
  GEMEL_LOCK;
  if (int e = check(device, value))
    return e;
  const Chip &c = *driver().chip;
  // By CUdevice_attribute. Limits that both chips share: CUDA C++ Programming
  // Guide, "Technical Specifications per Compute Capability".
  switch (attribute) {
  case 1: // MAX_THREADS_PER_BLOCK
  case 2: // MAX_BLOCK_DIM_X
  case 3: // MAX_BLOCK_DIM_Y
    *value = 1024;
    break;
  case 4: // MAX_BLOCK_DIM_Z
    *value = 64;
    break;
  case 5: // MAX_GRID_DIM_X
    *value = 2147483647;
    break;
  case 6: // MAX_GRID_DIM_Y
  case 7: // MAX_GRID_DIM_Z
    *value = 65535;
    break;
  case 8: // MAX_SHARED_MEMORY_PER_BLOCK
    *value = c.sharedPerBlockBytes;
    break;
  case 9: // TOTAL_CONSTANT_MEMORY
    *value = 65536;
    break;
  case 10: // WARP_SIZE
    *value = 32;
    break;
  case 11: // MAX_PITCH
    *value = 2147483647;
    break;
  case 12: // MAX_REGISTERS_PER_BLOCK
    *value = c.registersPerBlock;
    break;
  case 13: // CLOCK_RATE
    *value = c.clockKHz;
    break;
  case 14: // TEXTURE_ALIGNMENT
    *value = 512;
    break;
  case 15: // GPU_OVERLAP
  case 19: // CAN_MAP_HOST_MEMORY
  case 31: // CONCURRENT_KERNELS
  case 32: // ECC_ENABLED
  case 41: // UNIFIED_ADDRESSING
  case 78: // STREAM_PRIORITIES_SUPPORTED
    *value = 1;
    break;
  case 16: // MULTIPROCESSOR_COUNT
    *value = c.smCount;
    break;
  case 17:  // KERNEL_EXEC_TIMEOUT
  case 18:  // INTEGRATED
  case 20:  // COMPUTE_MODE
  case 33:  // PCI_BUS_ID
  case 34:  // PCI_DEVICE_ID
  case 50:  // PCI_DOMAIN_ID
  case 83:  // MANAGED_MEMORY: not simulated
  case 84:  // MULTI_GPU_BOARD
  case 88:  // PAGEABLE_MEMORY_ACCESS
  case 89:  // CONCURRENT_MANAGED_ACCESS
  case 95:  // COOPERATIVE_LAUNCH: not simulated
  case 120: // CLUSTER_LAUNCH: not simulated yet
  case 127: // TENSOR_MAP_ACCESS_SUPPORTED: not simulated yet
    *value = 0;
    break;
  case 36: // MEMORY_CLOCK_RATE
    *value = c.memoryClockKHz;
    break;
  case 37: // GLOBAL_MEMORY_BUS_WIDTH
    *value = c.busBits;
    break;
  case 38: // L2_CACHE_SIZE
    *value = c.l2Bytes;
    break;
  case 39: // MAX_THREADS_PER_MULTIPROCESSOR
    *value = c.threadsPerSm;
    break;
  case 40: // ASYNC_ENGINE_COUNT
    *value = 3;
    break;
  case 75: // COMPUTE_CAPABILITY_MAJOR
    *value = c.major;
    break;
  case 76: // COMPUTE_CAPABILITY_MINOR
    *value = c.minor;
    break;
  case 81: // MAX_SHARED_MEMORY_PER_MULTIPROCESSOR
    *value = c.sharedPerSmBytes;
    break;
  case 82: // MAX_REGISTERS_PER_MULTIPROCESSOR
    *value = c.registersPerSm;
    break;
  case 97: // MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
    *value = c.sharedOptInBytes;
    break;
  case 106: // MAX_BLOCKS_PER_MULTIPROCESSOR
    *value = c.ctasPerSm;
    break;
  case 108: // MAX_PERSISTING_L2_CACHE_SIZE
    *value = c.l2PersistingBytes;
    break;
  case 111: // RESERVED_SHARED_MEMORY_PER_BLOCK
    *value = c.sharedReservedBytes;
    break;
  case 115: // MEMORY_POOLS_SUPPORTED
    *value = 1;
    break;
  default:
    if (attribute < 1 || attribute > 150)
      return CUDA_ERROR_INVALID_VALUE;
    *value = 0;
  }
  return CUDA_SUCCESS;
}
