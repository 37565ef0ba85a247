// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions of the vector unit.

#include "families.h"
#include "launch.h"
#include "switches.h"
#include "vector.h"

namespace ascendsim {

namespace {

Operand sourceOf(const Instruction &in, uint32_t bytes) {
  return {1, in[1], bytes, static_cast<uint32_t>(in[4]),
          static_cast<uint32_t>(in[5])};
}

/// The lanes of one iteration, and which of them take part.
template <class T>
struct Row {
  T x[kRepeatBytes / sizeof(T)];
  uint64_t active[2] = {};
  bool defined = true;
  bool isActive(uint32_t l) const { return active[l / 64] >> (l % 64) & 1; }
};

template <class T>
Row<T> rowOf(Instruction &in, const Plan &plan, const Operand &o, uint32_t i) {
  Row<T> row;
  constexpr uint32_t L = 32 / sizeof(T);
  bool noNan = sizeof(T) == 2 && !in.infinities();
  for (uint32_t lane = 0; lane < plan.lanes; lane += L) {
    uint32_t mask = plan.mask(i, lane, L);
    if (!mask) {
      memset(&row.x[lane], 0, 32);
      continue;
    }
    row.active[lane / 64] |= uint64_t(mask) << (lane % 64);
    memcpy(&row.x[lane], unifiedBuffer(in) + o.at(i, lane), 32);
    if (!o.isDefined)
      row.defined &= !(mask & ~definedLanes(in, o.at(i, lane), L, sizeof(T)));
    if (noNan)
      for (uint32_t l = lane; l < lane + L; ++l)
        if (row.x[l] != row.x[l])
          row.x[l] = 0;
  }
  return row;
}

/// Adjacent pairs, level by level: (0 + 1) + (2 + 3), ... (repeat- and
/// datablock-reduce pages of asc-devkit).
template <class T>
T tree(T *x, uint32_t n) {
  for (; n > 1; n /= 2)
    for (uint32_t i = 0; i < n / 2; ++i)
      x[i] = x[2 * i] + x[2 * i + 1];
  return x[0];
}

template <class T>
void maskOff(Row<T> &row, uint32_t lanes) {
  T neutral = reading(kSumMasked) == 0 ? T(-0.0f) : T(0);
  for (uint32_t l = 0; l < lanes; ++l)
    if (!row.isActive(l))
      row.x[l] = neutral;
}

template <class T>
T finish(const Instruction &in, T x) {
  if constexpr (sizeof(T) == 2)
    if (!in.infinities())
      return saturate(x);
  return x;
}

void put(Instruction &in, uint64_t address, const void *data, uint32_t bytes,
         bool defined) {
  uint8_t *to = locate(in, 0, cce_ub, address, bytes, true);
  enterWrite(in, 0, cce_ub, address, bytes, defined);
  memcpy(to, data, bytes);
}

template <class T>
uint64_t sum(Instruction &in) {
  Plan plan = planOf(in, 2, sizeof(T));
  Operand o = sourceOf(in, sizeof(T));
  needAligned(in, 0, sizeof(T));
  if (in[6] && reading(kAccMode) == 0)
    fail(in, kIllegal,
         "mode 1 is not certain (GEMEL_ASCEND_SIM_VCADD_MODE1): "
         "use mode 0, then reduce the results");
  enterSource(in, plan, o);
  T total = 0;
  bool defined = true;
  for (uint32_t i = 0; i < plan.repeats; ++i) {
    Row<T> row = rowOf<T>(in, plan, o, i);
    maskOff(row, plan.lanes);
    T x = finish(in, tree(row.x, plan.lanes));
    if (in[6]) {
      total = i ? T(total + x) : x;
      defined &= row.defined;
    } else
      put(in, in[0] + uint64_t(i) * in[3] * sizeof(T), &x, sizeof x,
          row.defined);
  }
  if (in[6]) {
    touchRegister(in, kAccumulatorCell, kWrite);
    in.core->accumulator = 0;
    memcpy(&in.core->accumulator, &total, sizeof total);
  }
  in.repeats = plan.repeats;
  return 0;
}

template <class T>
uint64_t extreme(Instruction &in) {
  Plan plan = planOf(in, 2, sizeof(T));
  Operand o = sourceOf(in, sizeof(T));
  uint64_t order = in[6];
  uint32_t unit = order <= 1 ? 2 * sizeof(T) : order == 2 ? sizeof(T) : 4;
  needAligned(in, 0, unit);
  enterSource(in, plan, o);
  bool largest = in.op == cce_op_vcmax;
  for (uint32_t i = 0; i < plan.repeats; ++i) {
    Row<T> row = rowOf<T>(in, plan, o, i);
    int best = -1;
    for (uint32_t l = 0; l < plan.lanes; ++l) {
      if (!row.isActive(l))
        continue;
      T a = row.x[l];
      // NaN wins, then the first of equals.
      if (best < 0 ||
          (row.x[best] == row.x[best] &&
           (a != a || (largest ? a > row.x[best] : a < row.x[best]))))
        best = static_cast<int>(l);
    }
    if (best < 0)
      continue;
    T value = row.x[best];
    uint32_t index = static_cast<uint32_t>(best);
    uint64_t at = in[0] + uint64_t(i) * in[3] * unit;
    if (order == 2)
      put(in, at, &value, sizeof value, row.defined);
    else if (order == 3)
      put(in, at, &index, 4, row.defined);
    else {
      put(in, at + (order ? sizeof(T) : 0), &value, sizeof value, row.defined);
      put(in, at + (order ? 0 : sizeof(T)), &index, sizeof(T), row.defined);
    }
    uint64_t packed = 0;
    memcpy(&packed, &value, sizeof value);
    in.core->extreme = packed | uint64_t(index) << 32;
  }
  touchRegister(in, kExtremeCell, kWrite);
  in.repeats = plan.repeats;
  return 0;
}

template <class T>
uint64_t groups(Instruction &in) {
  Plan plan = planOf(in, 2, sizeof(T));
  Operand o = sourceOf(in, sizeof(T));
  needAligned(in, 0, 8 * sizeof(T));
  enterSource(in, plan, o);
  constexpr uint32_t L = 32 / sizeof(T);
  for (uint32_t i = 0; i < plan.repeats; ++i) {
    Row<T> row = rowOf<T>(in, plan, o, i);
    for (uint32_t g = 0; g < 8; ++g) {
      uint32_t mask = plan.mask(i, g * L, L);
      if (!mask)
        continue;
      bool defined = o.isDefined ||
                     !(mask & ~definedLanes(in, o.at(i, g * L), L, sizeof(T)));
      T *x = row.x + g * L, y;
      if (in.op == cce_op_vcgadd) {
        T neutral = reading(kSumMasked) == 0 ? T(-0.0f) : T(0);
        for (uint32_t l = 0; l < L; ++l)
          if (!(mask >> l & 1))
            x[l] = neutral;
        y = finish(in, tree(x, L));
      } else {
        bool largest = in.op == cce_op_vcgmax, any = false;
        y = 0;
        for (uint32_t l = 0; l < L; ++l)
          if (mask >> l & 1) {
            if (!any ||
                (y == y && (x[l] != x[l] || (largest ? x[l] > y : x[l] < y))))
              y = x[l];
            any = true;
          }
      }
      put(in, in[0] + (uint64_t(i) * in[3] * 8 + g) * sizeof(T), &y, sizeof y,
          defined);
    }
  }
  in.repeats = plan.repeats;
  return 0;
}

template <class T>
uint64_t pairs(Instruction &in) {
  Plan plan = planOf(in, 2, sizeof(T));
  Operand o = sourceOf(in, sizeof(T));
  needAligned(in, 0, 32);
  enterSource(in, plan, o);
  for (uint32_t i = 0; i < plan.repeats; ++i) {
    Row<T> row = rowOf<T>(in, plan, o, i);
    maskOff(row, plan.lanes);
    for (uint32_t p = 0; p < plan.lanes / 2; ++p) {
      uint32_t mask = plan.mask(i, 2 * p, 2);
      if (!mask)
        continue;
      T y = finish(in, T(row.x[2 * p] + row.x[2 * p + 1]));
      bool defined = o.isDefined ||
                     !(mask & ~definedLanes(in, o.at(i, 2 * p), 2, sizeof(T)));
      put(in, in[0] + uint64_t(i) * in[3] * 128 + p * sizeof(T), &y, sizeof y,
          defined);
    }
  }
  in.repeats = plan.repeats;
  return 0;
}

} // namespace

uint64_t reduceSum(Instruction &in) {
  return in.type(0) == cce_f16 ? sum<f16>(in) : sum<float>(in);
}
uint64_t reduceExtreme(Instruction &in) {
  return in.type(0) == cce_f16 ? extreme<f16>(in) : extreme<float>(in);
}
uint64_t reduceGroups(Instruction &in) {
  return in.type(0) == cce_f16 ? groups<f16>(in) : groups<float>(in);
}
uint64_t reducePairs(Instruction &in) {
  return in.type(0) == cce_f16 ? pairs<f16>(in) : pairs<float>(in);
}

} // namespace ascendsim
