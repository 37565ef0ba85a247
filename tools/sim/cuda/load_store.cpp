// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ld, st and prefetch.

#include "memory_ops.h"

namespace cudasim {

void strongAccess(Warp &w, const Instr &i, uint32_t m, Space space,
                  const uint64_t *addr, bool reads, bool writes) {
  Races *races = w.launch->races;
  if (!races)
    return;
  bool acquires = i.order == kAcquire || i.order == kAcqRel;
  bool releases = i.order == kRelease || i.order == kAcqRel;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    uint64_t key = locationKey(w, space, addr[l]);
    if (reads)
      races->strongRead(w, l, key, acquires);
    if (writes)
      races->strongWrite(w, l, key, releases, reads);
  }
}

bool takeOrderAndScope(Decoder &d) {
  Instr &i = d.instr;
  switch (d.takeOne({".weak", ".relaxed", ".acquire", ".release", ".acq_rel",
                     ".volatile", ".mmio"})) {
  case 1:
    i.order = kRelaxed;
    break;
  case 2:
    i.order = kAcquire;
    break;
  case 3:
    i.order = kRelease;
    break;
  case 4:
    i.order = kAcqRel;
    break;
  case 5: // volatile: relaxed with system scope
  case 6:
    i.order = kRelaxed;
    i.scope = kScopeSys;
    break;
  default:
    break;
  }
  if (i.order != kWeak)
    i.strong = true;
  int scope = d.takeOne({".cta", ".cluster", ".gpu", ".sys"});
  if (scope >= 0)
    i.scope = static_cast<uint8_t>(scope);
  return true;
}

bool takeMemoryModifiers(Decoder &d) {
  takeOrderAndScope(d);
  Instr &i = d.instr;
  if (d.take(".global"))
    i.space = Space::Global;
  else if (d.take(".shared") || d.take(".shared::cta"))
    i.space = Space::Shared;
  else if (d.take(".shared::cluster"))
    return d.fail("shared memory of a cluster is not simulated yet");
  else if (d.take(".local"))
    i.space = Space::Local;
  else if (d.take(".const"))
    i.space = Space::Const;
  else if (d.take(".param") || d.take(".param::entry") ||
           d.take(".param::func"))
    i.space = Space::Param;
  else
    i.space = Space::Generic;
  // Cache hints change no value.
  d.takeOne({".ca", ".cg", ".cs", ".lu", ".cv", ".wb", ".wt"});
  d.take(".nc");
  d.takeOne({".L1::evict_normal", ".L1::evict_unchanged", ".L1::evict_first",
             ".L1::evict_last", ".L1::no_allocate"});
  d.takeOne({".L2::evict_normal", ".L2::evict_first", ".L2::evict_last"});
  d.takeOne({".L2::64B", ".L2::128B", ".L2::256B"});
  d.take(".unified");
  return true;
}

template <class M, class R>
static void execLoad(Warp &w, const Instr &i, uint32_t m) {
  uint64_t addr[kWarpSize];
  uint8_t *where[kWarpSize];
  addressesOf(w, i, addr);
  unsigned total = sizeof(M) * i.vector;
  if (!access(w, i, m, i.space, addr, total, kRead | strongKind(i), where))
    return;
  for (unsigned k = 0; k < i.vector; ++k) {
    R *d = lanes<R>(w, i.v[k]);
    if (m == kFull) {
      for (uint32_t l = 0; l < kWarpSize; ++l) {
        M value;
        memcpy(&value, where[l] + k * sizeof(M), sizeof(M));
        d[l] = R(value);
      }
      continue;
    }
    for (uint32_t l = 0; l < kWarpSize; ++l) {
      if (!(m >> l & 1))
        continue;
      M value;
      memcpy(&value, where[l] + k * sizeof(M), sizeof(M));
      d[l] = R(value);
    }
  }
  if (i.strong) {
    strongAccess(w, i, m, i.space, addr, true, false);
    pollAt(w, addr[__builtin_ctz(m)], *where[__builtin_ctz(m)]);
  }
}

static bool isLocalWindow(uint64_t address) {
  return (address & ~(kWindowBytes - 1)) == kLocalWindow;
}

template <class M, class R>
static void execStore(Warp &w, const Instr &i, uint32_t m) {
  uint64_t addr[kWarpSize];
  uint8_t *where[kWarpSize];
  addressesOf(w, i, addr);
  unsigned total = sizeof(M) * i.vector;
  const R *from[8];
  for (unsigned k = 0; k < i.vector; ++k)
    from[k] = lanes<R>(w, i.v[k]);
  // Lanes that write one value to one place do not race; the detector is told
  // of one of them.
  uint32_t checked = m;
  bool rising = true;
  for (uint32_t l = 1; l < kWarpSize; ++l)
    rising &= addr[l] > addr[l - 1];
  for (uint32_t l = 1; !rising && l < kWarpSize; ++l)
    for (uint32_t p = 0; p < l; ++p) {
      if (!(m >> l & 1) || !(checked >> p & 1) || addr[l] != addr[p])
        continue;
      bool same = true;
      for (unsigned k = 0; k < i.vector; ++k)
        same = same && M(from[k][l]) == M(from[k][p]);
      if (same && i.space != Space::Local && i.space != Space::Param &&
          i.space != Space::LaneParam && !isLocalWindow(addr[l]))
        checked &= ~(1u << p);
    }
  if (!access(w, i, checked, i.space, addr, total, kWrite | strongKind(i),
              where))
    return;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(checked >> l & 1))
      continue;
    for (unsigned k = 0; k < i.vector; ++k) {
      M value = M(from[k][l]);
      memcpy(where[l] + k * sizeof(M), &value, sizeof(M));
    }
  }
  ++w.launch->changes;
  if (i.strong)
    strongAccess(w, i, m, i.space, addr, false, true);
}

template <class M>
static Execute loadInto(unsigned reg) {
  switch (reg) {
  case 2:
    return &execLoad<M, uint16_t>;
  case 4:
    return &execLoad<M, uint32_t>;
  case 8:
    return &execLoad<M, uint64_t>;
  default:
    return nullptr;
  }
}

template <class M>
static Execute storeFrom(unsigned reg) {
  switch (reg) {
  case 1:
    return &execStore<M, uint8_t>;
  case 2:
    return &execStore<M, uint16_t>;
  case 4:
    return &execStore<M, uint32_t>;
  case 8:
    return &execStore<M, uint64_t>;
  default:
    return nullptr;
  }
}

static Execute pickLoad(Type t, unsigned reg) {
  switch (bytesOf(t)) {
  case 1:
    return isSigned(t) ? loadInto<int8_t>(reg) : loadInto<uint8_t>(reg);
  case 2:
    return isSigned(t) ? loadInto<int16_t>(reg) : loadInto<uint16_t>(reg);
  case 4:
    return isSigned(t) ? loadInto<int32_t>(reg) : loadInto<uint32_t>(reg);
  case 8:
    return loadInto<uint64_t>(reg);
  default:
    return nullptr;
  }
}

static Execute pickStore(Type t, unsigned reg) {
  switch (bytesOf(t)) {
  case 1:
    return storeFrom<uint8_t>(reg);
  case 2:
    return storeFrom<uint16_t>(reg);
  case 4:
    return storeFrom<uint32_t>(reg);
  case 8:
    return storeFrom<uint64_t>(reg);
  default:
    return nullptr;
  }
}

/// Elements of the vector operand, whose registers may be wider than \p t.
static bool elements(Decoder &d, const Operand &o, Type t, bool load) {
  size_t have = o.kind == Operand::Vector ? o.elements.size() : 1;
  if (have != d.instr.vector)
    return d.fail("a vector of " + std::to_string(have) + " registers");
  for (size_t k = 0; k < have; ++k) {
    const Operand &e = o.kind == Operand::Vector ? o.elements[k] : o;
    d.instr.v.emplace_back();
    Ref &ref = d.instr.v.back();
    // A sink of an 8-bit load is a 16-bit register.
    Type sink = bytesOf(t) == 1 ? Type::B16 : t;
    if (!(load ? d.looseDestination(e, sink, ref) : d.looseSource(e, t, ref)))
      return false;
    if (ref.bytes < bytesOf(t))
      return d.fail("a register narrower than its type");
    if (k && ref.bytes != d.instr.v[0].bytes)
      return d.fail("a vector of registers of several widths");
  }
  d.instr.reg = d.instr.v[0].bytes;
  return true;
}

static bool decodeLoadStore(Decoder &d) {
  Instr &i = d.instr;
  bool load = d.s.op != "st";
  i.flow = Flow::Memory;
  if (!takeMemoryModifiers(d))
    return false;
  int vector = d.takeOne({".v2", ".v4", ".v8"});
  i.vector = static_cast<uint8_t>(vector < 0 ? 1 : 2 << vector);
  Type t = d.type();
  i.bytes = static_cast<uint8_t>(bytesOf(t));
  if (i.bytes * i.vector > 16)
    return d.fail("an access of more than 16 bytes");
  // A hint about the cache comes as one more operand.
  bool policy = d.take(".L2::cache_hint");
  if (!d.count(policy ? 3 : 2) || !d.address(load ? 1 : 0, i.space) ||
      !elements(d, d.s.operands[load ? 0 : 1], t, load))
    return false;
  if (!load && (i.space == Space::Const ||
                (i.space == Space::Param && d.function.isEntry)))
    return d.fail("a store to read-only memory");
  return use(d, load ? pickLoad(t, i.reg) : pickStore(t, i.reg));
}

static bool decodePrefetch(Decoder &d) {
  d.takeOne({".global", ".local", ".param", ".const", ".tensormap"});
  d.takeOne({".L1", ".L2", ".L2::evict_last", ".L2::evict_normal"});
  d.instr.space = Space::Generic;
  return d.count(1) && d.address(0, d.instr.space) &&
         use(d, [](Warp &, const Instr &, uint32_t) {});
}

void addMemoryDecoders(DecodeTable &t) {
  t["ld"] = t["ldu"] = t["st"] = decodeLoadStore;
  t["prefetch"] = t["prefetchu"] = decodePrefetch;
}

} // namespace cudasim
