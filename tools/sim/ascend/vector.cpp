// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Iterations, masks and operands of the vector unit.

#include "vector.h"

#include "launch.h"
#include "switches.h"

namespace ascendsim {

uint32_t Plan::activeLanes(uint32_t iteration) const {
  uint32_t n = 0;
  for (uint32_t lane = 0; lane < lanes; lane += 32)
    n += static_cast<uint32_t>(
        __builtin_popcount(mask(iteration, lane, std::min(32u, lanes))));
  return n;
}

Plan planOf(Instruction &in, int repeatField, uint32_t bytes) {
  const Registers &r = *in.registers;
  if (!r.maskSet)
    fail(in, kIllegal,
         "no mask has been set, and what a kernel starts with is "
         "not known: set_mask_norm(); set_vector_mask(-1, -1)");
  Plan plan;
  plan.lanes = kRepeatBytes / bytes;
  plan.counting = r.counting;
  plan.lo = r.maskLo;
  plan.hi = r.maskHi;
  if (r.counting) {
    uint64_t n = (r.maskLo + plan.lanes - 1) / plan.lanes;
    if (n > 65535)
      fail(in, kIllegal, "counter mode with %llu elements",
           static_cast<unsigned long long>(r.maskLo));
    plan.repeats = static_cast<uint32_t>(n);
    plan.all = r.maskLo % plan.lanes == 0;
    return plan;
  }
  plan.repeats = static_cast<uint32_t>(in[repeatField]);
  uint64_t ones = plan.lanes >= 64 ? ~0ull : (1ull << plan.lanes) - 1;
  plan.all = (plan.lo & ones) == ones && (plan.lanes < 128 || !~plan.hi);
  return plan;
}

namespace {

/// Stops unless the operand lies in the unified buffer, as far as it is used.
void checkBounds(Instruction &in, const Plan &plan, const Operand &o,
                 bool isWrite) {
  if (o.address % 32)
    needAligned(in, o.field, 32);
  uint32_t perBlock = 32 / o.bytes;
  if (!plan.repeats)
    return;
  uint64_t last = o.at(plan.repeats - 1, plan.lanes - perBlock) + 32;
  if (last <= in.core->memory[cce_ub].data.size())
    return;
  // Some block is outside: is a lane of it used?
  for (uint32_t i = 0; i < plan.repeats; ++i)
    for (uint32_t lane = 0; lane < plan.lanes; lane += perBlock)
      if (plan.mask(i, lane, perBlock) || reading(kMaskedBounds))
        locate(in, o.field, cce_ub, o.at(i, lane), 32, isWrite);
}

bool isContiguous(const Plan &plan, const Operand &o) {
  return plan.all && o.blk == 1 && o.rep == plan.lanes * o.bytes / 32;
}

template <class F>
void forBlocks(const Plan &plan, const Operand &o, F &&f) {
  uint32_t perBlock = 32 / o.bytes;
  for (uint32_t i = 0; i < plan.repeats; ++i)
    for (uint32_t lane = 0; lane < plan.lanes; lane += perBlock)
      if (uint32_t mask = plan.mask(i, lane, perBlock))
        f(o.at(i, lane), byteMask(mask, o.bytes));
}

/// f(iteration, block, address) for the blocks with a lane that is on.
template <class F>
void forBlocksOf(const Plan &plan, const Operand &o, F &&f) {
  uint32_t perBlock = 32 / o.bytes;
  for (uint32_t i = 0; i < plan.repeats; ++i)
    for (uint32_t lane = 0; lane < plan.lanes; lane += perBlock)
      if (plan.mask(i, lane, perBlock))
        f(i, lane / perBlock, o.at(i, lane));
}

} // namespace

void enterSource(Instruction &in, const Plan &plan, Operand &o) {
  checkBounds(in, plan, o, false);
  o.isDefined = true;
  if (!in.core->launch->checking)
    return;
  if (isContiguous(plan, o)) {
    o.isDefined = enterRead(in, o.field, cce_ub, o.address,
                            uint64_t(plan.repeats) * plan.lanes * o.bytes);
    return;
  }
  uint32_t repeats = plan.repeats;
  Plan once = plan;
  // The same data every iteration is one access.
  if (!o.rep && plan.all)
    once.repeats = std::min(repeats, 1u);
  forBlocks(once, o, [&](uint64_t address, uint32_t mask) {
    o.isDefined &= enterReadBlock(in, o.field, cce_ub, address, mask);
  });
}

void enterTarget(Instruction &in, const Plan &plan, Operand &o, Leave leave) {
  checkBounds(in, plan, o, true);
  if (!o.blk && plan.repeats && plan.lanes * o.bytes > 32)
    fail(in, kIllegal,
         "the destination's block stride is 0, which has no "
         "meaning: 1 for blocks side by side");
  if (!in.core->launch->checking)
    return;
  if (isContiguous(plan, o) && leave == kDefine) {
    enterWrite(in, o.field, cce_ub, o.address,
               uint64_t(plan.repeats) * plan.lanes * o.bytes, true);
    return;
  }
  Cell *cells = in.core->memory[cce_ub].cells.data();
  bool rewrites = reading(kMaskedBytes);
  forBlocks(plan, o, [&](uint64_t address, uint32_t mask) {
    uint32_t &defined = cells[address / 32].defined, before = defined;
    enterWriteBlock(in, o.field, cce_ub, address, rewrites ? ~0u : mask,
                    leave == kDefine);
    if (leave == kKeep)
      defined = before;
    else
      defined = (before & ~mask) | (defined & mask);
  });
}

void checkOverlap(Instruction &in, const Plan &plan, const Operand &dst,
                  const Operand &src, bool mayAccumulate) {
  if (!in.core->launch->checking || !plan.repeats)
    return;
  auto end = [&](const Operand &o) {
    return o.at(plan.repeats - 1, plan.lanes - 32 / o.bytes) + 32;
  };
  if (end(dst) <= src.address || end(src) <= dst.address)
    return;
  bool same = dst.address == src.address && dst.blk == src.blk &&
              dst.bytes == src.bytes;
  uint32_t blocks = plan.lanes * dst.bytes / 32;
  if (same && dst.rep == src.rep && dst.rep >= (blocks - 1) * dst.blk + 1)
    return;
  if (same && mayAccumulate && (!dst.rep || !src.rep))
    return;
  // Which iteration writes a block first, and as which of its blocks.
  std::vector<std::pair<uint32_t, uint32_t>> first(
      in.core->memory[cce_ub].data.size() / 32, {~0u, 0});
  forBlocksOf(plan, dst, [&](uint32_t i, uint32_t b, uint64_t address) {
    if (first[address / 32].first == ~0u)
      first[address / 32] = {i, b};
  });
  forBlocksOf(plan, src, [&](uint32_t i, uint32_t b, uint64_t address) {
    auto [iteration, block] = first[address / 32];
    if (iteration > i)
      return;
    if (iteration == i && block == b && dst.bytes == src.bytes)
      return;
    fail(in, kIllegal,
         "overlap: iteration %u writes UB 0x%llx, which '%s' reads in "
         "iteration %u: within an iteration operands coincide or are apart, "
         "and none reads what an earlier one wrote",
         iteration, static_cast<unsigned long long>(address),
         std::string(in.spec->fields[static_cast<size_t>(src.field)].name)
             .c_str(),
         i);
  });
}

void checkStrict(Instruction &in, const Plan &plan, const Operand &o) {
  if (!in.core->launch->strict || o.isDefined)
    return;
  forBlocks(plan, o, [&](uint64_t address, uint32_t mask) {
    uint32_t bad = mask & ~in.core->memory[cce_ub].cells[address / 32].defined;
    if (bad)
      undefinedUse(in, o.field, cce_ub,
                   address + static_cast<uint32_t>(__builtin_ctz(bad)), "uses");
  });
}

uint32_t definedLanes(const Instruction &in, uint64_t address, uint32_t count,
                      uint32_t bytes) {
  if (!in.core->launch->checking)
    return ~0u;
  uint32_t bits =
      in.core->memory[cce_ub].cells[address / 32].defined >> (address % 32);
  uint32_t lanes = 0, ones = (1u << bytes) - 1;
  for (uint32_t l = 0; l < count && l * bytes < 32; ++l)
    if ((bits >> (l * bytes) & ones) == ones)
      lanes |= 1u << l;
  return lanes;
}

void defineLanes(const Instruction &in, uint64_t address, uint32_t lanes,
                 uint32_t bytes, uint32_t values) {
  if (!in.core->launch->checking)
    return;
  uint32_t &bits = in.core->memory[cce_ub].cells[address / 32].defined;
  uint32_t touched = byteMask(lanes, bytes) << (address % 32);
  uint32_t on = byteMask(lanes & values, bytes) << (address % 32);
  bits = (bits & ~touched) | on;
}

} // namespace ascendsim
