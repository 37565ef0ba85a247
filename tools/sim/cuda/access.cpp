// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Checks of a warp's accesses: bounds, alignment, initialisation, races.

#include "cuda_abi.h"
#include "exec.h"
#include "races.h"

#include <cstring>
#include <sys/mman.h>

namespace cudasim {

static std::string hex(uint64_t v) {
  char text[32];
  snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(v));
  return text;
}

static std::string sharedName(const Launch &launch, uint64_t offset) {
  const Variable *best = nullptr;
  auto consider = [&](const Variable &v) {
    if (v.space == Space::Shared && !v.isDynamicShared && offset >= v.offset &&
        (offset < v.offset + v.size || !v.size))
      best = &v;
  };
  for (auto &[name, v] : launch.module->variables)
    consider(*v);
  for (auto &v : launch.kernel->variables)
    consider(*v);
  if (best)
    return "'" + best->name + "' + " + std::to_string(offset - best->offset);
  uint64_t dynamic = launch.dynamicSharedBase - kSharedBase;
  if (offset >= dynamic && offset < launch.sharedBytes)
    return "dynamic shared memory + " + std::to_string(offset - dynamic);
  return "shared memory + " + std::to_string(offset) + " (of " +
         std::to_string(launch.sharedBytes) + " bytes)";
}

std::string addressName(Warp &warp, Space space, uint64_t address) {
  switch (space) {
  case Space::Shared:
    return address < kSharedBase
               ? "shared address " + hex(address)
               : sharedName(*warp.launch, address - kSharedBase);
  case Space::Local:
    return "local memory + " + std::to_string(address);
  case Space::Param:
    return "parameters + " + std::to_string(address);
  default:
    break;
  }
  Allocation *a = warp.launch->memory->nearest(address);
  if (!a || address - a->base + (1 << 20) > a->size + (2 << 20))
    return "address " + hex(address) + ", which no allocation is near";
  std::string name = a->name.empty() ? "allocation " + std::to_string(a->id)
                                     : "'" + a->name + "'";
  name += " (" + std::to_string(a->size) + " bytes";
  name += a->freed ? ", freed)" : ")";
  int64_t offset = static_cast<int64_t>(address - a->base);
  return name + (offset < 0 ? " - " : " + ") +
         std::to_string(offset < 0 ? -offset : offset);
}

namespace {

const char *verb(uint32_t kind) {
  if ((kind & kRead) && (kind & kWrite))
    return "atomic update";
  return kind & kWrite ? "write" : "read";
}

std::string sized(uint32_t kind, unsigned bytes, const char *space) {
  return std::string(verb(kind)) + " of " + std::to_string(bytes) +
         (bytes == 1 ? " byte" : " bytes") + " of " + space + " memory";
}

const char *nameOf(Space space) {
  switch (space) {
  case Space::Shared:
    return "shared";
  case Space::Local:
    return "local";
  case Space::Const:
    return "constant";
  case Space::Param:
  case Space::LaneParam:
    return "parameter";
  default:
    return "global";
  }
}

bool isInit(const uint8_t *init, unsigned bytes) {
  switch (bytes) {
  case 1:
    return *init;
  case 2: {
    uint16_t v;
    memcpy(&v, init, 2);
    return v == 0x0101;
  }
  case 4: {
    uint32_t v;
    memcpy(&v, init, 4);
    return v == 0x01010101u;
  }
  default:
    for (unsigned i = 0; i < bytes; i += 8) {
      uint64_t v;
      memcpy(&v, init + i, 8);
      if (v != 0x0101010101010101ull)
        return false;
    }
    return true;
  }
}

Cell *cellsOf(Allocation &a) {
  if (!a.cells) {
    a.cellBytes = (a.size + 3) / 4 * sizeof(Cell);
    void *p = mmap(nullptr, a.cellBytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    a.cells = p == MAP_FAILED ? nullptr : static_cast<Cell *>(p);
  }
  return a.cells;
}

/// One lane's access after its space is known.
struct Access {
  Warp &warp;
  const Instr &instr;
  unsigned bytes;
  uint32_t kind;
  uint32_t lanes; // of a broadcast or of the whole warp, for the detector

  bool fail(uint32_t lane, int result, const std::string &what) {
    fault(warp, instr, lane, result, what);
    return false;
  }
  bool misaligned(uint32_t lane, Space space, uint64_t address) {
    return fail(lane, CUDA_ERROR_MISALIGNED_ADDRESS,
                "misaligned " + sized(kind, bytes, nameOf(space)) + " at " +
                    addressName(warp, space, address));
  }
  bool outside(uint32_t lane, Space space, uint64_t address) {
    return fail(lane, CUDA_ERROR_ILLEGAL_ADDRESS,
                "out of bounds " + sized(kind, bytes, nameOf(space)) + " at " +
                    addressName(warp, space, address));
  }
  /// Reads need initialised bytes; writes make them so.
  bool initialise(uint32_t lane, Space space, uint64_t address, uint8_t *init) {
    if (!init)
      return true;
    if ((kind & kRead) && !isInit(init, bytes)) {
      unsigned first = 0;
      while (first < bytes && init[first])
        ++first;
      return fail(lane, CUDA_ERROR_LAUNCH_FAILED,
                  "uninitialised " + sized(kind, bytes, nameOf(space)) +
                      " at " + addressName(warp, space, address + first));
    }
    if ((kind & kWrite) && !(kind & kAsync))
      memset(init, 1, bytes);
    return true;
  }

  bool global(uint32_t lane, Space space, uint64_t address, uint8_t **where) {
    if (address & (bytes - 1))
      return misaligned(lane, space, address);
    if (warp.launch->overlaps && (lanes & ~warp.waited))
      return fail(lane, CUDA_ERROR_LAUNCH_FAILED,
                  sized(kind, bytes, nameOf(space)) +
                      " while the launch before may still run: race; wait for "
                      "it first (griddepcontrol.wait)");
    Allocation *a = warp.cached;
    if (!a || address - a->base >= a->size) {
      a = warp.launch->memory->find(address);
      if (!a)
        return outside(lane, space, address);
      if (a->freed)
        return fail(lane, CUDA_ERROR_ILLEGAL_ADDRESS,
                    "use after free: " + sized(kind, bytes, nameOf(space)) +
                        " at " + addressName(warp, space, address));
      warp.cached = a;
    }
    uint64_t offset = address - a->base;
    if (bytes > a->size - offset)
      return outside(lane, space, address);
    if (a->readOnly && (kind & kWrite))
      return fail(lane, CUDA_ERROR_ILLEGAL_ADDRESS,
                  std::string("write to constant memory at ") +
                      addressName(warp, space, address));
    if (!initialise(lane, space, address, a->init ? a->init + offset : nullptr))
      return false;
    *where = a->data + offset;
    Races *races = warp.launch->races;
    if (!races || a->readOnly)
      return true;
    Cell *cells = cellsOf(*a);
    return !cells || races->check(warp, instr, lane, lanes, Space::Global,
                                  address, cells + offset / 4, bytes, kind);
  }

  bool shared(uint32_t lane, uint64_t address, uint8_t **where) {
    if (address & (bytes - 1))
      return misaligned(lane, Space::Shared, address);
    Cta &cta = *warp.cta;
    uint64_t offset = address - kSharedBase;
    if (offset >= cta.shared.size() || bytes > cta.shared.size() - offset)
      return outside(lane, Space::Shared, address);
    if (!initialise(lane, Space::Shared, address, &cta.sharedInit[offset]))
      return false;
    *where = &cta.shared[offset];
    Races *races = warp.launch->races;
    return !races || races->check(warp, instr, lane, lanes, Space::Shared,
                                  address, &cta.cells[offset / 4], bytes, kind);
  }

  bool local(uint32_t lane, uint64_t address, uint8_t **where) {
    if (address & (bytes - 1))
      return misaligned(lane, Space::Local, address);
    uint64_t size = warp.frame->localBase + warp.frame->fn->localBytes;
    if (address >= size || bytes > size - address)
      return outside(lane, Space::Local, address);
    uint64_t at = uint64_t(lane) * warp.localStride + address;
    *where = &warp.local[at];
    return initialise(lane, Space::Local, address, &warp.localInit[at]);
  }

  bool param(uint32_t lane, uint64_t address, uint8_t **where) {
    std::vector<uint8_t> &p = warp.launch->params;
    if (address & (bytes - 1))
      return misaligned(lane, Space::Param, address);
    if (address >= p.size() || bytes > p.size() - address)
      return outside(lane, Space::Param, address);
    if (kind & kWrite)
      return fail(lane, CUDA_ERROR_ILLEGAL_ADDRESS,
                  "write to a kernel's parameters");
    *where = &p[address];
    return true;
  }

  bool one(uint32_t lane, Space space, uint64_t address, uint8_t **where) {
    if (space == Space::Generic) {
      uint64_t window = address & ~(kWindowBytes - 1);
      uint64_t offset = address & (kWindowBytes - 1);
      if (window == kSharedWindow)
        return shared(lane, offset, where);
      if (window == kLocalWindow)
        return local(lane, offset, where);
      if (window == kParamWindow)
        return param(lane, offset, where);
      return global(lane, Space::Global, address, where);
    }
    if (space == Space::Shared)
      return shared(lane, address, where);
    if (space == Space::Local)
      return local(lane, address, where);
    if (space == Space::Param)
      return param(lane,
                   address >= kParamWindow ? address - kParamWindow : address,
                   where);
    return global(lane, space, address, where);
  }
};

} // namespace

bool access(Warp &warp, const Instr &instr, uint32_t m, Space space,
            const uint64_t *addr, unsigned bytes, uint32_t kind,
            uint8_t **where) {
  Access a{warp, instr, bytes, kind, 0};
  if (space == Space::LaneParam) {
    std::vector<uint8_t> &p = warp.frame->params;
    uint32_t stride = warp.frame->fn->laneParamBytes;
    for (uint32_t l = 0; l < kWarpSize; ++l) {
      if (!(m >> l & 1))
        continue;
      if (addr[l] >= stride || bytes > stride - addr[l])
        return a.outside(l, Space::Param, addr[l]);
      where[l] = &p[l * stride + addr[l]];
    }
    return true;
  }
  // Lanes that read the same place are one access to the detector.
  bool uniform = !(kind & kWrite);
  uint32_t first = static_cast<uint32_t>(__builtin_ctz(m));
  for (uint32_t l = 0; uniform && l < kWarpSize; ++l)
    uniform = !(m >> l & 1) || addr[l] == addr[first];
  if (uniform) {
    a.lanes = kind & kAllLanes ? warp.live : m;
    if (!a.one(first, space, addr[first], &where[first]))
      return false;
    for (uint32_t l = 0; l < kWarpSize; ++l)
      where[l] = where[first];
    bool isLocal = space == Space::Local ||
                   (space == Space::Generic &&
                    (addr[first] & ~(kWindowBytes - 1)) == kLocalWindow);
    if (!isLocal)
      return true;
  }
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    a.lanes = kind & kAllLanes ? warp.live : 1u << l;
    if (!a.one(l, space, addr[l], &where[l]))
      return false;
  }
  return true;
}

} // namespace cudasim
