// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The device's address space: allocations that are never reused.

#include "device_memory.h"

#include <cstring>
#include <sys/mman.h>

namespace cudasim {

/// Reserved address space; a run allocates far less, as nothing is reused.
static constexpr uint64_t kArenaBytes = 1ull << 40;
static constexpr uint64_t kPage = 4096;
/// Bytes between allocations that belong to none. Allocations begin at
/// multiples of 512, as the driver's do (it promises 256).
static constexpr uint64_t kRedZone = 512;

static uint8_t *reserve(uint64_t bytes, int protection) {
  void *p = mmap(nullptr, bytes, protection,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? nullptr : static_cast<uint8_t *>(p);
}

DeviceMemory::DeviceMemory(uint64_t capacity) : capacityBytes(capacity) {
  reserved = reserve(kArenaBytes, PROT_NONE);
  backing = reserve(kArenaBytes, PROT_READ | PROT_WRITE);
  shadow = reserve(kArenaBytes, PROT_READ | PROT_WRITE);
  next = kRedZone;
}

DeviceMemory::~DeviceMemory() {
  allocations.clear();
  for (uint8_t *p : {reserved, backing, shadow})
    if (p)
      munmap(p, kArenaBytes);
}

Allocation *DeviceMemory::allocate(uint64_t size, std::string name) {
  if (!reserved || !backing || !shadow || usedBytes + size > capacityBytes ||
      next + size + 2 * kRedZone > kArenaBytes)
    return nullptr;
  auto a = std::make_unique<Allocation>();
  a->base = reinterpret_cast<uint64_t>(reserved) + next;
  a->size = size;
  a->data = backing + next;
  a->init = shadow + next;
  a->id = nextId++;
  a->name = std::move(name);
  next = (next + size + kRedZone + 511) / 512 * 512;
  usedBytes += size;
  Allocation *raw = a.get();
  allocations[raw->base] = std::move(a);
  return raw;
}

Allocation *DeviceMemory::allocatePinned(uint64_t size) {
  uint8_t *p = reserve(size + kPage, PROT_READ | PROT_WRITE);
  if (!p)
    return nullptr;
  auto a = std::make_unique<Allocation>();
  a->base = reinterpret_cast<uint64_t>(p);
  a->size = size;
  a->data = p;
  a->id = nextId++;
  a->pinned = true;
  Allocation *raw = a.get();
  allocations[raw->base] = std::move(a);
  return raw;
}

static void dropCells(Allocation &a) {
  if (!a.cells)
    return;
  for (uint64_t i = 0; i < a.cellBytes / sizeof(Cell); ++i)
    delete a.cells[i].more;
  munmap(a.cells, a.cellBytes);
  a.cells = nullptr;
}

bool DeviceMemory::release(uint64_t base) {
  auto it = allocations.find(base);
  if (it == allocations.end() || it->second->freed || it->second->pinned)
    return false;
  Allocation &a = *it->second;
  a.freed = true;
  usedBytes -= a.size;
  dropCells(a);
  // Whole pages go back to the host; the addresses stay taken.
  uint64_t first = (reinterpret_cast<uint64_t>(a.data) + kPage - 1) / kPage;
  uint64_t last = (reinterpret_cast<uint64_t>(a.data) + a.size) / kPage;
  if (last > first) {
    uint64_t offset = first * kPage - reinterpret_cast<uint64_t>(backing);
    madvise(backing + offset, (last - first) * kPage, MADV_DONTNEED);
    madvise(shadow + offset, (last - first) * kPage, MADV_DONTNEED);
  }
  return true;
}

bool DeviceMemory::releasePinned(void *host) {
  auto it = allocations.find(reinterpret_cast<uint64_t>(host));
  if (it == allocations.end() || !it->second->pinned)
    return false;
  dropCells(*it->second);
  munmap(host, it->second->size + kPage);
  allocations.erase(it);
  return true;
}

Allocation *DeviceMemory::find(uint64_t address) {
  auto it = allocations.upper_bound(address);
  if (it == allocations.begin())
    return nullptr;
  Allocation *a = std::prev(it)->second.get();
  return address - a->base < a->size ? a : nullptr;
}

Allocation *DeviceMemory::nearest(uint64_t address) {
  auto it = allocations.upper_bound(address);
  Allocation *below =
      it == allocations.begin() ? nullptr : std::prev(it)->second.get();
  Allocation *above = it == allocations.end() ? nullptr : it->second.get();
  if (!below || !above)
    return below ? below : above;
  uint64_t end = below->base + below->size;
  return address < end || address - end <= above->base - address ? below
                                                                 : above;
}

uint8_t *DeviceMemory::resolve(uint64_t address, uint64_t size,
                               Allocation **out) {
  Allocation *a = find(address);
  if (out)
    *out = a;
  if (!a || a->freed || size > a->size - (address - a->base))
    return nullptr;
  return a->data + (address - a->base);
}

} // namespace cudasim
