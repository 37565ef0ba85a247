// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Flags, barriers, caches and special registers of both kinds of core.

#ifndef GEMEL_SIM_ASCEND_CCE_SYNC_H
#define GEMEL_SIM_ASCEND_CCE_SYNC_H

#include "cce_base.h"

enum pipe_t {
  PIPE_S = 0,
  PIPE_V = 1,
  PIPE_M = 2,
  PIPE_MTE1 = 3,
  PIPE_MTE2 = 4,
  PIPE_MTE3 = 5,
  PIPE_ALL = 6,
  PIPE_FIX = 10,
};
enum event_t {
  EVENT_ID0,
  EVENT_ID1,
  EVENT_ID2,
  EVENT_ID3,
  EVENT_ID4,
  EVENT_ID5,
  EVENT_ID6,
  EVENT_ID7,
};
enum cache_line_t { SINGLE_CACHE_LINE, ENTIRE_DATA_CACHE };
enum dcci_dst_t {
  CACHELINE_ALL,
  CACHELINE_UB,
  CACHELINE_OUT,
  CACHELINE_ATOMIC
};
enum mem_dsb_t { DSB_ALL, DSB_DDR, DSB_UB, DSB_SEQ };

CCE_INLINE void set_flag(pipe_t src, pipe_t dst, int64_t id, CCE_AT) {
  cce_issue(cce_op_set_flag, 0, at, (int)src, (int)dst, id);
}
CCE_INLINE void wait_flag(pipe_t src, pipe_t dst, int64_t id, CCE_AT) {
  cce_issue(cce_op_wait_flag, 0, at, (int)src, (int)dst, id);
}
CCE_INLINE void pipe_barrier(pipe_t pipe, CCE_AT) {
  cce_issue(cce_op_pipe_barrier, 0, at, (int)pipe);
}
CCE_INLINE void ffts_cross_core_sync(pipe_t pipe, uint64_t config, CCE_AT) {
  cce_issue(cce_op_ffts_cross_core_sync, 0, at, (int)pipe, config);
}
CCE_INLINE void wait_flag_dev(int64_t id, CCE_AT) {
  cce_issue(cce_op_wait_flag_dev, 0, at, id);
}
CCE_INLINE void set_ffts_base_addr(uint64_t address, CCE_AT) {
  cce_issue(cce_op_set_ffts_base_addr, 0, at, address);
}
template <class T>
CCE_INLINE void dcci(__gm__ T *address, cache_line_t mode,
                     dcci_dst_t dst = CACHELINE_OUT, CCE_AT) {
  cce_issue(cce_op_dcci, 0, at, address, (int)mode, (int)dst);
}
CCE_INLINE void dsb(mem_dsb_t kind, CCE_AT) {
  cce_issue(cce_op_dsb, 0, at, (int)kind);
}

#define CCE_REGISTER(NAME)                                                     \
  CCE_INLINE void NAME(uint64_t value, CCE_AT) {                               \
    cce_issue(cce_op_##NAME, 0, at, value);                                    \
  }
#define CCE_MODE(NAME)                                                         \
  CCE_INLINE void NAME(CCE_AT) { cce_issue(cce_op_##NAME, 0, at); }
CCE_REGISTER(set_ctrl)
CCE_INLINE uint64_t get_ctrl(CCE_AT) { return (uint64_t)cce_ask(cce_ctrl, at); }
CCE_MODE(set_atomic_none)
CCE_MODE(set_atomic_add)
CCE_MODE(set_atomic_max)
CCE_MODE(set_atomic_min)
CCE_MODE(set_atomic_f32)
CCE_MODE(set_atomic_f16)
CCE_MODE(set_atomic_bf16)
CCE_MODE(set_atomic_s32)
CCE_MODE(set_atomic_s16)
CCE_MODE(set_atomic_s8)

#endif
