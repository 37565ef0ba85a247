// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Memory of the device and of the host; copies and fills.

#include "driver.h"

#include <cstdlib>
#include <cstring>

using namespace ascendsim;

namespace {

uint64_t addressOf(const void *p) { return reinterpret_cast<uint64_t>(p); }

/// Device bytes as the host sees them, or null.
uint8_t *onDevice(const void *p, size_t bytes) {
  Allocation *a = driver().memory->find(addressOf(p));
  if (!a || addressOf(p) - a->address + bytes > a->readable)
    return nullptr;
  return a->data + (addressOf(p) - a->address);
}

void markDefined(const void *p, size_t bytes) {
  Allocation *a = driver().memory->find(addressOf(p));
  a->define(addressOf(p) - a->address, bytes, true);
}

int copy(void *dst, const void *src, size_t bytes, aclrtMemcpyKind kind) {
  if (!bytes)
    return ACL_SUCCESS;
  bool toDevice = driver().memory->isDevice(addressOf(dst));
  bool fromDevice = driver().memory->isDevice(addressOf(src));
  bool wantsTo =
      kind == ACL_MEMCPY_HOST_TO_DEVICE || kind == ACL_MEMCPY_DEVICE_TO_DEVICE;
  bool wantsFrom =
      kind == ACL_MEMCPY_DEVICE_TO_HOST || kind == ACL_MEMCPY_DEVICE_TO_DEVICE;
  if (kind != ACL_MEMCPY_DEFAULT &&
      (wantsTo != toDevice || wantsFrom != fromDevice))
    return complain(ACL_ERROR_RT_PARAM_INVALID,
                    "a copy whose kind does not fit its addresses: the "
                    "destination is on the " +
                        std::string(toDevice ? "device" : "host") +
                        ", the source on the " +
                        (fromDevice ? "device" : "host"));
  auto *to = toDevice ? onDevice(dst, bytes) : static_cast<uint8_t *>(dst);
  const auto *from =
      fromDevice ? onDevice(src, bytes) : static_cast<const uint8_t *>(src);
  if (!to || !from)
    return complain(ACL_ERROR_RT_PARAM_INVALID,
                    "a copy of " + std::to_string(bytes) +
                        " bytes outside every allocation: " +
                        driver().memory->describe(addressOf(to ? src : dst)));
  memmove(to, from, bytes);
  if (!toDevice)
    return ACL_SUCCESS;
  if (!fromDevice) {
    markDefined(dst, bytes);
    return ACL_SUCCESS;
  }
  Allocation *a = driver().memory->find(addressOf(dst));
  Allocation *b = driver().memory->find(addressOf(src));
  uint64_t ao = addressOf(dst) - a->address, bo = addressOf(src) - b->address;
  if (b->allDefined(bo, bytes))
    a->define(ao, bytes, true);
  else
    for (size_t i = 0; i < bytes; ++i)
      a->define(ao + i, 1, b->isDefined(bo + i));
  return ACL_SUCCESS;
}

int fillBytes(void *p, int32_t value, size_t bytes) {
  uint8_t *to = onDevice(p, bytes);
  if (!to)
    return complain(ACL_ERROR_RT_PARAM_INVALID,
                    "a fill of " + std::to_string(bytes) +
                        " bytes outside every allocation: " +
                        driver().memory->describe(addressOf(p)));
  memset(to, value, bytes);
  markDefined(p, bytes);
  return ACL_SUCCESS;
}

} // namespace

ACL_API aclError aclrtMalloc(void **p, size_t bytes, aclrtMemMallocPolicy) {
  ACL_CONTEXT;
  if (!p || !bytes)
    return ACL_ERROR_RT_PARAM_INVALID;
  uint64_t address = driver().memory->allocate(bytes);
  *p = reinterpret_cast<void *>(address);
  return address ? ACL_SUCCESS : ACL_ERROR_RT_MEMORY_ALLOCATION;
}

ACL_API aclError aclrtFree(void *p) {
  ACL_CONTEXT;
  // Work that still uses it is the caller's mistake, and is reported then.
  return driver().memory->release(addressOf(p)) ? ACL_SUCCESS
                                                : ACL_ERROR_RT_MEMORY_FREE;
}

ACL_API aclError aclrtMallocHost(void **p, size_t bytes) {
  ACL_CONTEXT;
  if (!p || !bytes)
    return ACL_ERROR_RT_PARAM_INVALID;
  *p = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  return *p ? ACL_SUCCESS : ACL_ERROR_RT_MEMORY_ALLOCATION;
}

ACL_API aclError aclrtFreeHost(void *p) {
  ACL_CONTEXT;
  free(p);
  return ACL_SUCCESS;
}

ACL_API aclError aclrtMemcpy(void *dst, size_t destMax, const void *src,
                             size_t count, aclrtMemcpyKind kind) {
  ACL_CONTEXT;
  if (!dst || !src || count > destMax)
    return ACL_ERROR_RT_PARAM_INVALID;
  // It waits for no stream: who forgets to, reads what was there before.
  return copy(dst, src, count, kind);
}

ACL_API aclError aclrtMemcpyAsync(void *dst, size_t destMax, const void *src,
                                  size_t count, aclrtMemcpyKind kind,
                                  aclrtStream handle) {
  ACL_CONTEXT;
  Stream *stream = streamOf(handle);
  if (!stream)
    return ACL_ERROR_RT_STREAM_CONTEXT;
  if (!dst || !src || count > destMax)
    return ACL_ERROR_RT_PARAM_INVALID;
  return enqueue(stream, [=] { return copy(dst, src, count, kind); });
}

ACL_API aclError aclrtMemset(void *p, size_t max, int32_t value, size_t count) {
  ACL_CONTEXT;
  if (!p || count > max)
    return ACL_ERROR_RT_PARAM_INVALID;
  return fillBytes(p, value, count);
}

ACL_API aclError aclrtMemsetAsync(void *p, size_t max, int32_t value,
                                  size_t count, aclrtStream handle) {
  ACL_CONTEXT;
  Stream *stream = streamOf(handle);
  if (!stream)
    return ACL_ERROR_RT_STREAM_CONTEXT;
  if (!p || count > max)
    return ACL_ERROR_RT_PARAM_INVALID;
  return enqueue(stream, [=] { return fillBytes(p, value, count); });
}

ACL_API aclError aclrtGetMemInfo(aclrtMemAttr, size_t *free, size_t *total) {
  ACL_CONTEXT;
  if (!free || !total)
    return ACL_ERROR_RT_PARAM_INVALID;
  *total = driver().memory->capacity();
  *free = *total - driver().memory->used();
  return ACL_SUCCESS;
}

ACL_API aclError aclrtPointerGetAttributes(const void *p,
                                           aclrtPtrAttributes *attributes) {
  ACL_CONTEXT;
  if (!attributes)
    return ACL_ERROR_RT_PARAM_INVALID;
  *attributes = {};
  attributes->location.type = driver().memory->find(addressOf(p))
                                  ? ACL_MEM_LOCATION_TYPE_DEVICE
                                  : ACL_MEM_LOCATION_TYPE_UNREGISTERED;
  attributes->pageSize = 4096;
  return ACL_SUCCESS;
}
