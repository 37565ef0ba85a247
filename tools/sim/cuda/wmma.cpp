// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wmma of 16x16x16 tiles, made of two 16x8 tiles of mma.

#include "cuda_abi.h"
#include "matrix.h"
#include "memory_ops.h"

namespace cudasim {

// A wmma fragment's layout is the implementation's. Here a fragment of A is
// that of mma.m16n8k16; B and the accumulators are two of them, for columns 0
// to 7 and 8 to 15. A and B of f16 have eight registers: the second four
// repeat the first, as elements may be held twice.

namespace {

enum Part : uint8_t { kA, kB, kC };

struct Element {
  int row, col;
};

/// What element \p e of register \p r of lane \p l is.
Element elementOf(Part part, bool wide, int r, int l, int e) {
  int g = l / 4, t = l % 4;
  if (part == kA)
    return {g + 8 * (r & 1), 2 * t + e + 8 * (r / 2 & 1)};
  if (part == kB)
    return {2 * t + e + 8 * (r & 1), g + 8 * (r / 2 & 1)};
  if (wide) // f32: registers 0 to 3 are the first tile
    return {g + 8 * (r / 2 & 1), 2 * t + (r & 1) + 8 * (r / 4)};
  return {g + 8 * (r & 1), 2 * t + e + 8 * (r / 2)};
}

// Instr: sub = Part, isSigned = column-major, bytes = of an element,
// b = stride, v = registers.
template <bool Load>
void execTransfer(Warp &w, const Instr &i, uint32_t m) {
  if (!wholeWarp(w, i, m))
    return;
  uint64_t base[kWarpSize], addr[kWarpSize];
  uint8_t *where[kWarpSize];
  addressesOf(w, i, base);
  const uint32_t *stride = lanes<uint32_t>(w, i.b);
  bool wide = i.bytes == 4;
  for (size_t r = 0; r < i.v.size(); ++r)
    for (int e = 0; e < (wide ? 1 : 2); ++e) {
      for (uint32_t l = 0; l < kWarpSize; ++l) {
        Element at = elementOf(static_cast<Part>(i.sub), wide,
                               static_cast<int>(r), static_cast<int>(l), e);
        uint64_t row = static_cast<uint64_t>(i.isSigned ? at.col : at.row),
                 col = static_cast<uint64_t>(i.isSigned ? at.row : at.col);
        addr[l] = base[l] + (row * stride[l] + col) * i.bytes;
      }
      if (!access(w, i, m, i.space, addr, i.bytes,
                  (Load ? kRead : kWrite) | kAllLanes, where))
        return;
      uint32_t *v = lanes<uint32_t>(w, i.v[r]);
      for (uint32_t l = 0; l < kWarpSize; ++l) {
        uint16_t half;
        if (wide) {
          Load ? memcpy(&v[l], where[l], 4) : memcpy(where[l], &v[l], 4);
        } else if (Load) {
          memcpy(&half, where[l], 2);
          v[l] = e ? (v[l] & 0xffff) | uint32_t(half) << 16 : half;
        } else {
          half = static_cast<uint16_t>(v[l] >> (16 * e));
          memcpy(where[l], &half, 2);
        }
      }
    }
  if (!Load)
    ++w.launch->changes;
}

// v = d, a, b, c; reg = MatrixType; vector = registers of A or B; sub: 1 f16 C,
// 2 f16 D.
void execMultiply(Warp &w, const Instr &i, uint32_t m) {
  if (!wholeWarp(w, i, m))
    return;
  size_t dn = i.sub & 2 ? 4 : 8, cn = i.sub & 1 ? 4 : 8;
  const Ref *d = i.v.data(), *a = d + dn, *b = a + i.vector, *c = b + i.vector;
  MatrixType t = static_cast<MatrixType>(i.reg);
  float am[16 * 16], bm[16 * 8];
  unpackA(w, a, t, 16, am);
  for (size_t half = 0; half < 2; ++half) {
    unpackB(w, b + 2 * half, t, 16, bm);
    multiplyTile(w, am, bm, 16, c + half * cn / 2, d + half * dn / 2, i.sub & 1,
                 i.sub & 2);
  }
}

bool decodeWmma(Decoder &d) {
  Instr &i = d.instr;
  i.flow = Flow::Memory;
  int what = d.takeOne({".load", ".store", ".mma"});
  if (what < 0)
    return d.fail("a wmma operation that the simulator does not know");
  int part = what == 2 ? -1 : d.takeOne({".a", ".b", ".c", ".d"});
  if (!d.take(".sync") || !d.take(".aligned") || !d.take(".m16n16k16"))
    return d.fail("only wmma of m16n16k16 is simulated");
  if (what == 2) {
    // Layouts are the fragments' own business: both kinds were loaded alike.
    while (d.takeOne({".row", ".col"}) >= 0) {
    }
    // f16 gives the types of D and C only.
    Type types[4] = {d.type(), d.type(), d.type(), d.type()};
    bool brief = types[2] == Type::None;
    Type dt = types[0], ct = brief ? types[1] : types[3],
         at = brief ? Type::F16 : types[1];
    if ((at != Type::F16 && at != Type::BF16) ||
        (dt != Type::F16 && dt != Type::F32) ||
        (ct != Type::F16 && ct != Type::F32))
      return d.fail("types of wmma that are not simulated");
    i.reg = static_cast<uint8_t>(at == Type::F16 ? MatrixType::F16
                                                 : MatrixType::BF16);
    i.vector = at == Type::F16 ? 8 : 4;
    i.sub = (ct == Type::F16 ? 1 : 0) | (dt == Type::F16 ? 2 : 0);
    return d.count(4) &&
           d.destinations(0, Type::B32, dt == Type::F16 ? 4 : 8, i.v) &&
           d.sources(1, Type::B32, i.vector, i.v) &&
           d.sources(2, Type::B32, i.vector, i.v) &&
           d.sources(3, Type::B32, ct == Type::F16 ? 4 : 8, i.v) &&
           use(d, &execMultiply);
  }
  bool load = what == 0;
  if (load ? part < 0 || part > 2 : part != 3)
    return d.fail("a fragment that wmma does not have");
  i.sub = static_cast<uint8_t>(part == 0 ? kA : part == 1 ? kB : kC);
  int layout = d.takeOne({".row", ".col"});
  i.isSigned = layout == 1;
  i.space = d.take(".global")                             ? Space::Global
            : d.take(".shared") || d.take(".shared::cta") ? Space::Shared
                                                          : Space::Generic;
  Type t = d.type();
  if (layout < 0 || (t != Type::F16 && t != Type::BF16 && t != Type::F32))
    return d.fail("types of wmma that are not simulated");
  i.bytes = static_cast<uint8_t>(bytesOf(t));
  size_t n = i.sub == kC ? (t == Type::F32 ? 8 : 4) : t == Type::F16 ? 8 : 4;
  if (!d.count(2, 3) || !d.address(load ? 1 : 0, i.space))
    return false;
  if (d.operands() == 3) {
    if (!d.source(2, Type::B32, i.b))
      return false;
  } else {
    i.b = d.broadcast(16, 4);
  }
  return load ? d.destinations(0, Type::B32, n, i.v) &&
                    use(d, &execTransfer<true>)
              : d.sources(1, Type::B32, n, i.v) && use(d, &execTransfer<false>);
}

} // namespace

void addWmmaDecoders(DecodeTable &t) { t["wmma"] = decodeWmma; }

} // namespace cudasim
