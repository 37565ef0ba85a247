// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Global memory: allocations, which bytes are defined, who touched them.

#ifndef GEMEL_SIM_ASCEND_DEVICE_MEMORY_H
#define GEMEL_SIM_ASCEND_DEVICE_MEMORY_H

#include "shadow.h"

#include <map>
#include <string>

namespace ascendsim {

constexpr uint64_t kPageBytes = 4096;
constexpr uint64_t kPagePieces = kPageBytes / 32;

/// The cells of a page, of one launch.
struct CellPage {
  uint64_t launch = 0;
  Cell cells[kPagePieces];
};

struct Allocation {
  uint64_t address = 0;
  uint64_t bytes = 0;    // as asked for
  uint64_t readable = 0; // with the tail that loads may touch
  uint8_t *data = nullptr;
  std::vector<uint32_t> defined; // one bit a byte
  std::vector<std::unique_ptr<CellPage>> pages;
  uint64_t freed = 0; // number of the free, 0: alive

  bool allDefined(uint64_t offset, uint64_t count) const;
  bool isDefined(uint64_t offset) const {
    return defined[offset / 32] >> (offset % 32) & 1;
  }
  void define(uint64_t offset, uint64_t count, bool value);
  Cell &cell(uint64_t offset, uint64_t launch);
};

class DeviceMemory {
public:
  explicit DeviceMemory(uint64_t capacity);
  ~DeviceMemory();
  /// 0: there is not enough.
  uint64_t allocate(uint64_t bytes);
  /// False: no allocation begins there.
  bool release(uint64_t address);
  /// The living allocation that has this address, or null.
  Allocation *find(uint64_t address);
  /// What lies at an address that none has, for a report.
  std::string describe(uint64_t address) const;
  bool isDevice(uint64_t address) const {
    return address >= base && address < base + kReserved;
  }
  uint64_t used() const { return usedBytes; }
  uint64_t capacity() const { return capacityBytes; }
  uint64_t launch = 0; // number of the one that runs

private:
  // Addresses of the device: reserved, so that no host pointer is one, and
  // none is used twice.
  static constexpr uint64_t kReserved = 1ull << 42;
  uint64_t base = 0, next = 0, usedBytes = 0, capacityBytes = 0;
  std::map<uint64_t, Allocation> allocations;
  Allocation *last = nullptr;
};

} // namespace ascendsim

#endif
