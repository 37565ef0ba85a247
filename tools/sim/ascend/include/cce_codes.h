// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers that compiled kernels and the simulator agree on.

#ifndef GEMEL_SIM_ASCEND_CCE_CODES_H
#define GEMEL_SIM_ASCEND_CCE_CODES_H

/// One enumerator an instruction: cce_op_vadd and so on.
enum cce_op {
#define CCE_OP(NAME, PIPE, SIGNATURE, RUN) cce_op_##NAME,
#include "cce_ops.inc"
#undef CCE_OP
  cce_op_count
};

/// Element types; an instruction has up to three, one in each byte.
enum cce_type {
  cce_none,
  cce_f16,
  cce_bf16,
  cce_f32,
  cce_s4,
  cce_s8,
  cce_u8,
  cce_s16,
  cce_u16,
  cce_s32,
  cce_u32,
  cce_s64,
  cce_u64,
};

/// Address spaces, as the qualifiers number them.
enum cce_space {
  cce_stack,
  cce_gm,
  cce_ub,
  cce_l1,
  cce_l0a,
  cce_l0b,
  cce_l0c,
  cce_fb,
  cce_bt,
  cce_space_count
};

/// How a conversion rounds.
enum cce_round { cce_r, cce_a, cce_f, cce_c, cce_z, cce_o };

/// Relations of the comparing instructions.
enum cce_relation { cce_eq, cce_ne, cce_lt, cce_le, cce_gt, cce_ge };

/// What a kernel may ask at no cost.
enum cce_query {
  cce_block_idx,
  cce_block_num,
  cce_subblock_id,
  cce_subblock_dim,
  cce_core_id,
  cce_sys_cnt,
  cce_ctrl,
  cce_rsvd_cnt,
  cce_acc_val,
  cce_max_min_cnt,
  cce_vms4_sr,
};

/// A kernel of an object: what the instrumentation writes into the section
/// `cce_kernels`.
struct cce_kernel_record {
  const char *name, *file, *source, *arch;
  void (*run)(const unsigned long *slots);
  unsigned parameters, reserved;
  /// One byte a parameter: its size, 0x10 more for a floating one and 0x20
  /// more for a pointer.
  const unsigned char *kinds;
};

#endif
