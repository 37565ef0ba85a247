// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops over a warp's lanes, from which the instruction families are made.

#ifndef GEMEL_SIM_CUDA_OPS_H
#define GEMEL_SIM_CUDA_OPS_H

#include "decode.h"
#include "exec.h"

#include <type_traits>

namespace cudasim {

/// All lanes are computed, then those of the mask are kept: the loop is free
/// of branches and the compiler turns it into vector code. No operation may
/// trap on a lane that is off.
template <class D, class A, auto F>
void exec1(Warp &w, const Instr &i, uint32_t m) {
  const A *a = lanes<A>(w, i.a);
  alignas(64) D t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l)
    t[l] = F(a[l]);
  blend(lanes<D>(w, i.d), t, m);
}

template <class D, class A, class B, auto F>
void exec2(Warp &w, const Instr &i, uint32_t m) {
  const A *a = lanes<A>(w, i.a);
  const B *b = lanes<B>(w, i.b);
  alignas(64) D t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l)
    t[l] = F(a[l], b[l]);
  blend(lanes<D>(w, i.d), t, m);
}

template <class D, class A, class B, class C, auto F>
void exec3(Warp &w, const Instr &i, uint32_t m) {
  const A *a = lanes<A>(w, i.a);
  const B *b = lanes<B>(w, i.b);
  const C *c = lanes<C>(w, i.c);
  alignas(64) D t[kWarpSize];
  for (uint32_t l = 0; l < kWarpSize; ++l)
    t[l] = F(a[l], b[l], c[l]);
  blend(lanes<D>(w, i.d), t, m);
}

/// Op::apply<T> on an integer type; null for any other type.
template <class Op>
Execute integer1(Type t) {
#define GEMEL_CASE(NAME, T)                                                    \
  case Type::NAME:                                                             \
    return &exec1<T, T, [](T a) { return Op::template apply<T>(a); }>;
  switch (t) {
    GEMEL_CASE(U16, uint16_t)
    GEMEL_CASE(U32, uint32_t)
    GEMEL_CASE(U64, uint64_t)
    GEMEL_CASE(S16, int16_t)
    GEMEL_CASE(S32, int32_t)
    GEMEL_CASE(S64, int64_t)
    GEMEL_CASE(B16, uint16_t)
    GEMEL_CASE(B32, uint32_t)
    GEMEL_CASE(B64, uint64_t)
  default:
    return nullptr;
  }
#undef GEMEL_CASE
}

template <class Op>
Execute integer2(Type t) {
#define GEMEL_CASE(NAME, T)                                                    \
  case Type::NAME:                                                             \
    return &exec2<T, T, T,                                                     \
                  [](T a, T b) { return Op::template apply<T>(a, b); }>;
  switch (t) {
    GEMEL_CASE(U16, uint16_t)
    GEMEL_CASE(U32, uint32_t)
    GEMEL_CASE(U64, uint64_t)
    GEMEL_CASE(S16, int16_t)
    GEMEL_CASE(S32, int32_t)
    GEMEL_CASE(S64, int64_t)
    GEMEL_CASE(B16, uint16_t)
    GEMEL_CASE(B32, uint32_t)
    GEMEL_CASE(B64, uint64_t)
  default:
    return nullptr;
  }
#undef GEMEL_CASE
}

template <class Op>
Execute integer3(Type t) {
#define GEMEL_CASE(NAME, T)                                                    \
  case Type::NAME:                                                             \
    return &exec3<T, T, T, T, [](T a, T b, T c) {                              \
      return Op::template apply<T>(a, b, c);                                   \
    }>;
  switch (t) {
    GEMEL_CASE(U16, uint16_t)
    GEMEL_CASE(U32, uint32_t)
    GEMEL_CASE(U64, uint64_t)
    GEMEL_CASE(S16, int16_t)
    GEMEL_CASE(S32, int32_t)
    GEMEL_CASE(S64, int64_t)
  default:
    return nullptr;
  }
#undef GEMEL_CASE
}

/// Arithmetic without undefined overflow.
template <class T>
using Wide =
    std::conditional_t<sizeof(T) < 4, uint32_t, std::make_unsigned_t<T>>;

inline bool d1(Decoder &d, Type to, Type from) {
  return d.count(2) && d.destination(0, to, d.instr.d) &&
         d.source(1, from, d.instr.a);
}
inline bool d2(Decoder &d, Type to, Type a, Type b) {
  return d.count(3) && d.destination(0, to, d.instr.d) &&
         d.source(1, a, d.instr.a) && d.source(2, b, d.instr.b);
}
inline bool d3(Decoder &d, Type to, Type a, Type b, Type c) {
  return d.count(4) && d.destination(0, to, d.instr.d) &&
         d.source(1, a, d.instr.a) && d.source(2, b, d.instr.b) &&
         d.source(3, c, d.instr.c);
}
inline bool use(Decoder &d, Execute fn) {
  d.instr.fn = fn;
  return fn != nullptr;
}

} // namespace cudasim

#endif
