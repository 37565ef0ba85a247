// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Instructions of the cube cores.

#ifndef GEMEL_SIM_ASCEND_CCE_CUBE_H
#define GEMEL_SIM_ASCEND_CCE_CUBE_H

#include "cce_sync.h"

enum pad_t {
  PAD_NONE,
  PAD_MODE1,
  PAD_MODE2,
  PAD_MODE3,
  PAD_MODE4,
  PAD_MODE5,
  PAD_MODE6,
  PAD_MODE7,
  PAD_MODE8,
};
enum addr_cal_mode_t { inc, dec };
enum QuantMode_t {
  NoQuant = 0,
  F322F16 = 1,
  VREQ8 = 2,
  REQ8 = 3,
  VDEQF16 = 4,
  DEQF16 = 5,
  VSHIFTS322S16 = 12,
  SHIFTS322S16 = 13,
  F322BF16 = 16,
  VQF322B8_PRE = 23,
  QF322B8_PRE = 24,
};

CCE_REGISTER(set_nd_para)
CCE_REGISTER(set_quant_pre)
CCE_REGISTER(set_fpc)
CCE_REGISTER(set_lrelu_alpha)
CCE_REGISTER(set_fmatrix)
CCE_REGISTER(set_fmatrix_b)
CCE_REGISTER(set_padding)
CCE_REGISTER(set_l1_3d_size)

template <class T, class U>
CCE_INLINE void copy_gm_to_cbuf(__cbuf__ T *dst, __gm__ U *src, int64_t sid,
                                int64_t nBurst, int64_t lenBurst,
                                int64_t srcGap, int64_t dstGap, pad_t pad,
                                CCE_AT) {
  cce_issue(cce_op_copy_gm_to_cbuf, 0, at, dst, src, sid, nBurst, lenBurst,
            srcGap, dstGap, (int)pad);
}
template <class T, class U>
CCE_INLINE void copy_cbuf_to_gm(__gm__ T *dst, __cbuf__ U *src, int64_t sid,
                                int64_t nBurst, int64_t lenBurst,
                                int64_t srcGap, int64_t dstGap, CCE_AT) {
  cce_issue(cce_op_copy_cbuf_to_gm, 0, at, dst, src, sid, nBurst, lenBurst,
            srcGap, dstGap);
}
#define CCE_ND2NZ(SUFFIX, CODE, BYTES)                                         \
  template <class T, class U>                                                  \
  CCE_INLINE void copy_gm_to_cbuf_multi_nd2nz_##SUFFIX(                        \
      __cbuf__ T *dst, __gm__ U *src, int64_t sid, int64_t ndNum,              \
      int64_t nValue, int64_t dValue, int64_t srcNdMatrixStride,               \
      int64_t srcDValue, int64_t dstNzC0Stride, int64_t dstNzNStride,          \
      int64_t dstNzMatrixStride, CCE_AT) {                                     \
    static_assert(cce_wide<T, BYTES>, "copy_gm_to_cbuf_multi_nd2nz_" #SUFFIX   \
                                      " moves elements of " #BYTES " bytes");  \
    cce_issue(cce_op_copy_gm_to_cbuf_multi_nd2nz, CODE * 0x101, at, dst, src,  \
              sid, ndNum, nValue, dValue, srcNdMatrixStride, srcDValue,        \
              dstNzC0Stride, dstNzNStride, dstNzMatrixStride);                 \
  }
CCE_ND2NZ(b8, cce_u8, 1)
CCE_ND2NZ(b16, cce_u16, 2)
CCE_ND2NZ(b32s, cce_u32, 4)
#undef CCE_ND2NZ

#define CCE_LOAD(NAME, SPACE)                                                  \
  template <class T>                                                           \
  CCE_INLINE void NAME(SPACE T *dst, __cbuf__ T *src, int64_t baseIdx,         \
                       int64_t repeat, int64_t srcStride, int64_t dstGap,      \
                       int64_t sid, bool transpose, addr_cal_mode_t mode,      \
                       CCE_AT) {                                               \
    cce_issue(cce_op_##NAME, cce_code<T> * 0x101, at, dst, src, baseIdx,       \
              repeat, srcStride, dstGap, sid, transpose, (int)mode);           \
  }                                                                            \
  template <class T>                                                           \
  CCE_INLINE void NAME##_transpose(                                            \
      SPACE T *dst, __cbuf__ T *src, int64_t indexId, int64_t repeat,          \
      int64_t srcStride, int64_t dstGap, addr_cal_mode_t mode,                 \
      int64_t dstFracGap, CCE_AT) {                                            \
    cce_issue(cce_op_##NAME##_transpose, cce_code<T> * 0x101, at, dst, src,    \
              indexId, repeat, srcStride, dstGap, (int)mode, dstFracGap);      \
  }
CCE_LOAD(load_cbuf_to_ca, __ca__)
CCE_LOAD(load_cbuf_to_cb, __cb__)
#undef CCE_LOAD

#define CCE_IMG2COL(NAME, SPACE)                                               \
  template <class T>                                                           \
  CCE_INLINE void NAME(SPACE T *dst, __cbuf__ T *src, int64_t stepK,           \
                       int64_t stepM, int64_t posK, int64_t posM,              \
                       int64_t strideW, int64_t strideH, int64_t Wk,           \
                       int64_t Hk, int64_t dilW, int64_t dilH, bool filterW,   \
                       bool filterH, bool transpose, bool fmatrixCtrl,         \
                       int64_t channels, CCE_AT) {                             \
    cce_issue(cce_op_##NAME, cce_code<T> * 0x101, at, dst, src, stepK, stepM,  \
              posK, posM, strideW, strideH, Wk, Hk, dilW, dilH, filterW,       \
              filterH, transpose, fmatrixCtrl, channels);                      \
  }
CCE_IMG2COL(img2colv2_cbuf_to_ca, __ca__)
CCE_IMG2COL(img2colv2_cbuf_to_cb, __cb__)
#undef CCE_IMG2COL

#define CCE_FILL(NAME, SPACE)                                                  \
  template <class T>                                                           \
  CCE_INLINE void NAME(SPACE T *dst, uint64_t config, cce_plain<T> value,      \
                       CCE_AT) {                                               \
    static_assert(cce_wide<T, 2> || cce_wide<T, 4>,                            \
                  #NAME " fills with elements of 2 or 4 bytes");               \
    cce_issue(cce_op_##NAME, cce_code<T>, at, dst, config, cce_bits(value));   \
  }
CCE_FILL(create_cbuf_matrix, __cbuf__)
CCE_FILL(create_ca_matrix, __ca__)
CCE_FILL(create_cb_matrix, __cb__)
#undef CCE_FILL
CCE_INLINE void create_cbuf_matrix_bf16(__cbuf__ bfloat16_t *dst,
                                        uint64_t config, bfloat16_t value,
                                        CCE_AT) {
  create_cbuf_matrix(dst, config, value, at);
}

template <class T>
CCE_INLINE void copy_cbuf_to_bt(uint64_t dst, __cbuf__ T *src,
                                int64_t convControl, int64_t nBurst,
                                int64_t lenBurst, int64_t srcGap,
                                int64_t dstGap, CCE_AT) {
  cce_issue(cce_op_copy_cbuf_to_bt, cce_f32 | cce_code<T> << 8, at, dst, src,
            convControl, nBurst, lenBurst, srcGap, dstGap);
}
template <class D, class T>
CCE_INLINE void copy_cbuf_to_fbuf(__fbuf__ D *dst, __cbuf__ T *src,
                                  int64_t nBurst, int64_t lenBurst,
                                  int64_t srcGap, int64_t dstGap, CCE_AT) {
  cce_issue(cce_op_copy_cbuf_to_fbuf, 0, at, dst, src, nBurst, lenBurst, srcGap,
            dstGap);
}

#define CCE_MAD_ARGUMENTS                                                      \
  int64_t m, int64_t k, int64_t n, int64_t unitFlag, bool kDirectionAlign,     \
      bool cmatrixSource, bool cmatrixInitVal
#define CCE_MAD_PASS                                                           \
  m, k, n, unitFlag, kDirectionAlign, cmatrixSource, cmatrixInitVal
#define CCE_MAD(C, AB)                                                         \
  CCE_INLINE void mad(__cc__ C *c, __ca__ AB *a, __cb__ AB *b,                 \
                      CCE_MAD_ARGUMENTS, CCE_AT) {                             \
    cce_issue(cce_op_mad, cce_code<C> | cce_code<AB> * 0x10100, at,            \
              (uint64_t)c & 0xffffffff, a, b, CCE_MAD_PASS,                    \
              (uint64_t)c >> 32);                                              \
  }                                                                            \
  CCE_INLINE void mad(__cc__ C *c, __ca__ AB *a, __cb__ AB *b, uint64_t bias,  \
                      CCE_MAD_ARGUMENTS, CCE_AT) {                             \
    cce_issue(cce_op_mad, cce_code<C> | cce_code<AB> * 0x10100, at, c, a, b,   \
              CCE_MAD_PASS, bias);                                             \
  }
CCE_MAD(float, half)
CCE_MAD(float, bfloat16_t)
CCE_MAD(float, float)
CCE_MAD(int32_t, int8_t)
#undef CCE_MAD

#define CCE_FIXPIPE(NAME, SPACE)                                               \
  template <class D, class S>                                                  \
  CCE_INLINE void NAME(SPACE D *dst, __cc__ S *src, int64_t sid,               \
                       int64_t nSize, int64_t mSize, int64_t dstStride,        \
                       int64_t srcStride, int64_t unitFlag, QuantMode_t quant, \
                       int64_t relu, bool channelSplit, bool nz2nd, CCE_AT) {  \
    cce_issue(cce_op_##NAME, cce_code<D> | cce_code<S> << 8, at, dst, src,     \
              sid, nSize, mSize, dstStride, srcStride, unitFlag, (int)quant,   \
              relu, channelSplit, nz2nd);                                      \
  }
CCE_FIXPIPE(copy_matrix_cc_to_gm, __gm__)
CCE_FIXPIPE(copy_matrix_cc_to_cbuf, __cbuf__)
#undef CCE_FIXPIPE

#endif
