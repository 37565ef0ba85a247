// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Comparing, choosing and squeezing.

#include "families.h"
#include "launch.h"
#include "vector.h"

namespace ascendsim {

namespace {

/// A comparison with a NaN is never true, not even `ne` (boundary-value
/// appendix of asc-devkit).
template <class T>
bool holds(T a, T b, int relation) {
  if (a != a || b != b)
    return false;
  switch (relation) {
  case cce_eq:
    return a == b;
  case cce_ne:
    return a != b;
  case cce_lt:
    return a < b;
  case cce_le:
    return a <= b;
  case cce_gt:
    return a > b;
  default:
    return a >= b;
  }
}

/// These take whole iterations, whatever the mask.
Plan wholePlan(Instruction &in, int repeatField, uint32_t bytes) {
  Plan plan = planOf(in, repeatField, bytes);
  if (plan.counting && plan.lo % plan.lanes)
    fail(in, kIllegal,
         "counter mode with %llu elements: a comparison wants a multiple of "
         "%u (256 bytes)",
         static_cast<unsigned long long>(plan.lo), plan.lanes);
  plan.counting = false;
  plan.all = true;
  return plan;
}

Operand source(const Instruction &in, int field, uint32_t bytes, int blk,
               int rep) {
  return {field, in[field], bytes, static_cast<uint32_t>(in[blk]),
          static_cast<uint32_t>(in[rep])};
}

void needDefined(Instruction &in, int field, uint64_t address, uint64_t bytes,
                 const char *use) {
  locate(in, field, cce_ub, address, bytes, false);
  if (!enterRead(in, field, cce_ub, address, bytes))
    undefinedUse(in, field, cce_ub, firstUndefined(in, cce_ub, address, bytes),
                 use);
}

template <class T, class F>
uint64_t toBits(Instruction &in, const Plan &plan, F holdsAt, bool defined) {
  uint64_t bytes = uint64_t(plan.repeats) * plan.lanes / 8;
  needAligned(in, 0, 32);
  uint8_t *to = locate(in, 0, cce_ub, in[0], bytes, true);
  std::vector<uint8_t> bits(bytes);
  for (uint32_t i = 0; i < plan.repeats; ++i)
    for (uint32_t l = 0; l < plan.lanes; ++l)
      if (holdsAt(i, l))
        bits[(uint64_t(i) * plan.lanes + l) / 8] |= 1 << l % 8;
  enterWrite(in, 0, cce_ub, in[0], bytes, defined);
  memcpy(to, bits.data(), bytes);
  in.repeats = plan.repeats;
  return 0;
}

template <class T>
T element(const Instruction &in, const Operand &o, uint32_t i, uint32_t lane) {
  T x;
  memcpy(&x, unifiedBuffer(in) + o.at(i, lane), sizeof x);
  return x;
}

template <class T>
uint64_t compareTwo(Instruction &in) {
  Plan plan = wholePlan(in, 3, sizeof(T));
  Operand a = source(in, 1, sizeof(T), 5, 8),
          b = source(in, 2, sizeof(T), 6, 9);
  enterSource(in, plan, a);
  enterSource(in, plan, b);
  int relation = static_cast<int>(in[10]);
  return toBits<T>(
      in, plan,
      [&](uint32_t i, uint32_t l) {
        return holds(element<T>(in, a, i, l), element<T>(in, b, i, l),
                     relation);
      },
      a.isDefined && b.isDefined);
}

template <class T>
uint64_t compareOne(Instruction &in) {
  Plan plan = wholePlan(in, 3, sizeof(T));
  Operand a = source(in, 1, sizeof(T), 5, 7);
  enterSource(in, plan, a);
  T s;
  memcpy(&s, &in.arguments[2], sizeof s);
  int relation = static_cast<int>(in[8]);
  return toBits<T>(
      in, plan,
      [&](uint32_t i, uint32_t l) {
        return holds(element<T>(in, a, i, l), s, relation);
      },
      a.isDefined);
}

template <class T>
uint64_t compareRegister(Instruction &in) {
  Plan plan = planOf(in, 2, sizeof(T));
  plan.repeats = 1;
  plan.counting = false;
  plan.all = true;
  Operand a = source(in, 0, sizeof(T), 4, 7),
          b = source(in, 1, sizeof(T), 5, 8);
  enterSource(in, plan, a);
  enterSource(in, plan, b);
  touchRegister(in, kCmpMaskCell, kWrite);
  in.core->registerCells[kCmpMaskCell].defined =
      a.isDefined && b.isDefined ? ~0u : 0;
  memset(in.core->compareMask, 0, sizeof in.core->compareMask);
  for (uint32_t l = 0; l < plan.lanes; ++l)
    if (holds(element<T>(in, a, 0, l), element<T>(in, b, 0, l),
              static_cast<int>(in[9])))
      in.core->compareMask[l / 8] |= 1 << l % 8;
  in.repeats = 1;
  return 0;
}

template <class T>
uint64_t selectAs(Instruction &in) {
  Plan plan = planOf(in, 3, sizeof(T));
  Core &core = *in.core;
  uint32_t perIteration = plan.lanes / 8; // bytes of mask
  Operand d = source(in, 0, sizeof(T), 4, 7),
          a = source(in, 1, sizeof(T), 5, 8),
          b = source(in, 2, sizeof(T), 6, 9);
  touchRegister(in, kCmpMaskCell, kRead);
  if (core.launch->checking && core.registerCells[kCmpMaskCell].defined != ~0u)
    fail(in, kIllegal,
         "CMPMASK holds nothing defined: set_cmpmask or vcmp "
         "first");
  uint64_t mode = in[10], bits = 0;
  T scalar{};
  if (mode == 1) {
    bits = in[2];
    memcpy(&scalar, core.compareMask, sizeof scalar);
  } else if (mode == 2) {
    memcpy(&bits, core.compareMask, sizeof bits);
  }
  const uint8_t *chosen = core.compareMask;
  if (mode) {
    needDefined(in, mode == 1 ? 2 : -1, bits,
                uint64_t(plan.repeats) * perIteration, "takes as mask");
    chosen = unifiedBuffer(in) + bits;
  }
  enterSource(in, plan, a);
  checkOverlap(in, plan, d, a, false);
  if (mode != 1) {
    enterSource(in, plan, b);
    checkOverlap(in, plan, d, b, false);
  }
  // A lane is as defined as what is chosen for it.
  bool defined = a.isDefined && b.isDefined;
  enterTarget(in, plan, d, defined ? kDefine : kKeep);
  uint8_t *base = unifiedBuffer(in);
  for (uint32_t i = 0; i < plan.repeats; ++i) {
    const uint8_t *row = chosen + (mode ? uint64_t(i) * perIteration : 0);
    for (uint32_t l = 0; l < plan.lanes; ++l) {
      if (!plan.mask(i, l, 1))
        continue;
      bool first = row[l / 8] >> (l % 8) & 1;
      T x = first       ? element<T>(in, a, i, l)
            : mode == 1 ? scalar
                        : element<T>(in, b, i, l);
      if (!defined) {
        uint32_t ok =
            first || mode != 1
                ? definedLanes(in, (first ? a : b).at(i, l), 1, sizeof(T))
                : 1;
        defineLanes(in, d.at(i, l), 1, sizeof(T), ok);
      }
      memcpy(base + d.at(i, l), &x, sizeof x);
    }
  }
  in.repeats = plan.repeats;
  return 0;
}

template <class T>
uint64_t squeezeAs(Instruction &in) {
  Plan plan = planOf(in, 3, sizeof(T));
  // Counter mode counts elements of one iteration here, and repeats.
  uint32_t lanes = plan.lanes;
  uint32_t repeats = static_cast<uint32_t>(in[3]);
  if (plan.counting)
    lanes = static_cast<uint32_t>(plan.lo);
  uint64_t pattern = in[5], src0Rep = in[6], src1Rep = in[7];
  needAligned(in, 0, 32);
  needAligned(in, 1, 32);
  std::vector<T> kept;
  std::vector<bool> isDefined; // each element as it was
  bool defined = true, block = true;
  for (uint32_t r = 0; r < repeats; ++r) {
    uint64_t bits = in[2] + r * src1Rep * 32;
    if (!pattern)
      needDefined(in, 2, bits, (lanes + 7) / 8, "takes as mask");
    for (uint32_t l = 0; l < lanes; ++l) {
      bool take;
      switch (pattern) {
      case 0:
        take = unifiedBuffer(in)[bits + l / 8] >> (l % 8) & 1;
        break;
      case 1:
      case 2:
        take = l % 2 == pattern - 1;
        break;
      case 7:
        take = true;
        break;
      default:
        take = l % 4 == pattern - 3;
      }
      uint32_t offset = l * sizeof(T);
      uint64_t at =
          in[1] + (r * src0Rep + offset / 32 * in[4]) * 32 + offset % 32;
      if (l * sizeof(T) % 32 == 0) {
        uint64_t n = std::min<uint64_t>(32, (lanes - l) * sizeof(T));
        locate(in, 1, cce_ub, at, n, false);
        block = enterRead(in, 1, cce_ub, at, n);
        defined &= block;
      }
      if (!take)
        continue;
      isDefined.push_back(block || definedLanes(in, at, 1, sizeof(T)));
      T x;
      memcpy(&x, unifiedBuffer(in) + at, sizeof x);
      kept.push_back(x);
    }
  }
  uint8_t *to = locate(in, 0, cce_ub, in[0], kept.size() * sizeof(T), true);
  enterWrite(in, 0, cce_ub, in[0], kept.size() * sizeof(T), defined);
  memcpy(to, kept.data(), kept.size() * sizeof(T));
  for (size_t i = 0; !defined && i < kept.size(); ++i)
    if (isDefined[i])
      defineLanes(in, in[0] + i * sizeof(T), 1, sizeof(T), 1);
  touchRegister(in, kReservedCell, kWrite);
  in.core->reservedCount = kept.size();
  in.repeats = repeats;
  return 0;
}

} // namespace

uint64_t compare(Instruction &in) {
  switch (in.type(1)) {
  case cce_f16:
    return compareTwo<f16>(in);
  case cce_f32:
    return compareTwo<float>(in);
  default:
    return compareTwo<int32_t>(in);
  }
}

uint64_t compareScalar(Instruction &in) {
  switch (in.type(1)) {
  case cce_f16:
    return compareOne<f16>(in);
  case cce_f32:
    return compareOne<float>(in);
  default:
    return compareOne<int32_t>(in);
  }
}

uint64_t compareToRegister(Instruction &in) {
  return in.type(1) == cce_f16 ? compareRegister<f16>(in)
                               : compareRegister<float>(in);
}

uint64_t setCompareMask(Instruction &in) {
  needAligned(in, 0, 16);
  const uint8_t *from = locate(in, 0, cce_ub, in[0], 16, false);
  bool defined = enterRead(in, 0, cce_ub, in[0], 16);
  touchRegister(in, kCmpMaskCell, kWrite);
  in.core->registerCells[kCmpMaskCell].defined = defined ? ~0u : 0;
  // Eight bytes are enough for an address, and for the mask of f32.
  if (!defined && enterRead(in, 0, cce_ub, in[0], 8))
    in.core->registerCells[kCmpMaskCell].defined = ~0u;
  memcpy(in.core->compareMask, from, 16);
  return 0;
}

uint64_t getCompareMask(Instruction &in) {
  needAligned(in, 0, 16);
  uint8_t *to = locate(in, 0, cce_ub, in[0], 16, true);
  touchRegister(in, kCmpMaskCell, kRead);
  enterWrite(in, 0, cce_ub, in[0], 16,
             in.core->registerCells[kCmpMaskCell].defined == ~0u);
  memcpy(to, in.core->compareMask, 16);
  return 0;
}

uint64_t select(Instruction &in) {
  return in.type(0) == cce_f16 ? selectAs<uint16_t>(in)
                               : selectAs<uint32_t>(in);
}

uint64_t squeeze(Instruction &in) {
  return in.type(0) == cce_u16 ? squeezeAs<uint16_t>(in)
                               : squeezeAs<uint32_t>(in);
}

} // namespace ascendsim
