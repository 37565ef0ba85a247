// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Instructions of the vector cores.

#ifndef GEMEL_SIM_ASCEND_CCE_VECTOR_H
#define GEMEL_SIM_ASCEND_CCE_VECTOR_H

#include "cce_sync.h"

#ifndef CCE_RANGE
#define CCE_STRIDES6                                                           \
  int64_t repeat, int64_t dstBlk, int64_t src0Blk, int64_t src1Blk,            \
      int64_t dstRep, int64_t src0Rep, int64_t src1Rep
#define CCE_PASS6 repeat, dstBlk, src0Blk, src1Blk, dstRep, src0Rep, src1Rep
#define CCE_STRIDES4                                                           \
  int64_t repeat, int64_t dstBlk, int64_t srcBlk, int64_t dstRep, int64_t srcRep
#define CCE_PASS4 repeat, dstBlk, srcBlk, dstRep, srcRep
#endif

CCE_MODE(set_mask_norm)
CCE_MODE(set_mask_count)
CCE_INLINE void set_vector_mask(uint64_t hi, uint64_t lo, CCE_AT) {
  cce_issue(cce_op_set_vector_mask, 0, at, hi, lo);
}
CCE_REGISTER(set_mov_pad_val)
CCE_REGISTER(set_deqscale)
CCE_INLINE void set_deqscale(half value, CCE_AT) {
  cce_issue(cce_op_set_deqscale, 0, at, cce_bits(value));
}
CCE_INLINE int64_t get_rsvd_cnt(CCE_AT) { return cce_ask(cce_rsvd_cnt, at); }
CCE_INLINE int64_t get_acc_val(CCE_AT) { return cce_ask(cce_acc_val, at); }
CCE_INLINE int64_t get_max_min_cnt(CCE_AT) {
  return cce_ask(cce_max_min_cnt, at);
}
CCE_INLINE int64_t get_vms4_sr(CCE_AT) { return cce_ask(cce_vms4_sr, at); }

// Elementwise, two sources.
#define CCE_BINARY(NAME, LIST, ...)                                            \
  template <class T>                                                           \
  CCE_INLINE void NAME(__ubuf__ T *dst, __ubuf__ T *src0, __ubuf__ T *src1,    \
                       CCE_STRIDES6, CCE_AT) {                                 \
    CCE_TYPES(NAME, LIST, __VA_ARGS__);                                        \
    cce_issue(cce_op_##NAME, cce_code<T> * 0x10101, at, dst, src0, src1,       \
              CCE_PASS6);                                                      \
  }
CCE_BINARY(vadd, "f16 f32 s16 s32", cce_f16, cce_f32, cce_s16, cce_s32)
CCE_BINARY(vsub, "f16 f32 s16 s32", cce_f16, cce_f32, cce_s16, cce_s32)
CCE_BINARY(vmul, "f16 f32 s16 s32", cce_f16, cce_f32, cce_s16, cce_s32)
CCE_BINARY(vmax, "f16 f32 s16 s32", cce_f16, cce_f32, cce_s16, cce_s32)
CCE_BINARY(vmin, "f16 f32 s16 s32", cce_f16, cce_f32, cce_s16, cce_s32)
CCE_BINARY(vdiv, "f16 f32", cce_f16, cce_f32)
CCE_BINARY(vand, "s16 u16", cce_s16, cce_u16)
CCE_BINARY(vor, "s16 u16", cce_s16, cce_u16)
CCE_BINARY(vmadd, "f16 f32", cce_f16, cce_f32)
CCE_BINARY(vmaddrelu, "f16 f32", cce_f16, cce_f32)
CCE_BINARY(vaddrelu, "f16 f32 s16", cce_f16, cce_f32, cce_s16)
CCE_BINARY(vsubrelu, "f16 f32 s16", cce_f16, cce_f32, cce_s16)
CCE_BINARY(vmla, "f16 f32, and f32 from f16", cce_f16, cce_f32)
CCE_INLINE void vmla(__ubuf__ float *dst, __ubuf__ half *src0,
                     __ubuf__ half *src1, CCE_STRIDES6, CCE_AT) {
  cce_issue(cce_op_vmla, cce_f32 | cce_f16 << 8 | cce_f16 << 16, at, dst, src0,
            src1, CCE_PASS6);
}
#undef CCE_BINARY

#define CCE_BINARY_CONVERT(NAME, OP, D, S)                                     \
  CCE_INLINE void NAME(__ubuf__ D *dst, __ubuf__ S *src0, __ubuf__ S *src1,    \
                       CCE_STRIDES6, bool = false, CCE_AT) {                   \
    cce_issue(cce_op_##OP, cce_code<D> | cce_code<S> << 8 | cce_code<S> << 16, \
              at, dst, src0, src1, CCE_PASS6);                                 \
  }
CCE_BINARY_CONVERT(vaddreluconv_f162s8, vaddreluconv, int8_t, half)
CCE_BINARY_CONVERT(vaddreluconv_s162s8, vaddreluconv, int8_t, int16_t)
CCE_BINARY_CONVERT(vaddreluconv_f322f16, vaddreluconv, half, float)
CCE_BINARY_CONVERT(vsubreluconv_f162s8, vsubreluconv, int8_t, half)
CCE_BINARY_CONVERT(vsubreluconv_s162s8, vsubreluconv, int8_t, int16_t)
CCE_BINARY_CONVERT(vsubreluconv_f322f16, vsubreluconv, half, float)
CCE_BINARY_CONVERT(vmulconv_f162s8, vmulconv, int8_t, half)
CCE_BINARY_CONVERT(vmulconv_f162u8, vmulconv, uint8_t, half)
#undef CCE_BINARY_CONVERT

// Elementwise, one source.
#define CCE_UNARY(NAME, LIST, ...)                                             \
  template <class T>                                                           \
  CCE_INLINE void NAME(__ubuf__ T *dst, __ubuf__ T *src, CCE_STRIDES4,         \
                       CCE_AT) {                                               \
    CCE_TYPES(NAME, LIST, __VA_ARGS__);                                        \
    cce_issue(cce_op_##NAME, cce_code<T> * 0x101, at, dst, src, CCE_PASS4);    \
  }
CCE_UNARY(vabs, "f16 f32", cce_f16, cce_f32)
CCE_UNARY(vexp, "f16 f32", cce_f16, cce_f32)
CCE_UNARY(vln, "f16 f32", cce_f16, cce_f32)
CCE_UNARY(vsqrt, "f16 f32", cce_f16, cce_f32)
CCE_UNARY(vrec, "f16 f32", cce_f16, cce_f32)
CCE_UNARY(vrsqrt, "f16 f32", cce_f16, cce_f32)
CCE_UNARY(vrelu, "f16 f32 s32", cce_f16, cce_f32, cce_s32)
CCE_UNARY(vnot, "s16 u16", cce_s16, cce_u16)
CCE_UNARY(vcopy, "s16 u16 s32 u32", cce_s16, cce_u16, cce_s32, cce_u32)
#undef CCE_UNARY

// Elementwise, with a scalar.
#define CCE_SCALAR(NAME, LIST, ...)                                            \
  template <class T>                                                           \
  CCE_INLINE void NAME(__ubuf__ T *dst, __ubuf__ T *src, cce_plain<T> scalar,  \
                       CCE_STRIDES4, CCE_AT) {                                 \
    CCE_TYPES(NAME, LIST, __VA_ARGS__);                                        \
    cce_issue(cce_op_##NAME, cce_code<T> * 0x101, at, dst, src,                \
              cce_bits(scalar), CCE_PASS4);                                    \
  }
#define CCE_SCALAR_OLDER(NAME)                                                 \
  template <class T>                                                           \
  CCE_INLINE void NAME(__ubuf__ T *dst, __ubuf__ T *src, cce_plain<T> scalar,  \
                       CCE_STRIDES4, bool, bool, CCE_AT) {                     \
    NAME(dst, src, scalar, CCE_PASS4, at);                                     \
  }
CCE_SCALAR(vadds, "f16 f32 s16 s32", cce_f16, cce_f32, cce_s16, cce_s32)
CCE_SCALAR(vmuls, "f16 f32 s16 s32", cce_f16, cce_f32, cce_s16, cce_s32)
CCE_SCALAR(vmaxs, "f16 f32 s16 s32", cce_f16, cce_f32, cce_s16, cce_s32)
CCE_SCALAR(vmins, "f16 f32 s16 s32", cce_f16, cce_f32, cce_s16, cce_s32)
CCE_SCALAR(vlrelu, "f16 f32", cce_f16, cce_f32)
CCE_SCALAR(vaxpy, "f16 f32, and f32 from f16", cce_f16, cce_f32)
CCE_SCALAR_OLDER(vmaxs)
CCE_SCALAR_OLDER(vmins)
CCE_INLINE void vaxpy(__ubuf__ float *dst, __ubuf__ half *src, half scalar,
                      CCE_STRIDES4, CCE_AT) {
  cce_issue(cce_op_vaxpy, cce_f32 | cce_f16 << 8, at, dst, src,
            cce_bits(scalar), CCE_PASS4);
}
template <class T>
CCE_INLINE void vshl(__ubuf__ T *dst, __ubuf__ T *src, uint32_t distance,
                     CCE_STRIDES4, CCE_AT) {
  CCE_TYPES(vshl, "s16 u16 s32 u32", cce_s16, cce_u16, cce_s32, cce_u32);
  cce_issue(cce_op_vshl, cce_code<T> * 0x101, at, dst, src, distance,
            CCE_PASS4);
}
template <class T>
CCE_INLINE void vshr(__ubuf__ T *dst, __ubuf__ T *src, uint32_t distance,
                     CCE_STRIDES4, bool round = false, CCE_AT) {
  CCE_TYPES(vshr, "s16 u16 s32 u32", cce_s16, cce_u16, cce_s32, cce_u32);
  cce_issue(cce_op_vshr, cce_code<T> * 0x101, at, dst, src, distance, CCE_PASS4,
            round);
}
template <class T>
CCE_INLINE void vector_dup(__ubuf__ T *dst, cce_plain<T> scalar, CCE_STRIDES4,
                           CCE_AT) {
  CCE_TYPES(vector_dup, "f16 bf16 f32 s16 u16 s32 u32", cce_f16, cce_bf16,
            cce_f32, cce_s16, cce_u16, cce_s32, cce_u32);
  cce_issue(cce_op_vector_dup, cce_code<T>, at, dst, cce_bits(scalar),
            CCE_PASS4);
}
#undef CCE_SCALAR
#undef CCE_SCALAR_OLDER

// Conversions.
#define CCE_CONVERT(SUFFIX, D, S, ROUND)                                       \
  CCE_INLINE void vconv_##SUFFIX(__ubuf__ D *dst, __ubuf__ S *src,             \
                                 CCE_STRIDES4, CCE_AT) {                       \
    cce_issue(cce_op_vconv, cce_code<D> | cce_code<S> << 8, at, dst, src,      \
              CCE_PASS4, ROUND);                                               \
  }
#define CCE_CONVERT5(SUFFIX, D, S)                                             \
  CCE_CONVERT(SUFFIX##r, D, S, cce_r)                                          \
  CCE_CONVERT(SUFFIX##a, D, S, cce_a)                                          \
  CCE_CONVERT(SUFFIX##f, D, S, cce_f)                                          \
  CCE_CONVERT(SUFFIX##c, D, S, cce_c)                                          \
  CCE_CONVERT(SUFFIX##z, D, S, cce_z)
CCE_CONVERT(f322f16, half, float, cce_r)
CCE_CONVERT5(f322f16, half, float)
CCE_CONVERT(f322f16o, half, float, cce_o)
CCE_CONVERT5(f322bf16, bfloat16_t, float)
CCE_CONVERT5(f322f32, float, float)
CCE_CONVERT5(f322s16, int16_t, float)
CCE_CONVERT5(f322s32, int32_t, float)
CCE_CONVERT5(f322s64, int64_t, float)
CCE_CONVERT(f162f32, float, half, cce_r)
CCE_CONVERT5(f162s32, int32_t, half)
CCE_CONVERT5(f162s16, int16_t, half)
CCE_CONVERT(f162s8, int8_t, half, cce_r)
CCE_CONVERT5(f162s8, int8_t, half)
CCE_CONVERT(f162u8, uint8_t, half, cce_r)
CCE_CONVERT5(f162u8, uint8_t, half)
CCE_CONVERT(bf162f32, float, bfloat16_t, cce_r)
CCE_CONVERT5(bf162s32, int32_t, bfloat16_t)
CCE_CONVERT(s162f16, half, int16_t, cce_r)
CCE_CONVERT5(s162f16, half, int16_t)
CCE_CONVERT(s162f32, float, int16_t, cce_r)
CCE_CONVERT(s162s8, int8_t, int16_t, cce_r)
CCE_CONVERT(s162u8, uint8_t, int16_t, cce_r)
CCE_CONVERT(s322f32, float, int32_t, cce_r)
CCE_CONVERT5(s322f32, float, int32_t)
CCE_CONVERT(s322s16, int16_t, int32_t, cce_r)
CCE_CONVERT(s322s64, int64_t, int32_t, cce_r)
CCE_CONVERT(s642s32, int32_t, int64_t, cce_r)
CCE_CONVERT5(s642f32, float, int64_t)
CCE_CONVERT(s82f16, half, int8_t, cce_r)
CCE_CONVERT(u82f16, half, uint8_t, cce_r)
#undef CCE_CONVERT5
#undef CCE_CONVERT
CCE_INLINE void vconv_deq(__ubuf__ half *dst, __ubuf__ int32_t *src,
                          CCE_STRIDES4, CCE_AT) {
  cce_issue(cce_op_vconv_deq, cce_f16 | cce_s32 << 8, at, dst, src, CCE_PASS4);
}

// Comparing: any pointer to whole bytes takes the bits.
#define CCE_COMPARE(REL)                                                       \
  template <class T>                                                           \
  CCE_INLINE void vcmpv_##REL(__ubuf__ uint8_t *dst, __ubuf__ T *src0,         \
                              __ubuf__ T *src1, CCE_STRIDES6, CCE_AT) {        \
    if constexpr (cce_##REL == cce_eq)                                         \
      CCE_TYPES(vcmpv_##REL, "f16 f32 s32", cce_f16, cce_f32, cce_s32);        \
    else                                                                       \
      CCE_TYPES(vcmpv_##REL, "f16 f32", cce_f16, cce_f32);                     \
    cce_issue(cce_op_vcmpv, cce_u8 | cce_code<T> * 0x10100, at, dst, src0,     \
              src1, CCE_PASS6, (int)cce_##REL);                                \
  }                                                                            \
  template <class T>                                                           \
  CCE_INLINE void vcmpvs_##REL(__ubuf__ uint8_t *dst, __ubuf__ T *src,         \
                               cce_plain<T> scalar, CCE_STRIDES4, CCE_AT) {    \
    if constexpr (cce_##REL == cce_eq)                                         \
      CCE_TYPES(vcmpvs_##REL, "f16 f32 s32", cce_f16, cce_f32, cce_s32);       \
    else                                                                       \
      CCE_TYPES(vcmpvs_##REL, "f16 f32", cce_f16, cce_f32);                    \
    cce_issue(cce_op_vcmpvs, cce_u8 | cce_code<T> << 8, at, dst, src,          \
              cce_bits(scalar), CCE_PASS4, (int)cce_##REL);                    \
  }                                                                            \
  template <class T>                                                           \
  CCE_INLINE void vcmp_##REL(__ubuf__ T *src0, __ubuf__ T *src1, CCE_STRIDES6, \
                             CCE_AT) {                                         \
    CCE_TYPES(vcmp_##REL, "f16 f32", cce_f16, cce_f32);                        \
    cce_issue(cce_op_vcmp, cce_u8 | cce_code<T> * 0x10100, at, src0, src1,     \
              CCE_PASS6, (int)cce_##REL);                                      \
  }
CCE_COMPARE(eq)
CCE_COMPARE(ne)
CCE_COMPARE(lt)
CCE_COMPARE(le)
CCE_COMPARE(gt)
CCE_COMPARE(ge)
#undef CCE_COMPARE
template <class T>
CCE_INLINE void set_cmpmask(__ubuf__ T *src, CCE_AT) {
  cce_issue(cce_op_set_cmpmask, 0, at, src);
}
template <class T>
CCE_INLINE void get_cmpmask(__ubuf__ T *dst, CCE_AT) {
  cce_issue(cce_op_get_cmpmask, 0, at, dst);
}
template <class T>
CCE_INLINE void vsel(__ubuf__ T *dst, __ubuf__ T *src0, __ubuf__ T *src1,
                     CCE_STRIDES6, int64_t mode = 0, CCE_AT) {
  CCE_TYPES(vsel, "f16 f32", cce_f16, cce_f32);
  cce_issue(cce_op_vsel, cce_code<T> * 0x10101, at, dst, src0, src1, CCE_PASS6,
            mode);
}
template <class T>
CCE_INLINE void vreducev2(__ubuf__ T *dst, __ubuf__ T *src0, __ubuf__ T *src1,
                          int64_t repeat, int64_t src0Blk, int64_t pattern,
                          int64_t src0Rep, int64_t src1Rep, CCE_AT) {
  CCE_TYPES(vreducev2, "u16 u32", cce_u16, cce_u32);
  cce_issue(cce_op_vreducev2, cce_code<T> * 0x10101, at, dst, src0, src1,
            repeat, src0Blk, pattern, src0Rep, src1Rep);
}

// Reducing.
enum Order_t { VALUE_INDEX, INDEX_VALUE, ONLY_VALUE, ONLY_INDEX };
#define CCE_REDUCE(NAME)                                                       \
  template <class T>                                                           \
  CCE_INLINE void NAME(__ubuf__ T *dst, __ubuf__ T *src, int64_t repeat,       \
                       int64_t dstRep, int64_t srcBlk, int64_t srcRep,         \
                       CCE_AT) {                                               \
    CCE_TYPES(NAME, "f16 f32", cce_f16, cce_f32);                              \
    cce_issue(cce_op_##NAME, cce_code<T> * 0x101, at, dst, src, repeat,        \
              dstRep, srcBlk, srcRep);                                         \
  }
CCE_REDUCE(vcgadd)
CCE_REDUCE(vcgmax)
CCE_REDUCE(vcgmin)
CCE_REDUCE(vcpadd)
#undef CCE_REDUCE
#define CCE_REDUCE_TO_ONE(NAME, KIND)                                          \
  template <class T>                                                           \
  CCE_INLINE void NAME(__ubuf__ T *dst, __ubuf__ T *src, int64_t repeat,       \
                       int64_t dstRep, int64_t srcBlk, int64_t srcRep,         \
                       KIND kind, CCE_AT) {                                    \
    CCE_TYPES(NAME, "f16 f32", cce_f16, cce_f32);                              \
    cce_issue(cce_op_##NAME, cce_code<T> * 0x101, at, dst, src, repeat,        \
              dstRep, srcBlk, srcRep, (int64_t)kind);                          \
  }
CCE_REDUCE_TO_ONE(vcadd, bool)
CCE_REDUCE_TO_ONE(vcmax, Order_t)
CCE_REDUCE_TO_ONE(vcmin, Order_t)
#undef CCE_REDUCE_TO_ONE

// Rearranging.
enum ub_addr8_t { VA0, VA1, VA2, VA3, VA4, VA5, VA6, VA7 };
template <class T>
CCE_INLINE void vbrcb(__ubuf__ T *dst, __ubuf__ T *src, int64_t dstBlk,
                      int64_t dstRep, int64_t repeat, CCE_AT) {
  CCE_TYPES(vbrcb, "u16 u32", cce_u16, cce_u32);
  cce_issue(cce_op_vbrcb, cce_code<T> * 0x101, at, dst, src, dstBlk, dstRep,
            repeat);
}
template <class T>
CCE_INLINE void vgather(__ubuf__ T *dst, __ubuf__ uint32_t *offset,
                        uint64_t srcBase, int64_t dstRep, int64_t repeat,
                        CCE_AT) {
  CCE_TYPES(vgather, "u16 u32", cce_u16, cce_u32);
  cce_issue(cce_op_vgather, cce_code<T> | cce_u32 << 8, at, dst, offset,
            srcBase, dstRep, repeat);
}
template <class T>
CCE_INLINE void vgatherb(__ubuf__ T *dst, __ubuf__ uint32_t *offset,
                         uint64_t srcBase, int64_t dstRep, int64_t dstBlk,
                         int64_t repeat, CCE_AT) {
  CCE_TYPES(vgatherb, "u16 u32", cce_u16, cce_u32);
  cce_issue(cce_op_vgatherb, cce_code<T> | cce_u32 << 8, at, dst, offset,
            srcBase, dstRep, dstBlk, repeat);
}
template <class T>
CCE_INLINE void vtranspose(__ubuf__ T *dst, __ubuf__ T *src, CCE_AT) {
  CCE_TYPES(vtranspose, "s16 u16 f16", cce_s16, cce_u16, cce_f16);
  cce_issue(cce_op_vtranspose, cce_code<T> * 0x101, at, dst, src);
}
CCE_INLINE void set_va_reg_sb(ub_addr8_t reg, const uint64_t *a, CCE_AT) {
  cce_issue(cce_op_set_va_reg_sb, 0, at, (int)reg, a[0], a[1], a[2], a[3], a[4],
            a[5], a[6], a[7]);
}
CCE_INLINE void vld_va_reg(ub_addr8_t reg, __ubuf__ uint64_t *src, bool high,
                           CCE_AT) {
  cce_issue(cce_op_vld_va_reg, 0, at, (int)reg, src, high);
}
CCE_INLINE void scatter_vnchwconv_b16(ub_addr8_t dst, ub_addr8_t src,
                                      int64_t repeat, int64_t dstStride,
                                      int64_t srcStride, CCE_AT) {
  cce_issue(cce_op_vnchwconv, cce_u16 * 0x101, at, (int)dst, (int)src, repeat,
            dstStride, srcStride, false, false);
}
CCE_INLINE void scatter_vnchwconv_b32(ub_addr8_t dst, ub_addr8_t src,
                                      int64_t repeat, int64_t dstStride,
                                      int64_t srcStride, CCE_AT) {
  cce_issue(cce_op_vnchwconv, cce_u32 * 0x101, at, (int)dst, (int)src, repeat,
            dstStride, srcStride, false, false);
}
CCE_INLINE void scatter_vnchwconv_b8(ub_addr8_t dst, ub_addr8_t src,
                                     int64_t repeat, int64_t dstStride,
                                     int64_t srcStride, bool dstHigh,
                                     bool srcHigh, CCE_AT) {
  cce_issue(cce_op_vnchwconv, cce_u8 * 0x101, at, (int)dst, (int)src, repeat,
            dstStride, srcStride, dstHigh, srcHigh);
}
template <class T>
CCE_INLINE void vbitsort(__ubuf__ T *dst, __ubuf__ T *score,
                         __ubuf__ uint32_t *index, int64_t repeat, CCE_AT) {
  CCE_TYPES(vbitsort, "f16 f32", cce_f16, cce_f32);
  cce_issue(cce_op_vbitsort, cce_code<T> * 0x101, at, dst, score, index,
            repeat);
}
template <class T>
CCE_INLINE void vmrgsort4(__ubuf__ T *dst, __ubuf__ T *const *src,
                          uint64_t lengths, uint64_t config, CCE_AT) {
  CCE_TYPES(vmrgsort4, "f16 f32", cce_f16, cce_f32);
  cce_issue(cce_op_vmrgsort4, cce_code<T> * 0x101, at, dst, src[0], src[1],
            src[2], src[3], lengths, config);
}
/// The same with each field an argument.
template <class T>
CCE_INLINE void vmrgsort4(__ubuf__ T *dst, __ubuf__ T *const *src,
                          int64_t repeat, uint16_t len0, uint16_t len1,
                          uint16_t len2, uint16_t len3, bool suspend,
                          int64_t valid, CCE_AT) {
  vmrgsort4(dst, src,
            (uint64_t)len0 | (uint64_t)len1 << 16 | (uint64_t)len2 << 32 |
                (uint64_t)len3 << 48,
            (uint64_t)repeat | (uint64_t)valid << 8 | (uint64_t)suspend << 12,
            at);
}

// Moves.
#define CCE_BURST_ARGUMENTS                                                    \
  int64_t sid, int64_t nBurst, int64_t lenBurst, int64_t srcGap, int64_t dstGap
#define CCE_BURST_PASS sid, nBurst, lenBurst, srcGap, dstGap
#define CCE_BURST(NAME, D, S)                                                  \
  template <class T, class U>                                                  \
  CCE_INLINE void NAME(D T *dst, S U *src, CCE_BURST_ARGUMENTS, CCE_AT) {      \
    cce_issue(cce_op_##NAME, 0, at, dst, src, CCE_BURST_PASS);                 \
  }
CCE_BURST(copy_gm_to_ubuf, __ubuf__, __gm__)
CCE_BURST(copy_ubuf_to_gm, __gm__, __ubuf__)
CCE_BURST(copy_ubuf_to_ubuf, __ubuf__, __ubuf__)
#define CCE_ROWS(NAME, BYTES, CODE, D, S)                                      \
  template <class T, class U>                                                  \
  CCE_INLINE void NAME##_align_b##BYTES(                                       \
      D T *dst, S U *src, int64_t sid, int64_t nBurst, int64_t lenBurst,       \
      int64_t leftPad, int64_t rightPad, int64_t srcGap, int64_t dstGap,       \
      CCE_AT) {                                                                \
    cce_issue(cce_op_##NAME##_align, CODE * 0x101, at, dst, src, sid, nBurst,  \
              lenBurst, leftPad, rightPad, srcGap, dstGap);                    \
  }
CCE_ROWS(copy_gm_to_ubuf, 8, cce_u8, __ubuf__, __gm__)
CCE_ROWS(copy_gm_to_ubuf, 16, cce_u16, __ubuf__, __gm__)
CCE_ROWS(copy_gm_to_ubuf, 32, cce_u32, __ubuf__, __gm__)
CCE_ROWS(copy_ubuf_to_gm, 8, cce_u8, __gm__, __ubuf__)
CCE_ROWS(copy_ubuf_to_gm, 16, cce_u16, __gm__, __ubuf__)
CCE_ROWS(copy_ubuf_to_gm, 32, cce_u32, __gm__, __ubuf__)
#undef CCE_ROWS

#endif
