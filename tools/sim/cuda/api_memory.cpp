// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Allocation, copies and fills.

#include "driver.h"

#include <cstring>

using namespace cudasim;

static int fail(int result, const std::string &what) {
  driver().report = what;
  fprintf(stderr, "cuda simulator: %s\n", what.c_str());
  return result;
}

GEMEL_API CUresult cuMemAlloc_v2(CUdeviceptr *out, size_t bytes) {
  GEMEL_CONTEXT;
  if (!out || !bytes)
    return CUDA_ERROR_INVALID_VALUE;
  if (int e = refuseDuringCapture())
    return e;
  Allocation *a = driver().memory->allocate(bytes);
  if (!a)
    return CUDA_ERROR_OUT_OF_MEMORY;
  *out = a->base;
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuMemAlloc, cuMemAlloc_v2)

GEMEL_API CUresult cuMemFree_v2(CUdeviceptr address) {
  GEMEL_CONTEXT;
  if (!address)
    return CUDA_SUCCESS;
  if (int e = refuseDuringCapture())
    return e;
  if (int e = runAll(currentContext())) // freeing waits for the device
    return e;
  return driver().memory->release(address) ? CUDA_SUCCESS
                                           : CUDA_ERROR_INVALID_VALUE;
}
GEMEL_ALIAS(cuMemFree, cuMemFree_v2)

GEMEL_API CUresult cuMemAllocAsync(CUdeviceptr *out, size_t bytes,
                                   CUstream handle) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  if (!out || !bytes || !stream)
    return CUDA_ERROR_INVALID_VALUE;
  if (stream->capture) // allocation nodes are not simulated
    return CUDA_ERROR_NOT_SUPPORTED;
  Allocation *a = driver().memory->allocate(bytes);
  if (!a)
    return CUDA_ERROR_OUT_OF_MEMORY;
  *out = a->base;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuMemFreeAsync(CUdeviceptr address, CUstream handle) {
  GEMEL_CONTEXT;
  CUstream_st *stream = streamOf(handle);
  Allocation *a = driver().memory->find(address);
  if (!stream || !a || a->base != address || a->freed)
    return CUDA_ERROR_INVALID_VALUE;
  if (stream->capture)
    return CUDA_ERROR_NOT_SUPPORTED;
  return enqueue(stream, [address] {
    return driver().memory->release(address) ? CUDA_SUCCESS
                                             : CUDA_ERROR_INVALID_VALUE;
  });
}

GEMEL_API CUresult cuMemGetInfo_v2(size_t *available, size_t *total) {
  GEMEL_CONTEXT;
  if (available)
    *available = driver().memory->capacity() - driver().memory->used();
  if (total)
    *total = driver().memory->capacity();
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuMemGetInfo, cuMemGetInfo_v2)

GEMEL_API CUresult cuMemHostAlloc(void **out, size_t bytes, unsigned) {
  GEMEL_CONTEXT;
  if (!out || !bytes)
    return CUDA_ERROR_INVALID_VALUE;
  if (int e = refuseDuringCapture())
    return e;
  Allocation *a = driver().memory->allocatePinned(bytes);
  if (!a)
    return CUDA_ERROR_OUT_OF_MEMORY;
  *out = a->data;
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuMemAllocHost_v2(void **out, size_t bytes) {
  return cuMemHostAlloc(out, bytes, 0);
}
GEMEL_ALIAS(cuMemAllocHost, cuMemAllocHost_v2)

GEMEL_API CUresult cuMemFreeHost(void *p) {
  GEMEL_CONTEXT;
  if (int e = runAll(currentContext()))
    return e;
  return driver().memory->releasePinned(p) ? CUDA_SUCCESS
                                           : CUDA_ERROR_INVALID_VALUE;
}

namespace {

/// Host bytes of a device range; complains where it is not live memory.
uint8_t *deviceBytes(CUdeviceptr address, size_t bytes, const char *call,
                     Allocation **out) {
  uint8_t *p = driver().memory->resolve(address, bytes, out);
  if (p)
    return p;
  char text[256];
  Allocation *a = driver().memory->nearest(address);
  if (a)
    snprintf(text, sizeof text,
             "%s of %zu bytes at %s%llu bytes from the start of allocation "
             "%llu (%llu bytes%s)",
             call, bytes, address < a->base ? "-" : "",
             static_cast<unsigned long long>(
                 address < a->base ? a->base - address : address - a->base),
             static_cast<unsigned long long>(a->id),
             static_cast<unsigned long long>(a->size),
             a->freed ? ", freed" : "");
  else
    snprintf(text, sizeof text, "%s of %zu bytes with no allocation at all",
             call, bytes);
  fail(CUDA_ERROR_INVALID_VALUE, text);
  return nullptr;
}

int toDevice(CUdeviceptr to, const void *from, size_t bytes) {
  Allocation *a;
  uint8_t *p = deviceBytes(to, bytes, "cuMemcpyHtoD", &a);
  if (!p)
    return CUDA_ERROR_INVALID_VALUE;
  memcpy(p, from, bytes);
  if (a->init)
    memset(a->init + (to - a->base), 1, bytes);
  return CUDA_SUCCESS;
}

int toHost(void *to, CUdeviceptr from, size_t bytes) {
  Allocation *a;
  uint8_t *p = deviceBytes(from, bytes, "cuMemcpyDtoH", &a);
  if (!p)
    return CUDA_ERROR_INVALID_VALUE;
  memcpy(to, p, bytes);
  // Bytes nothing wrote are the host's to judge; they are made striking.
  const uint8_t *init = a->init ? a->init + (from - a->base) : nullptr;
  if (init && bytes && !memchr(init, 0, bytes))
    return CUDA_SUCCESS;
  for (size_t i = 0; init && i < bytes; ++i)
    if (!init[i])
      static_cast<uint8_t *>(to)[i] = 0xcb;
  return CUDA_SUCCESS;
}

int onDevice(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
  Allocation *a, *b;
  uint8_t *p = deviceBytes(to, bytes, "cuMemcpyDtoD", &a);
  uint8_t *q = deviceBytes(from, bytes, "cuMemcpyDtoD", &b);
  if (!p || !q)
    return CUDA_ERROR_INVALID_VALUE;
  memmove(p, q, bytes);
  if (a->init) {
    if (b->init)
      memmove(a->init + (to - a->base), b->init + (from - b->base), bytes);
    else
      memset(a->init + (to - a->base), 1, bytes);
  }
  return CUDA_SUCCESS;
}

template <class T>
int fill(CUdeviceptr to, T value, size_t count) {
  Allocation *a;
  uint8_t *p = deviceBytes(to, count * sizeof(T), "cuMemsetD", &a);
  if (!p)
    return CUDA_ERROR_INVALID_VALUE;
  for (size_t i = 0; i < count; ++i)
    memcpy(p + i * sizeof(T), &value, sizeof(T));
  if (a->init)
    memset(a->init + (to - a->base), 1, count * sizeof(T));
  return CUDA_SUCCESS;
}

bool live(CUdeviceptr address, size_t bytes, const char *call) {
  return !bytes || deviceBytes(address, bytes, call, nullptr);
}

/// Enqueues; a synchronous call waits too.
int submit(CUstream handle, bool wait, std::function<int()> run) {
  CUstream_st *stream = streamOf(handle);
  if (!stream)
    return CUDA_ERROR_INVALID_HANDLE;
  if (wait)
    if (int e = refuseDuringCapture())
      return e;
  if (int e = enqueue(stream, std::move(run)))
    return e;
  if (wait)
    runUntil(stream, stream->enqueued);
  return stream->context->error;
}

int copyIn(CUdeviceptr to, const void *from, size_t n, CUstream s, bool wait) {
  if (!live(to, n, "cuMemcpyHtoD") || (n && !from))
    return CUDA_ERROR_INVALID_VALUE;
  return submit(s, wait, [=] { return toDevice(to, from, n); });
}
int copyOut(void *to, CUdeviceptr from, size_t n, CUstream s, bool wait) {
  if (!live(from, n, "cuMemcpyDtoH") || (n && !to))
    return CUDA_ERROR_INVALID_VALUE;
  return submit(s, wait, [=] { return toHost(to, from, n); });
}
int copyOn(CUdeviceptr to, CUdeviceptr from, size_t n, CUstream s, bool wait) {
  if (!live(to, n, "cuMemcpyDtoD") || !live(from, n, "cuMemcpyDtoD"))
    return CUDA_ERROR_INVALID_VALUE;
  return submit(s, wait, [=] { return onDevice(to, from, n); });
}
template <class T>
int set(CUdeviceptr to, T value, size_t n, CUstream s, bool wait) {
  if (to % sizeof(T) || !live(to, n * sizeof(T), "cuMemsetD"))
    return CUDA_ERROR_INVALID_VALUE;
  return submit(s, wait, [=] { return fill<T>(to, value, n); });
}

} // namespace

GEMEL_API CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t n) {
  GEMEL_CONTEXT;
  return copyIn(to, from, n, nullptr, true);
}
GEMEL_ALIAS(cuMemcpyHtoD, cuMemcpyHtoD_v2)
GEMEL_API CUresult cuMemcpyDtoH_v2(void *to, CUdeviceptr from, size_t n) {
  GEMEL_CONTEXT;
  return copyOut(to, from, n, nullptr, true);
}
GEMEL_ALIAS(cuMemcpyDtoH, cuMemcpyDtoH_v2)
GEMEL_API CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t n) {
  GEMEL_CONTEXT;
  return copyOn(to, from, n, nullptr, false); // the host does not wait
}
GEMEL_ALIAS(cuMemcpyDtoD, cuMemcpyDtoD_v2)
GEMEL_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from,
                                        size_t n, CUstream s) {
  GEMEL_CONTEXT;
  return copyIn(to, from, n, s, false);
}
GEMEL_ALIAS(cuMemcpyHtoDAsync, cuMemcpyHtoDAsync_v2)
GEMEL_API CUresult cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t n,
                                        CUstream s) {
  GEMEL_CONTEXT;
  return copyOut(to, from, n, s, false);
}
GEMEL_ALIAS(cuMemcpyDtoHAsync, cuMemcpyDtoHAsync_v2)
GEMEL_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from,
                                        size_t n, CUstream s) {
  GEMEL_CONTEXT;
  return copyOn(to, from, n, s, false);
}
GEMEL_ALIAS(cuMemcpyDtoDAsync, cuMemcpyDtoDAsync_v2)

/// With unified addresses: each side is device memory if it is an allocation.
static int copyAny(CUdeviceptr to, CUdeviceptr from, size_t n, CUstream s,
                   bool wait) {
  bool toDev = driver().memory->find(to), fromDev = driver().memory->find(from);
  if (toDev && fromDev)
    return copyOn(to, from, n, s, wait);
  if (toDev)
    return copyIn(to, reinterpret_cast<void *>(from), n, s, wait);
  if (fromDev)
    return copyOut(reinterpret_cast<void *>(to), from, n, s, wait);
  return submit(s, wait, [=] {
    memcpy(reinterpret_cast<void *>(to), reinterpret_cast<void *>(from), n);
    return CUDA_SUCCESS;
  });
}
GEMEL_API CUresult cuMemcpy(CUdeviceptr to, CUdeviceptr from, size_t n) {
  GEMEL_CONTEXT;
  return copyAny(to, from, n, nullptr, true);
}
GEMEL_API CUresult cuMemcpyAsync(CUdeviceptr to, CUdeviceptr from, size_t n,
                                 CUstream s) {
  GEMEL_CONTEXT;
  return copyAny(to, from, n, s, false);
}

#define GEMEL_SET(BITS, T, V)                                                  \
  GEMEL_API CUresult cuMemsetD##BITS##_v2(CUdeviceptr to, V value, size_t n) { \
    GEMEL_CONTEXT;                                                             \
    return set<T>(to, T(value), n, nullptr, false);                            \
  }                                                                            \
  GEMEL_ALIAS(cuMemsetD##BITS, cuMemsetD##BITS##_v2)                           \
  GEMEL_API CUresult cuMemsetD##BITS##Async(CUdeviceptr to, V value, size_t n, \
                                            CUstream s) {                      \
    GEMEL_CONTEXT;                                                             \
    return set<T>(to, T(value), n, s, false);                                  \
  }
GEMEL_SET(8, uint8_t, unsigned char)
GEMEL_SET(16, uint16_t, unsigned short)
GEMEL_SET(32, uint32_t, unsigned int)
#undef GEMEL_SET

GEMEL_API CUresult cuPointerGetAttribute(void *data, int attribute,
                                         CUdeviceptr address) {
  GEMEL_CONTEXT;
  Allocation *a = driver().memory->find(address);
  if (!data || !a || a->freed)
    return CUDA_ERROR_INVALID_VALUE;
  switch (attribute) {
  case CU_POINTER_ATTRIBUTE_CONTEXT:
    *static_cast<CUcontext *>(data) = currentContext();
    break;
  case CU_POINTER_ATTRIBUTE_MEMORY_TYPE:
    *static_cast<unsigned *>(data) =
        a->pinned ? CU_MEMORYTYPE_HOST : CU_MEMORYTYPE_DEVICE;
    break;
  case CU_POINTER_ATTRIBUTE_DEVICE_POINTER:
    *static_cast<CUdeviceptr *>(data) = address;
    break;
  case CU_POINTER_ATTRIBUTE_HOST_POINTER:
    if (!a->pinned)
      return CUDA_ERROR_INVALID_VALUE;
    *static_cast<CUdeviceptr *>(data) = address;
    break;
  case CU_POINTER_ATTRIBUTE_BUFFER_ID:
    *static_cast<uint64_t *>(data) = a->id;
    break;
  case CU_POINTER_ATTRIBUTE_IS_MANAGED:
    *static_cast<unsigned *>(data) = 0;
    break;
  case CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL:
    *static_cast<int *>(data) = 0;
    break;
  case CU_POINTER_ATTRIBUTE_RANGE_START_ADDR:
    *static_cast<CUdeviceptr *>(data) = a->base;
    break;
  case CU_POINTER_ATTRIBUTE_RANGE_SIZE:
    *static_cast<size_t *>(data) = a->size;
    break;
  default:
    return CUDA_ERROR_INVALID_VALUE;
  }
  return CUDA_SUCCESS;
}

GEMEL_API CUresult cuMemGetAddressRange_v2(CUdeviceptr *base, size_t *size,
                                           CUdeviceptr address) {
  GEMEL_CONTEXT;
  Allocation *a = driver().memory->find(address);
  if (!a || a->freed)
    return CUDA_ERROR_NOT_FOUND;
  if (base)
    *base = a->base;
  if (size)
    *size = a->size;
  return CUDA_SUCCESS;
}
GEMEL_ALIAS(cuMemGetAddressRange, cuMemGetAddressRange_v2)
