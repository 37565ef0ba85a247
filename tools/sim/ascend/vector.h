// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Iterations, masks and operands of the vector unit.

#ifndef GEMEL_SIM_ASCEND_VECTOR_H
#define GEMEL_SIM_ASCEND_VECTOR_H

#include "access.h"
#include "numeric.h"

#include <cstring>
#include <immintrin.h>
#include <tuple>
#include <utility>

namespace ascendsim {

/// What an instruction iterates over.
struct Plan {
  uint32_t repeats = 0;
  uint32_t lanes = 0; // of an iteration
  bool counting = false;
  uint64_t lo = 0, hi = 0; // mask, or lo: elements of the whole instruction
  bool all = false;        // every lane of every iteration

  /// Bits of lanes [first, first + count) of an iteration; count <= 32.
  uint32_t mask(uint32_t iteration, uint32_t first, uint32_t count) const {
    uint32_t ones = count == 32 ? ~0u : (1u << count) - 1;
    if (all)
      return ones;
    if (counting) {
      uint64_t begin = uint64_t(iteration) * lanes + first;
      if (begin >= lo)
        return 0;
      uint64_t n = lo - begin;
      return n >= count ? ones : static_cast<uint32_t>((1ull << n) - 1);
    }
    uint64_t word = first < 64 ? lo >> first : hi >> (first - 64);
    return static_cast<uint32_t>(word) & ones;
  }
  uint32_t activeLanes(uint32_t iteration) const;
};

struct Operand {
  int field;
  uint64_t address;
  uint32_t bytes;    // of an element
  uint32_t blk, rep; // in blocks
  bool isDefined = true;

  uint64_t at(uint32_t iteration, uint32_t lane) const {
    uint32_t offset = lane * bytes;
    return address +
           (uint64_t(iteration) * rep + uint64_t(offset / 32) * blk) * 32 +
           offset % 32;
  }
};

inline uint32_t byteMask(uint32_t laneMask, uint32_t bytes) {
  switch (bytes) {
  case 1:
    return laneMask;
  case 2:
    return _pdep_u32(laneMask, 0x55555555u) * 3;
  case 4:
    return _pdep_u32(laneMask, 0x11111111u) * 15;
  default:
    return _pdep_u32(laneMask, 0x01010101u) * 255;
  }
}

/// Iterations and mask, for elements whose widest type has \p bytes. Stops
/// when no mask has been set.
Plan planOf(Instruction &in, int repeatField, uint32_t bytes);

/// How a write leaves the bytes.
enum Leave { kUndefine, kDefine, kKeep };
/// Alignment, bounds and races of an operand. A source learns whether all of
/// it is defined.
void enterSource(Instruction &in, const Plan &plan, Operand &o);
void enterTarget(Instruction &in, const Plan &plan, Operand &o, Leave leave);
/// The overlap rules of one instruction.
void checkOverlap(Instruction &in, const Plan &plan, const Operand &dst,
                  const Operand &src, bool mayAccumulate);
/// In strict mode undefined lanes stop the launch.
void checkStrict(Instruction &in, const Plan &plan, const Operand &o);

inline uint8_t *unifiedBuffer(const Instruction &in) {
  return in.core->memory[cce_ub].data.data();
}
/// Bits of the lanes that are wholly defined.
uint32_t definedLanes(const Instruction &in, uint64_t address, uint32_t count,
                      uint32_t bytes);
void defineLanes(const Instruction &in, uint64_t address, uint32_t lanes,
                 uint32_t bytes, uint32_t values);

/// Calls f(address of d, addresses of the sources, lanes) for every piece of
/// at most 32 bytes: reads whole pieces, writes the lanes that the mask has.
template <class D, class... S, class F>
void forPieces(Instruction &in, const Plan &plan, const Operand &dst, F &&f,
               const Operand *src) {
  constexpr uint32_t widest = std::max({sizeof(D), sizeof(S)...});
  constexpr uint32_t L = 32 / widest;
  uint8_t *base = unifiedBuffer(in);
  bool defined = true;
  for (size_t o = 0; o < sizeof...(S); ++o)
    defined &= src[o].isDefined;
  for (uint32_t i = 0; i < plan.repeats; ++i)
    for (uint32_t lane = 0; lane < plan.lanes; lane += L) {
      uint32_t mask = plan.mask(i, lane, L);
      if (!mask)
        continue;
      uint64_t to = dst.at(i, lane);
      uint32_t values = ~0u;
      if (!defined)
        for (size_t o = 0; o < sizeof...(S); ++o)
          values &= definedLanes(in, src[o].at(i, lane), L, src[o].bytes);
      D result[L];
      auto compute = [&]<size_t... I>(std::index_sequence<I...>) {
        std::tuple<S[L]...> values;
        (memcpy(std::get<I>(values), base + src[I].at(i, lane),
                sizeof(std::get<I>(values))),
         ...);
        for (uint32_t l = 0; l < L; ++l)
          result[l] = f(std::get<I>(values)[l]...);
      };
      compute(std::make_index_sequence<sizeof...(S)>());
      if (mask == (L == 32 ? ~0u : (1u << L) - 1))
        memcpy(base + to, result, sizeof result);
      else
        for (uint32_t l = 0; l < L; ++l)
          if (mask >> l & 1)
            memcpy(base + to + l * sizeof(D), &result[l], sizeof(D));
      if (!defined)
        defineLanes(in, to, mask, sizeof(D), values);
    }
}

/// The whole of an elementwise instruction over f.
template <class D, class... S, class F>
void elementwise(Instruction &in, const Plan &plan, Operand dst,
                 Operand (&src)[sizeof...(S)], bool mayAccumulate, F &&f) {
  bool defined = true;
  for (size_t s = 0; s < sizeof...(S); ++s) {
    enterSource(in, plan, src[s]);
    defined &= src[s].isDefined;
    checkOverlap(in, plan, dst, src[s], mayAccumulate && s == 1);
  }
  if (!defined)
    for (const Operand &o : src)
      checkStrict(in, plan, o);
  enterTarget(in, plan, dst, defined ? kDefine : kKeep);
  in.repeats = plan.repeats;
  forPieces<D, S...>(in, plan, dst, f, src);
}

} // namespace ascendsim

#endif
