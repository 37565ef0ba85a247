// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What every kernel sees: qualifiers, scalar types, and how instructions
// reach the simulator. Included before the kernel by `ccec`.

#ifndef GEMEL_SIM_ASCEND_CCE_BASE_H
#define GEMEL_SIM_ASCEND_CCE_BASE_H

#include "cce_codes.h"
#include <stddef.h>
#include <stdint.h>

// Clang keeps these apart: no pointer converts from one to another.
#define __gm__ __attribute__((address_space(1)))
#define __ubuf__ __attribute__((address_space(2)))
#define __cbuf__ __attribute__((address_space(3)))
#define __ca__ __attribute__((address_space(4)))
#define __cb__ __attribute__((address_space(5)))
#define __cc__ __attribute__((address_space(6)))
#define __fbuf__ __attribute__((address_space(7)))
#define __biasbuf__ __attribute__((address_space(8)))
#define __aicore__
#define __global__                                                             \
  __attribute__((used, visibility("default"), annotate("cce_kernel")))
#define __cube__
#define __vector__
#define __mix__(...)
#define __schedmode__(...)

typedef _Float16 half;
/// A type to hold and to move: the scalar unit has no arithmetic on it.
struct bfloat16_t {
  uint16_t bits;
};

struct cce_where {
  const char *file;
  unsigned line;
};
constexpr cce_where cce_here(const char *file = __builtin_FILE(),
                             unsigned line = __builtin_LINE()) {
  return {file, line};
}

extern "C" {
/// So many arguments follow, each a uint64_t.
uint64_t cce_sim_issue(int op, unsigned types, const char *file, unsigned line,
                       unsigned count, ...);
}

#define CCE_INLINE static inline __attribute__((always_inline))
#define CCE_AT cce_where at = cce_here()

template <class T>
CCE_INLINE uint64_t cce_arg(T *pointer) {
  return (uint64_t)pointer;
}
CCE_INLINE uint64_t cce_arg(bool x) { return x; }
CCE_INLINE uint64_t cce_arg(int x) { return (uint64_t)(int64_t)x; }
CCE_INLINE uint64_t cce_arg(unsigned x) { return x; }
CCE_INLINE uint64_t cce_arg(long x) { return (uint64_t)x; }
CCE_INLINE uint64_t cce_arg(unsigned long x) { return x; }
CCE_INLINE uint64_t cce_arg(long long x) { return (uint64_t)x; }
CCE_INLINE uint64_t cce_arg(unsigned long long x) { return x; }

template <class... A>
CCE_INLINE uint64_t cce_issue(int op, unsigned types, cce_where at, A... a) {
  return cce_sim_issue(op, types, at.file, at.line, sizeof...(a),
                       cce_arg(a)...);
}

/// The code of an element type; 0: no element type.
template <class T>
inline constexpr unsigned cce_code = 0;
template <>
inline constexpr unsigned cce_code<half> = cce_f16;
template <>
inline constexpr unsigned cce_code<bfloat16_t> = cce_bf16;
template <>
inline constexpr unsigned cce_code<float> = cce_f32;
template <>
inline constexpr unsigned cce_code<int8_t> = cce_s8;
template <>
inline constexpr unsigned cce_code<uint8_t> = cce_u8;
template <>
inline constexpr unsigned cce_code<int16_t> = cce_s16;
template <>
inline constexpr unsigned cce_code<uint16_t> = cce_u16;
template <>
inline constexpr unsigned cce_code<int32_t> = cce_s32;
template <>
inline constexpr unsigned cce_code<uint32_t> = cce_u32;
template <>
inline constexpr unsigned cce_code<int64_t> = cce_s64;
template <>
inline constexpr unsigned cce_code<uint64_t> = cce_u64;

template <class T, unsigned... Codes>
inline constexpr bool cce_one_of = ((cce_code<T> == Codes) || ...);
/// Whether elements have \p Bytes bytes, of whatever type.
template <class T, unsigned Bytes>
inline constexpr bool cce_wide = cce_code<T> != 0 && sizeof(T) == Bytes;

#define CCE_TYPES(NAME, LIST, ...)                                             \
  static_assert(cce_one_of<T, __VA_ARGS__>,                                    \
                #NAME " has on dav-c220 the element types " LIST               \
                      ": convert first, or reinterpret the bits")

/// The bits of a scalar operand.
template <class T>
CCE_INLINE uint64_t cce_bits(T x) {
  if constexpr (sizeof(T) == 1)
    return __builtin_bit_cast(uint8_t, x);
  else if constexpr (sizeof(T) == 2)
    return __builtin_bit_cast(uint16_t, x);
  else if constexpr (sizeof(T) == 4)
    return __builtin_bit_cast(uint32_t, x);
  else
    return __builtin_bit_cast(uint64_t, x);
}
/// A type as it is, from which nothing is deduced.
template <class T>
struct cce_same {
  using type = T;
};
template <class T>
using cce_plain = typename cce_same<T>::type;

CCE_INLINE int64_t cce_ask(int what, cce_where at) {
  return (int64_t)cce_issue(cce_op_query, 0, at, what);
}
CCE_INLINE int64_t get_block_idx(CCE_AT) { return cce_ask(cce_block_idx, at); }
CCE_INLINE int64_t get_block_num(CCE_AT) { return cce_ask(cce_block_num, at); }
CCE_INLINE int64_t get_subblockid(CCE_AT) {
  return cce_ask(cce_subblock_id, at);
}
CCE_INLINE int64_t get_subblockdim(CCE_AT) {
  return cce_ask(cce_subblock_dim, at);
}
CCE_INLINE int64_t get_coreid(CCE_AT) { return cce_ask(cce_core_id, at); }
CCE_INLINE int64_t get_sys_cnt(CCE_AT) { return cce_ask(cce_sys_cnt, at); }
#define block_idx get_block_idx()
#define block_num get_block_num()

/// A physical address as a constant, in older code.
CCE_INLINE uint64_t get_imm(uint64_t address) { return address; }
CCE_INLINE uint64_t sbitset1(uint64_t x, int bit) { return x | 1ull << bit; }
CCE_INLINE uint64_t sbitset0(uint64_t x, int bit) { return x & ~(1ull << bit); }
CCE_INLINE void trap(CCE_AT) { cce_issue(cce_op_trap, 0, at); }

#endif
