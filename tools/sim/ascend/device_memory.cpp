// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Global memory: allocations, which bytes are defined, who touched them.

#include "device_memory.h"

#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

namespace ascendsim {

bool Allocation::allDefined(uint64_t offset, uint64_t count) const {
  for (uint64_t end = offset + count; offset < end;) {
    uint64_t stop = std::min(end, (offset / 32 + 1) * 32);
    uint32_t mask =
        static_cast<uint32_t>(((1ull << (stop - offset)) - 1) << (offset % 32));
    if ((defined[offset / 32] & mask) != mask)
      return false;
    offset = stop;
  }
  return true;
}

void Allocation::define(uint64_t offset, uint64_t count, bool value) {
  for (uint64_t end = offset + count; offset < end;) {
    uint64_t stop = std::min(end, (offset / 32 + 1) * 32);
    uint32_t mask =
        static_cast<uint32_t>(((1ull << (stop - offset)) - 1) << (offset % 32));
    if (value)
      defined[offset / 32] |= mask;
    else
      defined[offset / 32] &= ~mask;
    offset = stop;
  }
}

Cell &Allocation::cell(uint64_t offset, uint64_t launch) {
  std::unique_ptr<CellPage> &page = pages[offset / kPageBytes];
  if (!page) {
    page = std::make_unique<CellPage>();
    page->launch = launch;
  } else if (page->launch != launch) {
    for (Cell &c : page->cells)
      c.clear();
    page->launch = launch;
  }
  return page->cells[offset % kPageBytes / 32];
}

DeviceMemory::DeviceMemory(uint64_t capacity) : capacityBytes(capacity) {
  void *p = mmap(nullptr, kReserved, PROT_NONE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  base = p == MAP_FAILED ? 1ull << 45 : reinterpret_cast<uint64_t>(p);
  next = base + (1 << 20);
}

DeviceMemory::~DeviceMemory() {
  for (auto &[address, a] : allocations)
    free(a.data);
  munmap(reinterpret_cast<void *>(base), kReserved);
}

uint64_t DeviceMemory::allocate(uint64_t bytes) {
  // aclrtMalloc rounds up to 32 bytes and adds 32 (aclrtMalloc's page).
  uint64_t readable = (bytes + 31) / 32 * 32 + 32;
  if (usedBytes + readable > capacityBytes)
    return 0;
  auto *data = static_cast<uint8_t *>(malloc(readable));
  if (!data)
    return 0;
  memset(data, 0xcb, readable);
  Allocation a;
  a.address = next;
  a.bytes = bytes;
  a.readable = readable;
  a.data = data;
  a.defined.resize(readable / 32 + 1);
  a.pages.resize(readable / kPageBytes + 1);
  usedBytes += readable;
  // Far enough apart that a small step outside hits nothing.
  next += (readable + (1 << 16) + 511) / 512 * 512;
  return allocations.emplace(a.address, std::move(a)).first->first;
}

bool DeviceMemory::release(uint64_t address) {
  auto it = allocations.find(address);
  if (it == allocations.end() || it->second.freed)
    return false;
  Allocation &a = it->second;
  free(a.data);
  a.data = nullptr;
  a.freed = 1;
  usedBytes -= a.readable;
  a.defined = {};
  a.pages.clear();
  if (last == &a)
    last = nullptr;
  return true;
}

Allocation *DeviceMemory::find(uint64_t address) {
  if (last && address - last->address < last->readable)
    return last;
  auto it = allocations.upper_bound(address);
  if (it == allocations.begin())
    return nullptr;
  Allocation &a = std::prev(it)->second;
  if (a.freed || address - a.address >= a.readable)
    return nullptr;
  return last = &a;
}

std::string DeviceMemory::describe(uint64_t address) const {
  if (!address)
    return "a null pointer";
  auto it = allocations.upper_bound(address);
  if (it == allocations.begin())
    return isDevice(address) ? "no allocation"
                             : "not an address of the device (the host's?)";
  const Allocation &a = std::prev(it)->second;
  uint64_t offset = address - a.address;
  char text[120];
  if (a.freed && offset < a.readable)
    snprintf(text, sizeof text, "%llu bytes into freed memory",
             static_cast<unsigned long long>(offset));
  else if (!isDevice(address))
    return "not an address of the device (the host's?)";
  else
    snprintf(text, sizeof text, "%llu bytes into an allocation of %llu",
             static_cast<unsigned long long>(offset),
             static_cast<unsigned long long>(a.bytes));
  return text;
}

} // namespace ascendsim
