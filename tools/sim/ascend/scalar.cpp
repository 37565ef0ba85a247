// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The scalar unit: C's own loads and stores, special registers, the cache.

#include "access.h"
#include "families.h"
#include "launch.h"
#include "switches.h"

#include <cstring>

namespace ascendsim {

uint64_t scalarLoad(Instruction &in) {
  auto space = static_cast<cce_space>(in[1]);
  uint64_t bytes = in[2], value = 0;
  if (space != cce_gm && space != cce_ub)
    fail(in, kIllegal, "the scalar unit cannot read %s",
         space < cce_space_count ? kSpaces[space].name : "that memory");
  if (in[0] % bytes)
    fail(in, kIllegal, "a load of %llu bytes at 0x%llx is not aligned",
         static_cast<unsigned long long>(bytes),
         static_cast<unsigned long long>(in[0]));
  const uint8_t *p = locate(in, 0, space, in[0], bytes, false);
  if (!enterRead(in, 0, space, in[0], bytes))
    undefinedUse(in, 0, space, firstUndefined(in, space, in[0], bytes),
                 "loads into a scalar");
  memcpy(&value, p, bytes);
  return value;
}

uint64_t scalarStore(Instruction &in) {
  auto space = static_cast<cce_space>(in[1]);
  uint64_t bytes = in[2], value = in[3];
  if (space != cce_gm && space != cce_ub)
    fail(in, kIllegal, "the scalar unit cannot write %s",
         space < cce_space_count ? kSpaces[space].name : "that memory");
  if (in[0] % bytes)
    fail(in, kIllegal, "a store of %llu bytes at 0x%llx is not aligned",
         static_cast<unsigned long long>(bytes),
         static_cast<unsigned long long>(in[0]));
  uint8_t *p = locate(in, 0, space, in[0], bytes, true);
  auto &dirty = in.core->dirty;
  if (space == cce_gm && (dirty.empty() || dirty.back().first != in[0] / 64))
    dirty.push_back({in[0] / 64, in.site});
  enterWrite(in, 0, space, in[0], bytes, true);
  memcpy(p, &value, bytes);
  return 0;
}

/// Scalar stores that are written back are ordered as the scalar unit is. A
/// line goes back as a whole: what other cores wrote to its other bytes is
/// lost.
static void writeBack(const Instruction &in, uint64_t line) {
  Core &core = *in.core;
  Accessor who = core.accessor(in);
  DeviceMemory &memory = *core.launch->memory;
  for (uint64_t at = line * 64; at < line * 64 + 64; at += 32) {
    Allocation *a = memory.find(at);
    if (!a || !core.launch->checking)
      continue;
    Cell &cell = a->cell(at - a->address, memory.launch);
    for (Access *e = cell.begin(); e != cell.end(); ++e) {
      if (e->core() == core.id && e->pipe() == kCache)
        e->setPipe(kS);
      if (e->core() != core.id && e->kind() != kRead && !isOrdered(*e, who))
        fail(in, kIllegal,
             "shared line: writes back the 64 bytes at GM 0x%llx, into which "
             "%s writes other bytes: give each core a line of its own",
             static_cast<unsigned long long>(line * 64),
             describeSite(core, e->site, e->pipe(), e->core()).c_str());
    }
  }
}

uint64_t flushCache(Instruction &in) {
  Core &core = *in.core;
  bool whole = in[1];
  if (in[2] != 0 && in[2] != 2)
    return 0; // not the lines of GM
  std::erase_if(core.dirty, [&](const auto &d) {
    bool named = whole || d.first == in[0] / 64;
    if (named)
      writeBack(in, d.first);
    return named;
  });
  // What is loaded from now on is what memory holds.
  if (whole) {
    core.invalidated = core.pipes[kS].clock;
    core.flushed.clear();
  } else {
    core.flushed.push_back(in[0] / 64);
    if (core.flushed.size() > 64)
      core.flushed.erase(core.flushed.begin());
  }
  return 0;
}

uint64_t syncMemory(Instruction &) { return 0; }

void endOfScalarStores(Core &core) {
  if (core.dirty.empty() || reading(kEndFlush) == 1 || !core.launch->checking)
    return;
  const Site &site = core.launch->sites[core.dirty.front().second];
  Instruction in;
  in.core = &core;
  in.op = cce_op_query;
  in.spec = &specOf(in.op);
  in.file = site.file;
  in.line = site.line;
  fail(in, kIllegal,
       "a scalar store to GM 0x%llx is still in the data cache when the kernel "
       "ends: dcci(address, SINGLE_CACHE_LINE, CACHELINE_OUT) after it "
       "(GEMEL_ASCEND_SIM_END_FLUSH)",
       static_cast<unsigned long long>(core.dirty.front().first * 64));
}

uint64_t query(Instruction &in) {
  Core &core = *in.core;
  Launch &l = *core.launch;
  switch (in[0]) {
  case cce_block_idx:
    return core.block;
  case cce_block_num:
    return l.blocks;
  case cce_subblock_id:
    return core.subblock;
  case cce_subblock_dim:
    return static_cast<uint64_t>(l.kernel->kind == kMixedKernel
                                     ? std::max(1, l.kernel->ratioVector)
                                     : 1);
  case cce_core_id:
    return core.id % static_cast<uint32_t>(l.chip->vectorCores);
  case cce_sys_cnt:
    return l.executed; // the counter's ticks are not modelled
  case cce_ctrl:
    return core.registers.ctrl;
  case cce_rsvd_cnt:
    touchRegister(in, kReservedCell, kRead);
    return core.reservedCount;
  case cce_acc_val:
    touchRegister(in, kAccumulatorCell, kRead);
    return core.accumulator;
  case cce_max_min_cnt:
    touchRegister(in, kExtremeCell, kRead);
    return core.extreme;
  case cce_vms4_sr:
    touchRegister(in, kReservedCell, kRead);
    return core.mergeCounts;
  default:
    fail(in, kIllegal, "asks what the simulator does not know");
  }
}

uint64_t trap(Instruction &in) { fail(in, kTrapped, "the kernel trapped"); }

uint64_t setRegister(Instruction &in) {
  Core &core = *in.core;
  Registers &r = core.registers;
  switch (in.op) {
  case cce_op_set_mask_norm:
    r.counting = false;
    break;
  case cce_op_set_mask_count:
    r.counting = true;
    break;
  case cce_op_set_vector_mask:
    r.maskHi = in[0];
    r.maskLo = in[1];
    r.maskSet = true;
    break;
  case cce_op_set_ctrl:
    r.ctrl = in[0];
    break;
  case cce_op_set_mov_pad_val:
    r.padValue = in[0];
    break;
  case cce_op_set_nd_para:
    r.ndPara = in[0];
    break;
  case cce_op_set_quant_pre:
    r.quantPre = in[0];
    break;
  case cce_op_set_fpc:
    r.fpc = in[0];
    break;
  case cce_op_set_lrelu_alpha:
    r.lreluAlpha = in[0];
    break;
  case cce_op_set_fmatrix:
    r.fmatrix = in[0];
    break;
  case cce_op_set_fmatrix_b:
    r.fmatrixB = in[0];
    break;
  case cce_op_set_deqscale:
    r.deqScale = in[0];
    break;
  case cce_op_set_padding:
  case cce_op_set_l1_3d_size:
    if (in[0])
      fail(in, kIllegal, "only 0 is simulated: no padding, no image sizes");
    break;
  case cce_op_set_va_reg_sb:
    for (int i = 0; i < 8; ++i)
      core.addresses[in[0] * 8 + static_cast<uint64_t>(i)] = in[1 + i];
    break;
  }
  return 0;
}

uint64_t setAtomic(Instruction &in) {
  Core &core = *in.core;
  Registers &r = core.registers;
  int op = r.atomicOp, type = r.atomicType;
  switch (in.op) {
  case cce_op_set_atomic_none:
    op = type = 0;
    break;
  case cce_op_set_atomic_add:
  case cce_op_set_atomic_max:
  case cce_op_set_atomic_min:
    op = in.op;
    break;
  case cce_op_set_atomic_f32:
    type = cce_f32;
    break;
  case cce_op_set_atomic_f16:
    type = cce_f16;
    break;
  case cce_op_set_atomic_bf16:
    type = cce_bf16;
    break;
  case cce_op_set_atomic_s32:
    type = cce_s32;
    break;
  case cce_op_set_atomic_s16:
    type = cce_s16;
    break;
  case cce_op_set_atomic_s8:
    type = cce_s8;
    break;
  }
  if (op == r.atomicOp && type == r.atomicType)
    return 0;
  // A store samples the mode when it runs, not when it is dispatched.
  for (Pipe p : {kMte3, kFix}) {
    PipeState &pipe = core.pipes[p];
    uint32_t known = std::max(pipe.settled, core.pipes[kS].clock.own[p]);
    if (core.launch->checking && pipe.stores > known)
      fail(in, kIllegal,
           "the mode of atomics changes while a store of %s may still be "
           "waiting: pipe_barrier(%s) before it",
           kPipeNames[p], kPipeNames[p]);
  }
  r.atomicOp = op;
  r.atomicType = type;
  return 0;
}

} // namespace ascendsim
