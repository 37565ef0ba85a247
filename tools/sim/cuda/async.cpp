// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cp.async: copies that arrive late, their groups and mbarrier arrivals.

#include "cuda_abi.h"
#include "memory_ops.h"

#include <algorithm>

namespace cudasim {

static void deliver(Warp &w, AsyncCopy &c) {
  if (c.delivered || c.arrival)
    return;
  c.delivered = true;
  Cta &cta = *w.cta;
  uint32_t offset = c.target - kSharedBase;
  memset(&cta.shared[offset], 0, c.bytes);
  if (c.copied)
    if (uint8_t *from = w.launch->memory->resolve(c.source, c.copied, nullptr))
      memcpy(&cta.shared[offset], from, c.copied);
  memset(&cta.sharedInit[offset], 1, c.bytes);
}

void settleCopies(Warp &w, uint32_t lane, uint32_t count) {
  AsyncQueue &q = w.async[lane];
  Races *races = w.launch->races;
  for (; count && !q.copies.empty(); --count) {
    AsyncCopy c = q.copies.front();
    q.copies.pop_front();
    if (c.arrival) {
      arriveMBarrier(w, *c.instr, lane, c.target, 1);
      continue;
    }
    deliver(w, c);
    ++w.launch->changes;
    if (!races)
      continue;
    races->arriveAsync(w, lane, &w.cta->cells[(c.target - kSharedBase) / 4],
                       c.bytes, *c.instr);
    Allocation *a = w.launch->memory->find(c.source);
    if (c.copied && a && a->cells)
      races->arriveAsync(w, lane, a->cells + (c.source - a->base) / 4, c.copied,
                         *c.instr);
  }
  if (races)
    races->tick();
}

bool deliverSome(Warp &w, bool all) {
  bool arrived = false;
  if (!w.hasAsync)
    return false;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    AsyncQueue &q = w.async[l];
    // The last arrival that waits for copies, if its time has come.
    uint32_t settled = 0;
    for (uint32_t k = 0; k < q.copies.size(); ++k)
      if (q.copies[k].arrival)
        settled = k + 1;
    if (settled && (all || w.cta->random() % 4 == 0)) {
      settleCopies(w, l, settled);
      // Groups lose what has been settled.
      uint32_t rest = settled;
      for (uint32_t &g : q.groups) {
        uint32_t n = std::min(g, rest);
        g -= n;
        rest -= n;
      }
      q.open -= std::min(q.open, rest);
      arrived = true;
    }
    // Without a seed, bytes arrive as late as they may: at the wait.
    if (w.launch->seed && !q.copies.empty())
      deliver(w, q.copies[w.cta->random() % q.copies.size()]);
  }
  return arrived;
}

void checkCopiesAtExit(Warp &w, uint32_t m) {
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1) || w.async[l].copies.empty())
      continue;
    // What an mbarrier counts, others wait for.
    const AsyncCopy &last = w.async[l].copies.back();
    if (!last.arrival)
      return fault(w, *last.instr, l, CUDA_ERROR_LAUNCH_FAILED,
                   "the thread exits while this copy to shared memory may be "
                   "under way, and nothing says that the memory outlives the "
                   "block; wait for it (cp.async.wait_all)");
  }
}

static void execCopy(Warp &w, const Instr &i, uint32_t m) {
  uint64_t to[kWarpSize], from[kWarpSize];
  uint8_t *where[kWarpSize];
  addressesOf(w, i, to);
  const uint64_t *b = i.b.valid() ? lanes<uint64_t>(w, i.b) : nullptr;
  const uint32_t *size = i.c.valid() ? lanes<uint32_t>(w, i.c) : nullptr;
  uint32_t ignored = i.e.valid() ? predicate(w, i.e) : 0;
  uint32_t whole = 0;
  uint8_t copied[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    from[l] = (b ? b[l] : 0) + uint64_t(i.imm2);
    uint32_t n = ignored >> l & 1 ? 0 : size ? size[l] : i.bytes;
    if ((m >> l & 1) && n > i.bytes)
      return fault(w, i, l, CUDA_ERROR_LAUNCH_FAILED,
                   "cp.async with a source of " + std::to_string(n) +
                       " bytes for a copy of " + std::to_string(i.bytes));
    copied[l] = static_cast<uint8_t>(n);
    whole |= uint32_t(n == i.bytes) << l;
  }
  if ((whole & m) && !access(w, i, whole & m, Space::Global, from, i.bytes,
                             kRead | kAsync, where))
    return;
  for (uint32_t l = 0; l < kWarpSize; ++l)
    for (uint32_t k = 0; (m & ~whole) >> l & 1 && k < copied[l]; ++k) {
      uint64_t byte[kWarpSize];
      byte[l] = from[l] + k;
      if (!access(w, i, 1u << l, Space::Global, byte, 1, kRead | kAsync, where))
        return;
    }
  if (!access(w, i, m, Space::Shared, to, i.bytes, kWrite | kAsync, where))
    return;
  w.hasAsync = true;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    AsyncCopy c;
    c.source = from[l];
    c.target = static_cast<uint32_t>(to[l]);
    c.bytes = i.bytes;
    c.copied = copied[l];
    c.instr = &i;
    memset(&w.cta->sharedInit[c.target - kSharedBase], 0, i.bytes);
    w.async[l].copies.push_back(c);
    ++w.async[l].open;
  }
}

static void execCommit(Warp &w, const Instr &, uint32_t m) {
  for (uint32_t l = 0; l < kWarpSize; ++l)
    if (m >> l & 1) {
      w.async[l].groups.push_back(w.async[l].open);
      w.async[l].open = 0;
    }
}

static void execWait(Warp &w, const Instr &i, uint32_t m) {
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    AsyncQueue &q = w.async[l];
    uint32_t count = 0;
    while (q.groups.size() > size_t(i.imm)) {
      count += q.groups.front();
      q.groups.pop_front();
    }
    if (i.sub) { // wait_all
      count += q.open;
      q.open = 0;
    }
    if (count)
      settleCopies(w, l, count);
  }
}

static void execAsyncArrive(Warp &w, const Instr &i, uint32_t m) {
  uint64_t addr[kWarpSize];
  uint8_t *where[kWarpSize];
  addressesOf(w, i, addr);
  if (!access(w, i, m, i.space, addr, 8, kRead | kWrite | kStrong | kCtaScope,
              where))
    return;
  w.hasAsync = true;
  for (uint32_t l = 0; l < kWarpSize; ++l) {
    if (!(m >> l & 1))
      continue;
    uint32_t address = static_cast<uint32_t>(addr[l] & (kWindowBytes - 1));
    if (!i.sub) { // without .noinc the arrival is one more that is expected
      uint64_t state;
      memcpy(&state, where[l], 8);
      ++state;
      memcpy(where[l], &state, 8);
    }
    AsyncCopy c;
    c.arrival = true;
    c.target = address;
    c.instr = &i;
    w.async[l].copies.push_back(c);
    ++w.async[l].open;
  }
}

static bool decodeAsync(Decoder &d) {
  Instr &i = d.instr;
  i.flow = Flow::Memory;
  if (!d.take(".async"))
    return d.fail("cp without .async");
  if (d.take(".bulk"))
    return d.fail("cp.async.bulk is not simulated yet");
  if (d.take(".commit_group"))
    return d.count(0) && use(d, &execCommit);
  if (d.take(".wait_all")) {
    i.sub = 1;
    return d.count(0) && use(d, &execWait);
  }
  if (d.take(".wait_group"))
    return d.count(1) && d.constant(0, i.imm) && use(d, &execWait);
  if (d.take(".mbarrier")) {
    if (!d.take(".arrive"))
      return d.fail("a form of cp.async.mbarrier that does not exist");
    i.sub = d.take(".noinc");
    i.space = d.take(".shared") || d.take(".shared::cta") ? Space::Shared
                                                          : Space::Generic;
    return d.type() == Type::B64 && d.count(1) && d.address(0, i.space) &&
           use(d, &execAsyncArrive);
  }
  bool all = d.take(".ca");
  if (!all && !d.take(".cg"))
    return d.fail("cp.async without .ca or .cg");
  if (!d.take(".shared") && !d.take(".shared::cta"))
    return d.fail("cp.async to another space than shared memory");
  if (!d.take(".global"))
    return d.fail("cp.async from another space than global memory");
  bool policy = d.take(".L2::cache_hint");
  d.takeOne({".L2::64B", ".L2::128B", ".L2::256B"});
  int64_t bytes;
  size_t n = d.operands() - policy;
  if (n < 3 || n > 4 || !d.constant(2, bytes))
    return d.fail("cp.async with " + std::to_string(d.operands()) +
                  " operands");
  if (!(bytes == 16 || (all && (bytes == 4 || bytes == 8))))
    return d.fail("cp.async of " + std::to_string(bytes) + " bytes");
  i.bytes = static_cast<uint8_t>(bytes);
  Space space = Space::Global;
  if (!d.address(1, space))
    return false;
  i.b = i.a;
  if (i.b.valid() && i.b.bytes != 8)
    return d.fail("a global address of 32 bits");
  i.imm2 = i.imm;
  i.imm = 0;
  i.a = Ref();
  space = Space::Shared;
  if (!d.address(0, space))
    return false;
  if (n == 4) {
    const Operand &o = d.s.operands[3];
    bool predicate = o.kind == Operand::Reg && o.reg.bytes == 0;
    if (!(predicate ? d.source(3, Type::Pred, i.e)
                    : d.source(3, Type::B32, i.c)))
      return false;
  }
  return use(d, &execCopy);
}

void addAsyncDecoders(DecodeTable &t) { t["cp"] = decodeAsync; }

} // namespace cudasim
