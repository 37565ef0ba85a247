// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Device memory: allocations with red zones, what is initialised, and checked
// access from a warp.

#ifndef GEMEL_SIM_CUDA_DEVICE_MEMORY_H
#define GEMEL_SIM_CUDA_DEVICE_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cudasim {

struct Warp;
struct Instr;
enum class Space : uint8_t;

/// One access the race detector remembers: the lanes of a warp at a time.
struct Entry {
  uint32_t warp = 0;  // index in the grid
  uint32_t lanes = 0; // 0: none
  uint32_t time = 0;
  uint32_t info = 0; // Races packs it
};

/// What is remembered of four bytes of memory: writes, one of them in place,
/// and reads since the time `readsStamp`: one in place or a set (ReadSets).
struct Cell {
  Entry entry, read;
  std::vector<Entry> *more = nullptr;
  uint32_t reads = 0, readsStamp = 0;
};

/// Sets of reads as lists that share their tails: the words of a tile that the
/// same warps read have the same set, however many there are of either.
class ReadSets {
public:
  ReadSets() { clear(); }
  void clear() { nodes.assign(1, Node()); }
  /// The set with one more read. Earlier reads of the same lanes go: who is
  /// ordered after the new one is ordered after them.
  uint32_t add(uint32_t set, Entry e);
  /// Whether \p e makes \p old needless, perhaps after taking its lanes in.
  static bool covers(Entry &e, const Entry &old);
  /// Reads of other CTAs end the search for what a read makes needless: CTAs
  /// run one after another.
  uint32_t warpsPerCta = ~0u;
  const Entry &head(uint32_t set) const { return nodes[set].entry; }
  uint32_t tail(uint32_t set) const { return nodes[set].parent; }

private:
  struct Node {
    Entry entry;
    Entry asked; // what was added to make it, before lanes joined
    uint32_t parent = 0;
    uint32_t child = 0; // the last set made from this one
  };
  uint32_t push(uint32_t parent, const Entry &e);
  std::vector<Node> nodes; // 0 is the empty set
};

struct Allocation {
  uint64_t base = 0, size = 0;
  uint8_t *data = nullptr; // where the bytes lie on the host
  uint8_t *init = nullptr; // 1 a byte that was written; null: not tracked
  Cell *cells = nullptr;   // one a word; made at the first checked access
  uint64_t cellBytes = 0;
  uint64_t id = 0;
  bool freed = false, pinned = false, readOnly = false;
  std::string name; // of a module's variable
};

/// The device's memory. Device addresses lie in reserved, inaccessible address
/// space: a host that follows one faults, as with the real driver. Addresses
/// are not used again.
class DeviceMemory {
public:
  explicit DeviceMemory(uint64_t capacity);
  ~DeviceMemory();

  Allocation *allocate(uint64_t size, std::string name = "");
  Allocation *allocatePinned(uint64_t size);
  bool release(uint64_t base); // false: no such allocation
  bool releasePinned(void *host);
  /// The allocation that holds \p address (freed ones too), or null.
  Allocation *find(uint64_t address);
  /// The nearest allocation, for reports.
  Allocation *nearest(uint64_t address);
  /// Host bytes of [address, address+size), or null where any is not live
  /// memory.
  uint8_t *resolve(uint64_t address, uint64_t size, Allocation **out);
  uint64_t used() const { return usedBytes; }
  uint64_t capacity() const { return capacityBytes; }

private:
  uint64_t capacityBytes, usedBytes = 0, nextId = 1;
  uint8_t *reserved = nullptr; // PROT_NONE, what addresses name
  uint8_t *backing = nullptr;  // the bytes
  uint8_t *shadow = nullptr;   // initialised or not
  uint64_t next = 0;           // offset of the first address never used
  std::map<uint64_t, std::unique_ptr<Allocation>> allocations;
};

enum AccessKind : uint32_t {
  kRead = 1,
  kWrite = 2,
  kStrong = 4,     // atomic, relaxed or volatile
  kCtaScope = 8,   // strong only within the CTA
  kAllLanes = 16,  // the warp as a whole reads (ldmatrix)
  kNoInit = 32,    // padding may be read (nothing does so far)
  kAsync = 64,     // the write of a cp.async that has not arrived
  kZeroBytes = 128 // check alignment and the address only
};

/// Checks the access of \p bytes by the lanes of \p m at \p addr, marks
/// written bytes, and answers where the bytes lie. False after a report.
bool access(Warp &warp, const Instr &instr, uint32_t m, Space space,
            const uint64_t *addr, unsigned bytes, uint32_t kind,
            uint8_t **where);

/// "'s' + 12" or "allocation 3 (4096 bytes) + 12".
std::string addressName(Warp &warp, Space space, uint64_t address);

} // namespace cudasim

#endif
