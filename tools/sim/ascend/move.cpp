// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies by blocks and by bytes between GM and a core's memory.

#include "move.h"

#include "families.h"
#include "launch.h"
#include "numeric.h"
#include "switches.h"

#include <cstring>

namespace ascendsim {

namespace {

template <class T, class F>
void combine(uint8_t *to, const uint8_t *data, uint64_t bytes, F f) {
  for (uint64_t i = 0; i + sizeof(T) <= bytes; i += sizeof(T)) {
    T a, b;
    memcpy(&a, to + i, sizeof a);
    memcpy(&b, data + i, sizeof b);
    a = f(a, b);
    memcpy(to + i, &a, sizeof a);
  }
}

template <class T>
void combineAs(int op, uint8_t *to, const uint8_t *data, uint64_t bytes) {
  if (op == cce_op_set_atomic_add)
    combine<T>(to, data, bytes, [](T a, T b) {
      if constexpr (std::is_same_v<T, bf16>)
        return narrow(widen(a) + widen(b));
      else
        return static_cast<T>(a + b);
    });
  else
    combine<T>(to, data, bytes, [op](T a, T b) {
      bool less;
      if constexpr (std::is_same_v<T, bf16>)
        less = widen(a) < widen(b);
      else
        less = a < b;
      return less == (op == cce_op_set_atomic_max) ? b : a;
    });
}

void atomic(Instruction &in, uint64_t to, uint8_t *p, const uint8_t *data,
            uint64_t bytes) {
  const Registers &r = *in.registers;
  if (!r.atomicType || bytes % typeBytes(r.atomicType) ||
      to % typeBytes(r.atomicType))
    fail(in, kIllegal,
         "an atomic store of %llu bytes at GM 0x%llx: wants a type (such as "
         "set_atomic_f32) and whole, aligned elements of it",
         static_cast<unsigned long long>(bytes),
         static_cast<unsigned long long>(to));
  if (!isDefined(in, cce_gm, to, bytes))
    undefinedUse(in, 0, cce_gm, firstUndefined(in, cce_gm, to, bytes),
                 "adds to");
  switch (r.atomicType) {
  case cce_f32:
    return combineAs<float>(r.atomicOp, p, data, bytes);
  case cce_f16:
    return combineAs<f16>(r.atomicOp, p, data, bytes);
  case cce_bf16:
    return combineAs<bf16>(r.atomicOp, p, data, bytes);
  case cce_s32:
    return combineAs<int32_t>(r.atomicOp, p, data, bytes);
  case cce_s16:
    return combineAs<int16_t>(r.atomicOp, p, data, bytes);
  default:
    return combineAs<int8_t>(r.atomicOp, p, data, bytes);
  }
}

cce_space spaceOf(const Instruction &in, int field) {
  return in.spec->fields[static_cast<size_t>(field)].space;
}

} // namespace

void storeBytes(Instruction &in, uint64_t to, const uint8_t *data,
                uint64_t bytes) {
  uint8_t *p = locate(in, 0, cce_gm, to, bytes, true);
  bool isAtomic = in.registers->atomicOp;
  if (isAtomic)
    atomic(in, to, p, data, bytes);
  enterWrite(in, 0, cce_gm, to, bytes, true, isAtomic ? kAtomic : kWrite);
  if (!isAtomic)
    memcpy(p, data, bytes);
}

void moveBytes(Instruction &in, cce_space dst, uint64_t to, cce_space src,
               uint64_t from, uint64_t bytes) {
  const uint8_t *data = locate(in, 1, src, from, bytes, false);
  bool defined = enterRead(in, 1, src, from, bytes);
  in.bytes += static_cast<double>(bytes);
  if (dst == cce_gm) {
    if (!defined)
      undefinedUse(in, 1, src, firstUndefined(in, src, from, bytes), "stores");
    in.noteOutside(to, bytes);
    storeBytes(in, to, data, bytes);
    return;
  }
  if (src == cce_gm)
    in.noteOutside(from, bytes);
  uint8_t *p = locate(in, 0, dst, to, bytes, true);
  enterWrite(in, 0, dst, to, bytes, defined);
  memmove(p, data, bytes);
  if (!defined)
    copyDefined(in, dst, to, src, from, bytes);
}

uint64_t burst(Instruction &in) {
  cce_space dst = spaceOf(in, 0), src = spaceOf(in, 1);
  if (dst != cce_gm)
    needAligned(in, 0, kSpaces[dst].alignment);
  if (src != cce_gm)
    needAligned(in, 1, kSpaces[src].alignment);
  uint64_t bytes = in[4] * 32;
  for (uint64_t i = 0; i < in[3]; ++i)
    moveBytes(in, dst, in[0] + i * (in[4] + in[6]) * 32, src,
              in[1] + i * (in[4] + in[5]) * 32, bytes);
  return 0;
}

namespace {

/// Distance of two rows on the side of GM.
uint64_t rowPitch(uint64_t bytes, uint64_t gap) {
  return bytes + gap * (reading(kPadGap) ? 32 : 1);
}

void checkRows(Instruction &in, uint32_t elementBytes) {
  if (in[4] % elementBytes)
    fail(in, kIllegal,
         "'lenBurst' is %llu bytes, which are no whole elements "
         "of %u",
         static_cast<unsigned long long>(in[4]), elementBytes);
}

} // namespace

uint64_t loadRows(Instruction &in) {
  uint32_t element = typeBytes(in.type(0));
  needAligned(in, 0, 32);
  checkRows(in, element);
  uint64_t length = in[4], left = in[5] * element, right = in[6] * element;
  if (left > 32 || right > 32)
    fail(in, kIllegal,
         "pads of %llu and %llu elements: each side takes at most 32 bytes, %u "
         "elements",
         static_cast<unsigned long long>(in[5]),
         static_cast<unsigned long long>(in[6]), 32 / element);
  if (length < 32 && in[3] > 1 && reading(kNarrowRows))
    fail(in, kIllegal,
         "loads %llu rows of %llu bytes at once: less than 32 "
         "bytes a row may come out wrong; one load a row",
         static_cast<unsigned long long>(in[3]),
         static_cast<unsigned long long>(length));
  uint64_t blocks = (left + length + right + 31) / 32;
  for (uint64_t i = 0; i < in[3]; ++i) {
    uint64_t to = in[0] + i * (blocks + in[8]) * 32;
    uint8_t *p = locate(in, 0, cce_ub, to, blocks * 32, true);
    auto pad = [&](uint64_t offset, uint64_t bytes) {
      enterWrite(in, 0, cce_ub, to + offset, bytes, true);
      for (uint64_t b = 0; b < bytes; ++b)
        p[offset + b] =
            static_cast<uint8_t>(in.registers->padValue >> (b % element * 8));
    };
    pad(0, left);
    if (length)
      moveBytes(in, cce_ub, to + left, cce_gm,
                in[1] + i * rowPitch(length, in[7]), length);
    pad(left + length, right);
    // What fills the last block is not known.
    uint64_t end = left + length + right;
    enterWrite(in, 0, cce_ub, to + end, blocks * 32 - end, false);
    memset(p + end, 0xcb, blocks * 32 - end);
  }
  return 0;
}

uint64_t storeRows(Instruction &in) {
  uint32_t element = typeBytes(in.type(0));
  needAligned(in, 1, 32);
  checkRows(in, element);
  if (in[5] || in[6])
    fail(in, kIllegal, "a store has no pads");
  uint64_t length = in[4], blocks = (length + 31) / 32;
  for (uint64_t i = 0; i < in[3]; ++i)
    moveBytes(in, cce_gm, in[0] + i * rowPitch(length, in[8]), cce_ub,
              in[1] + i * (blocks + in[7]) * 32, length);
  return 0;
}

} // namespace ascendsim
