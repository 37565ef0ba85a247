// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// bar, barrier and bar.warp.sync.

#include "cuda_abi.h"
#include "memory_ops.h"

#include <bit>

namespace cudasim {

namespace {

/// Instr::sub of barriers.
enum : uint8_t { kSync, kArrive, kPopc, kAnd, kOr };

std::string mask(uint32_t m) {
  char text[16];
  snprintf(text, sizeof text, "0x%08x", m);
  return text;
}

void giveResult(Warp &w, const Instr &i, const Barrier &b, uint32_t m) {
  if (i.sub == kPopc) {
    uint32_t *d = lanes<uint32_t>(w, i.d);
    for (uint32_t l = 0; l < kWarpSize; ++l)
      if (m >> l & 1)
        d[l] = b.population;
  } else if (i.sub == kAnd || i.sub == kOr) {
    setPredicate(w, i.d, m, i.sub == kAnd ? b.all : b.any);
  }
}

void complete(Cta &cta, uint32_t id) {
  Barrier &b = cta.barriers[id];
  Races *races = cta.launch->races;
  if (races)
    races->completeBarrier(cta, b);
  for (Warp &w : cta.warps)
    for (Path &p : w.paths) {
      if (p.wait != Wait::Barrier || p.barrier != id)
        continue;
      p.wait = Wait::None;
      uint8_t *regs = w.regs;
      w.regs = p.frame->regs;
      giveResult(w, *p.at, b, p.mask);
      w.regs = regs;
      if (races)
        races->acquire(w, p.mask, b.clock);
    }
}

void reset(Barrier &b) {
  Clock *clock = b.clock;
  Races::drop(clock);
  b = Barrier();
}

void execBarrier(Warp &w, const Instr &i, uint32_t m) {
  uint32_t first = static_cast<uint32_t>(__builtin_ctz(m));
  uint32_t id = lanes<uint32_t>(w, i.a)[first];
  uint32_t count = i.b.valid() ? lanes<uint32_t>(w, i.b)[first] : 0;
  auto fail = [&](const std::string &what) {
    fault(w, i, first, CUDA_ERROR_LAUNCH_FAILED, what);
  };
  for (uint32_t l = first; l < kWarpSize; ++l)
    if ((m >> l & 1) && (lanes<uint32_t>(w, i.a)[l] != id ||
                         (i.b.valid() && lanes<uint32_t>(w, i.b)[l] != count)))
      return fail("lanes of one warp at different barriers");
  if (id > 15)
    return fail("barrier " + std::to_string(id) + " does not exist");
  if (i.b.valid() && (count == 0 || count % kWarpSize))
    return fail("barrier " + std::to_string(id) + " for " +
                std::to_string(count) +
                " threads, which is no multiple of the warp size");
  if (i.isSigned && m != w.live) // aligned
    return fail("divergent barrier: lanes " + mask(m) + " arrive at barrier " +
                std::to_string(id) + " and lanes " + mask(w.live & ~m) +
                " of the same warp do not");
  Barrier &b = w.cta->barriers[id];
  if (b.arrived && b.expected != count)
    return fail("barrier " + std::to_string(id) + " is used for " +
                std::to_string(count) +
                " threads while others wait at it for " +
                std::to_string(b.expected));
  b.expected = count;
  b.partial |= count != 0;
  if (i.sub >= kPopc) {
    uint32_t p = predicate(w, i.c) & m;
    b.population += std::popcount(p);
    b.all = b.all && p == m ? ~0u : 0;
    b.any = b.any || p ? ~0u : 0;
  }
  ++w.launch->changes;
  Races *races = w.launch->races;
  if (races)
    races->arrive(w, m, b.clock, b.partial);
  // With a count, a warp counts as a whole.
  b.arrived += count ? kWarpSize : std::popcount(m);
  if (b.arrived < (count ? count : w.cta->liveThreads)) {
    if (i.sub != kArrive) {
      w.blocked = true;
      w.park.wait = Wait::Barrier;
      w.park.barrier = static_cast<uint8_t>(id);
    }
    return;
  }
  complete(*w.cta, id);
  giveResult(w, i, b, m);
  if (races && i.sub != kArrive)
    races->acquire(w, m, b.clock);
  reset(b);
}

void execWarpSync(Warp &w, const Instr &i, uint32_t m) {
  uint32_t first = static_cast<uint32_t>(__builtin_ctz(m));
  uint32_t members = lanes<uint32_t>(w, i.a)[first];
  if (m & ~members)
    return fault(w, i, static_cast<uint32_t>(__builtin_ctz(m & ~members)),
                 CUDA_ERROR_LAUNCH_FAILED,
                 "a thread that its own member mask " + mask(members) +
                     " does not name");
  if ((members & w.live) == m) {
    if (w.launch->races)
      w.launch->races->warpSync(w, m);
    return;
  }
  w.blocked = true;
  w.park.wait = Wait::WarpSync;
  w.park.members = members;
}

} // namespace

void checkBarriersAfterExit(Cta &cta) {
  if (!cta.exited)
    return;
  cta.exited = false;
  // Threads that have exited are waited for no longer.
  for (uint32_t id = 0; id < 16; ++id) {
    Barrier &b = cta.barriers[id];
    if (!b.arrived || b.expected || b.arrived < cta.liveThreads)
      continue;
    complete(cta, id);
    reset(b);
  }
}

void releaseWarpSync(Warp &w) {
  for (size_t k = 0; k < w.paths.size(); ++k) {
    if (w.paths[k].wait != Wait::WarpSync)
      continue;
    uint32_t members = w.paths[k].members, here = 0;
    for (const Path &p : w.paths)
      if (p.wait == Wait::WarpSync && p.members == members)
        here |= p.mask;
    if ((members & w.live) & ~here)
      continue;
    for (Path &p : w.paths)
      if (p.wait == Wait::WarpSync && p.members == members)
        p.wait = Wait::None;
    if (w.launch->races)
      w.launch->races->warpSync(w, here);
  }
}

static bool decodeBarrier(Decoder &d) {
  Instr &i = d.instr;
  i.flow = Flow::Sync;
  bool named = d.s.op == "barrier";
  if (d.take(".cluster"))
    return d.fail("barriers of a cluster are not simulated yet");
  if (!named && d.take(".warp")) {
    return d.take(".sync") && d.count(1) && d.source(0, Type::B32, i.a) &&
           use(d, &execWarpSync);
  }
  d.take(".cta");
  if (d.take(".arrive")) {
    i.sub = kArrive;
  } else if (d.take(".red")) {
    int which = d.takeOne({".popc", ".and", ".or"});
    if (which < 0)
      return d.fail("a reduction that barriers do not have");
    i.sub = static_cast<uint8_t>(kPopc + which);
  } else if (!d.take(".sync")) {
    return d.fail("a barrier without .sync, .arrive or .red");
  }
  // bar is aligned; barrier only if it says so.
  i.isSigned = !named || d.take(".aligned");
  size_t at = 0;
  if (i.sub >= kPopc) {
    Type t = d.type();
    if (t != (i.sub == kPopc ? Type::U32 : Type::Pred) ||
        !d.destination(at++, t, i.d))
      return d.fail("a reduction of another type");
  }
  size_t last = d.operands() - (i.sub >= kPopc ? 1 : 0);
  if (last < at + 1 || last > at + 2)
    return d.fail("a barrier with " + std::to_string(d.operands()) +
                  " operands");
  if (!d.source(at, Type::B32, i.a) ||
      (last == at + 2 && !d.source(at + 1, Type::B32, i.b)))
    return false;
  if (i.sub >= kPopc && !d.source(last, Type::Pred, i.c))
    return false;
  if (i.sub == kArrive && !i.b.valid())
    return d.fail("an arrival without a thread count");
  return use(d, &execBarrier);
}

void addSyncDecoders(DecodeTable &t) {
  t["bar"] = t["barrier"] = decodeBarrier;
}

} // namespace cudasim
