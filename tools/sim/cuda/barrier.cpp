// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mbarrier objects in shared memory.

#include "cuda_abi.h"
#include "memory_ops.h"

namespace cudasim {

namespace {

/// What the eight opaque bytes hold. Pending arrivals are lowest, so that one
/// more is an addition.
struct State {
  uint64_t pending : 20;  // arrivals still missing
  uint64_t expected : 20; // arrivals of a phase
  int64_t bytes : 21;     // asynchronous bytes still missing
  uint64_t phase : 1;
  uint64_t valid : 2; // kValid once initialised
};
static_assert(sizeof(State) == 8);
constexpr uint64_t kValid = 2;

enum : uint8_t { kDrop = 1, kExpect = 2, kNoComplete = 4, kParity = 8 };

State load(const uint8_t *p) {
  State s;
  memcpy(&s, p, 8);
  return s;
}
void store(uint8_t *p, State s) { memcpy(p, &s, 8); }

/// Ends the phase if nothing is missing.
void finishPhase(Warp &w, State &s, uint32_t address) {
  if (s.pending || s.bytes)
    return;
  MBarrierClock &clocks = w.cta->mbarriers[address];
  if (w.launch->races) {
    Races::set(clocks.completed[s.phase], clocks.current);
    Races::drop(clocks.current);
  }
  s.phase ^= 1;
  s.pending = s.expected;
  ++w.launch->changes;
}

uint32_t sharedAddress(uint64_t address) {
  return static_cast<uint32_t>(address & (kWindowBytes - 1));
}

bool valid(Warp &w, const Instr &i, uint32_t lane, const State &s,
           uint32_t address) {
  if (s.valid == kValid)
    return true;
  fault(w, i, lane, CUDA_ERROR_LAUNCH_FAILED,
        "no initialised mbarrier at " + addressName(w, Space::Shared, address));
  return false;
}

bool arriveAt(Warp &w, const Instr &i, uint32_t lane, uint8_t *p,
              uint32_t address, uint32_t count, bool complete) {
  State s = load(p);
  if (!valid(w, i, lane, s, address))
    return false;
  if (count == 0 || count > s.pending) {
    fault(w, i, lane, CUDA_ERROR_LAUNCH_FAILED,
          std::to_string(count) + " arrivals at the mbarrier at " +
              addressName(w, Space::Shared, address) +
              ", whose phase waits "
              "for " +
              std::to_string(uint64_t(s.pending)) + " more");
    return false;
  }
  s.pending -= count;
  ++w.launch->changes;
  if (complete)
    finishPhase(w, s, address);
  store(p, s);
  return true;
}

void execInit(Warp &w, const Instr &i, uint32_t m) {
  uint64_t addr[kWarpSize];
  uint8_t *where[kWarpSize];
  addressesOf(w, i, addr);
  if (!access(w, i, m, i.space, addr, 8, kWrite, where))
    return;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    State s{};
    if (!i.sub) { // not inval
      uint32_t count = lanes<uint32_t>(w, i.b)[l];
      if (count == 0 || count >= 1u << 20)
        return fault(w, i, l, CUDA_ERROR_LAUNCH_FAILED,
                     "an mbarrier for " + std::to_string(count) + " arrivals");
      s.pending = s.expected = count;
      s.valid = kValid;
    }
    store(where[l], s);
    MBarrierClock &clocks = w.cta->mbarriers[sharedAddress(addr[l])];
    Races::drop(clocks.current);
    Races::drop(clocks.completed[0]);
    Races::drop(clocks.completed[1]);
  }
  ++w.launch->changes;
}

/// Joins what the lanes know into the mbarriers they release to.
void release(Warp &w, uint32_t m, const uint64_t *addr) {
  if (!w.launch->races)
    return;
  while (m) {
    uint32_t first = static_cast<uint32_t>(__builtin_ctz(m)), same = 0;
    for (uint32_t l = first; l < kWarpSize; ++l)
      if ((m >> l & 1) && addr[l] == addr[first])
        same |= 1u << l;
    w.launch->races->arrive(
        w, same, w.cta->mbarriers[sharedAddress(addr[first])].current, true);
    m &= ~same;
  }
}

void execArrive(Warp &w, const Instr &i, uint32_t m) {
  uint64_t addr[kWarpSize];
  uint8_t *where[kWarpSize];
  addressesOf(w, i, addr);
  if (!access(w, i, m, i.space, addr, 8, kRead | kWrite | kStrong | kCtaScope,
              where))
    return;
  if (i.order != kRelaxed)
    release(w, m, addr);
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    State s = load(where[l]);
    if (i.d.valid()) {
      uint64_t token;
      memcpy(&token, &s, 8);
      lanes<uint64_t>(w, i.d)[l] = token;
    }
    uint32_t operand = i.b.valid() ? lanes<uint32_t>(w, i.b)[l] : 1;
    if (i.sub & kExpect) {
      s.bytes += operand;
      operand = 1;
    }
    if (i.sub & kDrop)
      s.expected -= operand;
    store(where[l], s);
    if (!arriveAt(w, i, l, where[l], sharedAddress(addr[l]), operand,
                  !(i.sub & kNoComplete)))
      return;
  }
}

/// mbarrier.expect_tx and complete_tx: Instr::sub is 0 or 1.
void execBytes(Warp &w, const Instr &i, uint32_t m) {
  uint64_t addr[kWarpSize];
  uint8_t *where[kWarpSize];
  addressesOf(w, i, addr);
  if (!access(w, i, m, i.space, addr, 8, kRead | kWrite | kStrong | kCtaScope,
              where))
    return;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    State s = load(where[l]);
    if (!valid(w, i, l, s, sharedAddress(addr[l])))
      return;
    int32_t n = static_cast<int32_t>(lanes<uint32_t>(w, i.b)[l]);
    s.bytes += i.sub ? -n : n;
    if (i.sub)
      finishPhase(w, s, sharedAddress(addr[l]));
    store(where[l], s);
    ++w.launch->changes;
  }
}

void execWait(Warp &w, const Instr &i, uint32_t m) {
  uint64_t addr[kWarpSize];
  uint8_t *where[kWarpSize];
  addressesOf(w, i, addr);
  if (!access(w, i, m, i.space, addr, 8, kRead | kStrong | kCtaScope, where))
    return;
  uint32_t done = 0, mine[2] = {0, 0};
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    State s = load(where[l]);
    if (!valid(w, i, l, s, sharedAddress(addr[l])))
      return;
    uint32_t phase;
    if (i.sub & kParity) {
      phase = lanes<uint32_t>(w, i.b)[l] & 1;
    } else {
      State token;
      memcpy(&token, &lanes<uint64_t>(w, i.b)[l], 8);
      phase = token.phase;
    }
    if (s.phase == phase)
      continue;
    done |= 1u << l;
    mine[phase] |= 1u << l;
  }
  setPredicate(w, i.d, m, done);
  if (done != m) {
    pollAt(w, addr[__builtin_ctz(m & ~done)], 0);
  }
  if (!w.launch->races || i.order == kRelaxed)
    return;
  for (uint32_t l = 0; l < kWarpSize; ++l)
    for (int phase = 0; phase < 2; ++phase)
      if (mine[phase] >> l & 1) {
        uint32_t same = 0;
        for (uint32_t k = l; k < kWarpSize; ++k)
          if ((mine[phase] >> k & 1) && addr[k] == addr[l])
            same |= 1u << k;
        w.launch->races->acquire(
            w, same, w.cta->mbarriers[sharedAddress(addr[l])].completed[phase]);
        mine[phase] &= ~same;
      }
}

void execPending(Warp &w, const Instr &i, uint32_t m) {
  for (uint32_t l = 0; l < kWarpSize; ++l)
    if (m >> l & 1) {
      State s;
      memcpy(&s, &lanes<uint64_t>(w, i.a)[l], 8);
      lanes<uint32_t>(w, i.d)[l] = uint32_t(s.pending);
    }
}

} // namespace

void arriveMBarrier(Warp &w, const Instr &i, uint32_t lane, uint32_t address,
                    uint32_t count) {
  uint64_t addr[kWarpSize];
  addr[lane] = address;
  release(w, 1u << lane, addr);
  arriveAt(w, i, lane, &w.cta->shared[address - kSharedBase], address, count,
           true);
}

static bool decodeMBarrier(Decoder &d) {
  Instr &i = d.instr;
  i.flow = Flow::Memory;
  if (d.take(".pending_count")) {
    i.flow = Flow::Plain;
    return d.type() == Type::B64 && d.count(2) &&
           d.destination(0, Type::B32, i.d) && d.source(1, Type::B64, i.a) &&
           use(d, &execPending);
  }
  int what =
      d.takeOne({".init", ".inval", ".arrive", ".arrive_drop", ".expect_tx",
                 ".complete_tx", ".test_wait", ".try_wait"});
  if (what < 0)
    return d.fail("an mbarrier operation that the simulator does not know");
  if ((what == 2 || what == 3) && d.take(".expect_tx"))
    i.sub |= kExpect;
  if ((what == 2 || what == 3) && d.take(".noComplete"))
    i.sub |= kNoComplete;
  if (what == 3)
    i.sub |= kDrop;
  if (what >= 6 && d.take(".parity"))
    i.sub |= kParity;
  if (!takeOrderAndScope(d))
    return false;
  if (d.take(".shared::cluster"))
    return d.fail("mbarriers of other CTAs are not simulated yet");
  i.space = d.take(".shared") || d.take(".shared::cta") ? Space::Shared
                                                        : Space::Generic;
  if (d.type() != Type::B64)
    return d.fail("mbarriers are .b64");
  switch (what) {
  case 0:
    return d.count(2) && d.address(0, i.space) && d.source(1, Type::B32, i.b) &&
           use(d, &execInit);
  case 1:
    i.sub = 1;
    return d.count(1) && d.address(0, i.space) && use(d, &execInit);
  case 2:
  case 3: {
    // The token may be left out together with its operand's place.
    size_t at = d.s.operands[0].kind == Operand::Address ? 0 : 1;
    if (at && d.s.operands[0].kind != Operand::Sink &&
        !d.destination(0, Type::B64, i.d))
      return false;
    return d.count(at + 1, at + 2) && d.address(at, i.space) &&
           (d.operands() == at + 1 || d.source(at + 1, Type::B32, i.b)) &&
           use(d, &execArrive);
  }
  case 4:
  case 5:
    i.sub = what == 5;
    return d.count(2) && d.address(0, i.space) && d.source(1, Type::B32, i.b) &&
           use(d, &execBytes);
  default: {
    Ref hint;
    return d.count(3, 4) && d.destination(0, Type::Pred, i.d) &&
           d.address(1, i.space) &&
           d.source(2, i.sub & kParity ? Type::B32 : Type::B64, i.b) &&
           (d.operands() == 3 || d.source(3, Type::B32, hint)) &&
           use(d, &execWait);
  }
  }
}

void addBarrierDecoders(DecodeTable &t) { t["mbarrier"] = decodeMBarrier; }

} // namespace cudasim
