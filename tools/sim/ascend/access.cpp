// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How instructions reach memory: bounds, races, defined bytes.

#include "access.h"

#include "launch.h"

namespace ascendsim {

namespace {

const char *fieldName(const Instruction &in, int field) {
  static thread_local std::string name;
  name = field < 0
             ? "address"
             : std::string(in.spec->fields[static_cast<size_t>(field)].name);
  return name.c_str();
}

uint32_t maskOf(uint64_t offset, uint64_t stop) {
  return static_cast<uint32_t>(((1ull << (stop - offset)) - 1)
                               << (offset % 32));
}

const char *wayOut(const Access &earlier, const Instruction &in) {
  static thread_local char text[200];
  Pipe from = earlier.pipe(), to = in.pipe;
  if (earlier.core() != in.core->id)
    snprintf(text, sizeof text,
             "order the cores: ffts_cross_core_sync(%s, ...) after it there, "
             "wait_flag_dev before it here; or give each core its own bytes",
             kPipeNames[from]);
  else if (from == kCache)
    snprintf(text, sizeof text,
             "write the line back first: dcci(address, SINGLE_CACHE_LINE, "
             "CACHELINE_OUT), then pipe_barrier(PIPE_ALL)");
  else if (from == to)
    snprintf(text, sizeof text, "put pipe_barrier(%s) between them",
             kPipeNames[to]);
  else
    snprintf(text, sizeof text,
             "put set_flag(%s, %s, id) after the first, wait_flag(%s, %s, id) "
             "before the second",
             kPipeNames[from], kPipeNames[to], kPipeNames[from],
             kPipeNames[to]);
  return text;
}

[[noreturn]] void race(const Instruction &in, int field, cce_space space,
                       uint64_t address, uint32_t mask, Kind kind,
                       const Access &earlier) {
  uint32_t both = earlier.mask & mask;
  uint64_t byte =
      address / 32 * 32 + static_cast<uint32_t>(__builtin_ctz(both));
  fail(in, kIllegal,
       "race: '%s' %s %s 0x%llx, which %s %s, and nothing orders the two: %s",
       fieldName(in, field), kind == kRead ? "reads" : "writes",
       kSpaces[space].name, static_cast<unsigned long long>(byte),
       describeSite(*in.core, earlier.site, earlier.pipe(), earlier.core())
           .c_str(),
       earlier.kind() == kRead    ? "reads"
       : earlier.kind() == kWrite ? "writes"
                                  : "adds to",
       wayOut(earlier, in));
}

Allocation &allocation(const Instruction &in, uint64_t address) {
  return *in.core->launch->memory->find(address);
}

/// Calls f(cell, mask, address) for each block of 32 bytes.
template <class F>
void forCells(const Instruction &in, cce_space space, uint64_t address,
              uint64_t bytes, F &&f) {
  if (space != cce_gm) {
    Cell *cells = in.core->memory[space].cells.data();
    uint64_t end = address + bytes;
    for (; address < end && address % 32 == 0 && address + 32 <= end;
         address += 32)
      f(cells[address / 32], ~0u, address);
    while (address < end) {
      uint64_t stop = std::min(end, (address / 32 + 1) * 32);
      f(cells[address / 32], maskOf(address, stop), address);
      address = stop;
    }
    return;
  }
  Allocation &a = allocation(in, address);
  uint64_t launch = in.core->launch->memory->launch;
  for (uint64_t end = address + bytes; address < end;) {
    uint64_t stop = std::min(end, (address / 32 + 1) * 32);
    f(a.cell(address - a.address, launch), maskOf(address, stop), address);
    address = stop;
  }
}

/// A scalar load takes a stale line unless the cache was invalidated after
/// the store was known.
bool isStale(const Access &a, const Core &core, uint64_t address) {
  if (a.kind() == kRead ||
      (a.core() == core.id && (a.pipe() == kS || a.pipe() == kCache)))
    return false;
  Accessor then{core.id, 0, 0, kCache, &core.invalidated};
  if (isOrdered(a, then))
    return false;
  for (uint64_t line : core.flushed)
    if (line == address / 64)
      return false;
  return true;
}

} // namespace

uint8_t *locate(const Instruction &in, int field, cce_space space,
                uint64_t address, uint64_t bytes, bool isWrite) {
  if (space == cce_gm) {
    Allocation *a = in.core->launch->memory->find(address);
    uint64_t size = a ? (isWrite ? a->bytes : a->readable) : 0;
    if (!a || address - a->address + bytes > size || bytes > size)
      fail(in, kOutside,
           "'%s' %s %llu bytes at GM 0x%llx, which lie outside every "
           "allocation: %s",
           fieldName(in, field), isWrite ? "writes" : "reads",
           static_cast<unsigned long long>(bytes),
           static_cast<unsigned long long>(address),
           in.core->launch->memory->describe(address).c_str());
    return a->data + (address - a->address);
  }
  LocalMemory &m = in.core->memory[space];
  if (m.data.empty())
    fail(in, kIllegal, "'%s' is in %s, which a %s core does not have",
         fieldName(in, field), kSpaces[space].name,
         in.core->cube ? "cube" : "vector");
  if (address > m.data.size() || bytes > m.data.size() - address)
    fail(in, kOutside,
         "'%s' %s %llu bytes at %s 0x%llx, which has %zu bytes: use smaller "
         "tiles",
         fieldName(in, field), isWrite ? "writes" : "reads",
         static_cast<unsigned long long>(bytes), kSpaces[space].name,
         static_cast<unsigned long long>(address), m.data.size());
  return m.data.data() + address;
}

bool enterRead(const Instruction &in, int field, cce_space space,
               uint64_t address, uint64_t bytes) {
  if (!bytes || !in.core->launch->checking)
    return true;
  Accessor who = in.core->accessor(in);
  bool all = true;
  forCells(in, space, address, bytes,
           [&](Cell &cell, uint32_t mask, uint64_t at) {
             all &= (cell.defined & mask) == mask;
             if (in.pipe == kS && space == cce_gm)
               for (Access *a = cell.begin(); a != cell.end(); ++a)
                 if ((a->mask & mask) && isOrdered(*a, who) &&
                     isStale(*a, *in.core, at))
                   fail(in, kIllegal,
                        "stale: reads GM 0x%llx through the data cache, which "
                        "%s wrote: dcci(address, SINGLE_CACHE_LINE) after "
                        "the flag and before the load",
                        static_cast<unsigned long long>(at),
                        describeSite(*in.core, a->site, a->pipe(), a->core())
                            .c_str());
             if (const Access *a = enter(cell, mask, kRead, who))
               race(in, field, space, at, mask, kRead, *a);
           });
  return space == cce_gm ? isDefined(in, space, address, bytes) : all;
}

void enterWrite(const Instruction &in, int field, cce_space space,
                uint64_t address, uint64_t bytes, bool defined, Kind kind) {
  if (!bytes || !in.core->launch->checking)
    return;
  Accessor who = in.core->accessor(in);
  if (in.pipe == kS && space == cce_gm)
    who.pipe = kCache;
  forCells(in, space, address, bytes,
           [&](Cell &cell, uint32_t mask, uint64_t at) {
             if (const Access *a = enter(cell, mask, kind, who))
               race(in, field, space, at, mask, kind, *a);
             if (defined)
               cell.defined |= mask;
             else
               cell.defined &= ~mask;
           });
  if (space == cce_gm)
    define(in, space, address, bytes, defined);
}

bool enterReadBlock(const Instruction &in, int field, cce_space space,
                    uint64_t address, uint32_t mask) {
  Cell &cell = in.core->memory[space].cells[address / 32];
  if (const Access *a = enter(cell, mask, kRead, in.core->accessor(in)))
    race(in, field, space, address, mask, kRead, *a);
  return (cell.defined & mask) == mask;
}

void enterWriteBlock(const Instruction &in, int field, cce_space space,
                     uint64_t address, uint32_t mask, bool defined) {
  Cell &cell = in.core->memory[space].cells[address / 32];
  if (const Access *a = enter(cell, mask, kWrite, in.core->accessor(in)))
    race(in, field, space, address, mask, kWrite, *a);
  if (defined)
    cell.defined |= mask;
  else
    cell.defined &= ~mask;
}

bool isDefined(const Instruction &in, cce_space space, uint64_t address,
               uint64_t bytes) {
  if (!bytes || !in.core->launch->checking)
    return true;
  if (space == cce_gm) {
    Allocation &a = allocation(in, address);
    return a.allDefined(address - a.address, bytes);
  }
  bool all = true;
  forCells(in, space, address, bytes, [&](Cell &cell, uint32_t mask, uint64_t) {
    all &= (cell.defined & mask) == mask;
  });
  return all;
}

void define(const Instruction &in, cce_space space, uint64_t address,
            uint64_t bytes, bool value) {
  if (!bytes)
    return;
  if (space == cce_gm) {
    Allocation &a = allocation(in, address);
    a.define(address - a.address, bytes, value);
    return;
  }
  forCells(in, space, address, bytes, [&](Cell &cell, uint32_t mask, uint64_t) {
    cell.defined = value ? cell.defined | mask : cell.defined & ~mask;
  });
}

void copyDefined(const Instruction &in, cce_space dst, uint64_t to,
                 cce_space src, uint64_t from, uint64_t bytes) {
  for (uint64_t i = 0; i < bytes; ++i)
    define(in, dst, to + i, 1, isDefined(in, src, from + i, 1));
}

uint64_t firstUndefined(const Instruction &in, cce_space space,
                        uint64_t address, uint64_t bytes) {
  for (uint64_t i = 0; i < bytes; ++i)
    if (!isDefined(in, space, address + i, 1))
      return address + i;
  return address;
}

void needAligned(const Instruction &in, int field, uint64_t alignment) {
  uint64_t address = in[field];
  if (address % alignment)
    fail(in, kIllegal, "'%s' is %s 0x%llx, and has to be a multiple of %llu",
         fieldName(in, field),
         kSpaces[in.spec->fields[static_cast<size_t>(field)].space].name,
         static_cast<unsigned long long>(address),
         static_cast<unsigned long long>(alignment));
}

void undefinedUse(const Instruction &in, int field, cce_space space,
                  uint64_t address, const char *use) {
  fail(in, kIllegal,
       "undefined: '%s' %s the byte at %s 0x%llx, which nothing defined has "
       "been written to: load or compute it first, or leave it out by the "
       "mask, the count or the length",
       fieldName(in, field), use, kSpaces[space].name,
       static_cast<unsigned long long>(address));
}

} // namespace ascendsim
