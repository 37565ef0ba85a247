// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mma.sync, ldmatrix, stmatrix and movmatrix.

#include "matrix.h"
#include "cuda_abi.h"
#include "memory_ops.h"
#include "mma.h"
#include "numeric.h"

namespace cudasim {

// Fragments: PTX ISA, "Matrix Fragments for mma". Lane l holds rows l/4 and
// l/4+8 of A, C and D and column l/4 of B.

bool wholeWarp(Warp &w, const Instr &i, uint32_t m) {
  if (m == kFull)
    return true;
  fault(w, i, static_cast<uint32_t>(__builtin_ctz(m)), CUDA_ERROR_LAUNCH_FAILED,
        "a matrix instruction that not all 32 lanes of the warp execute");
  return false;
}

static float decodeElement(MatrixType t, uint32_t reg, int index) {
  uint16_t half = uint16_t(reg >> (16 * index));
  switch (t) {
  case MatrixType::F16:
    return f16ToF32(half);
  case MatrixType::BF16:
    return bf16ToF32(half);
  default:
    return bitsToF32(reg & ~0x1fffu);
  }
}

void unpackA(Warp &w, const Ref *regs, MatrixType t, int k, float *a) {
  int perReg = t == MatrixType::TF32 ? 1 : 2, step = 4 * perReg;
  for (int r = 0; r < 2 * k / step; ++r) {
    const uint32_t *v = lanes<uint32_t>(w, regs[r]);
    for (int l = 0; l < 32; ++l)
      for (int e = 0; e < perReg; ++e) {
        int row = l / 4 + 8 * (r & 1);
        int col = (l % 4) * perReg + e + step * (r / 2);
        a[row * k + col] = decodeElement(t, v[l], e);
      }
  }
}

void unpackB(Warp &w, const Ref *regs, MatrixType t, int k, float *b) {
  int perReg = t == MatrixType::TF32 ? 1 : 2, step = 4 * perReg;
  for (int r = 0; r < k / step; ++r) {
    const uint32_t *v = lanes<uint32_t>(w, regs[r]);
    for (int l = 0; l < 32; ++l)
      for (int e = 0; e < perReg; ++e)
        b[((l % 4) * perReg + e + step * r) * 8 + l / 4] =
            decodeElement(t, v[l], e);
  }
}

void multiplyTile(Warp &w, const float *a, const float *b, int k,
                  const Ref *cRegs, const Ref *dRegs, bool halfC, bool halfD) {
  float c[16 * 8];
  for (int r = 0; r < (halfC ? 2 : 4); ++r) {
    const uint32_t *v = lanes<uint32_t>(w, cRegs[r]);
    for (int l = 0; l < 32; ++l) {
      if (halfC) {
        for (int e = 0; e < 2; ++e)
          c[(l / 4 + 8 * r) * 8 + (l % 4) * 2 + e] =
              f16ToF32(uint16_t(v[l] >> (16 * e)));
      } else {
        c[(l / 4 + 8 * (r / 2)) * 8 + (l % 4) * 2 + (r & 1)] = bitsToF32(v[l]);
      }
    }
  }
  uint32_t d[16 * 8];
  if (halfD)
    for (int row = 0; row < 16; ++row)
      for (int n = 0; n < 8; ++n)
        d[row * 8 + n] = exactDotF16(c[row * 8 + n], a + row * k, b + n, k, 8);
  else
    multiplyF32(a, b, c, d, k);
  for (int r = 0; r < (halfD ? 2 : 4); ++r) {
    uint32_t *v = lanes<uint32_t>(w, dRegs[r]);
    for (int l = 0; l < 32; ++l) {
      if (halfD) {
        const uint32_t *p = d + (l / 4 + 8 * r) * 8 + (l % 4) * 2;
        v[l] = p[0] | p[1] << 16;
      } else {
        v[l] = d[(l / 4 + 8 * (r / 2)) * 8 + (l % 4) * 2 + (r & 1)];
      }
    }
  }
}

namespace {

// Instr of mma: v = d, a, b, c registers; bytes = k; reg = MatrixType;
// sub: 1 f16 C, 2 f16 D; vector, order, scope = registers of a, b, c.
void execMma(Warp &w, const Instr &i, uint32_t m) {
  if (!wholeWarp(w, i, m))
    return;
  int k = i.bytes;
  const Ref *d = i.v.data(), *a = d + (i.sub & 2 ? 2 : 4), *b = a + i.vector,
            *c = b + i.order;
  float am[16 * 16], bm[16 * 8];
  MatrixType t = static_cast<MatrixType>(i.reg);
  unpackA(w, a, t, k, am);
  unpackB(w, b, t, k, bm);
  multiplyTile(w, am, bm, k, c, d, i.sub & 1, i.sub & 2);
}

/// Integer products, k = 16 or 32. sub: 1 signed A, 2 signed B, 4 .satfinite.
void execMmaInteger(Warp &w, const Instr &i, uint32_t m) {
  if (!wholeWarp(w, i, m))
    return;
  int k = i.bytes;
  const Ref *d = i.v.data(), *a = d + 4, *b = a + i.vector, *c = b + i.order;
  int32_t am[16 * 32], bm[32 * 8], cm[16 * 8];
  auto byte = [](uint32_t v, int e, bool sign) {
    return sign ? int32_t(int8_t(v >> 8 * e)) : int32_t(uint8_t(v >> 8 * e));
  };
  for (int r = 0; r < k / 8; ++r)
    for (int l = 0; l < 32; ++l)
      for (int e = 0; e < 4; ++e)
        am[(l / 4 + 8 * (r & 1)) * k + (l % 4) * 4 + e + 16 * (r / 2)] =
            byte(lanes<uint32_t>(w, a[r])[l], e, i.sub & 1);
  for (int r = 0; r < k / 16; ++r)
    for (int l = 0; l < 32; ++l)
      for (int e = 0; e < 4; ++e)
        bm[((l % 4) * 4 + e + 16 * r) * 8 + l / 4] =
            byte(lanes<uint32_t>(w, b[r])[l], e, i.sub & 2);
  auto place = [](int r, int l) {
    return (l / 4 + 8 * (r / 2)) * 8 + (l % 4) * 2 + (r & 1);
  };
  for (int r = 0; r < 4; ++r)
    for (int l = 0; l < 32; ++l)
      cm[place(r, l)] = lanes<int32_t>(w, c[r])[l];
  for (int row = 0; row < 16; ++row)
    for (int n = 0; n < 8; ++n) {
      int64_t sum = cm[row * 8 + n];
      for (int x = 0; x < k; ++x)
        sum += am[row * k + x] * bm[x * 8 + n];
      if (i.sub & 4)
        sum = std::min<int64_t>(std::max<int64_t>(sum, INT32_MIN), INT32_MAX);
      cm[row * 8 + n] = int32_t(uint32_t(sum));
    }
  for (int r = 0; r < 4; ++r)
    for (int l = 0; l < 32; ++l)
      lanes<int32_t>(w, d[r])[l] = cm[place(r, l)];
}

bool decodeMma(Decoder &d) {
  Instr &i = d.instr;
  i.flow = Flow::Memory; // may end the launch
  if (d.take(".sp") || d.take(".sp::ordered_metadata"))
    return d.fail("sparse mma is not simulated");
  if (!d.take(".sync") || !d.take(".aligned"))
    return d.fail("mma without .sync.aligned");
  int shape = d.takeOne({".m16n8k4", ".m16n8k8", ".m16n8k16", ".m16n8k32"});
  if (shape < 0 || !d.take(".row") || !d.take(".col"))
    return d.fail("a shape or layout of mma that is not simulated");
  int k = 4 << shape;
  bool saturates = d.take(".satfinite");
  Type dt = d.type(), at = d.type(), bt = d.type(), ct = d.type();
  i.bytes = static_cast<uint8_t>(k);
  size_t an, bn, cn, dn;
  bool integer = dt == Type::S32;
  if (integer) {
    if ((bytesOf(at) != 1 || bytesOf(bt) != 1 || ct != Type::S32) || k < 16)
      return d.fail("types of mma that are not simulated");
    i.sub = (at == Type::S8 ? 1 : 0) | (bt == Type::S8 ? 2 : 0) |
            (saturates ? 4 : 0);
    an = static_cast<size_t>(k / 8);
    bn = static_cast<size_t>(k / 16);
    cn = dn = 4;
  } else {
    bool half = at == Type::F16 || at == Type::BF16;
    bool ok = at == bt && ((half && (k == 8 || k == 16)) ||
                           (at == Type::TF32 && (k == 4 || k == 8)));
    ok = ok && (dt == Type::F32 || (dt == Type::F16 && at == Type::F16)) &&
         (ct == Type::F32 || (ct == Type::F16 && at == Type::F16));
    if (!ok || saturates)
      return d.fail("types of mma that are not simulated");
    i.reg = static_cast<uint8_t>(at == Type::F16    ? MatrixType::F16
                                 : at == Type::BF16 ? MatrixType::BF16
                                                    : MatrixType::TF32);
    size_t perReg = half ? 2 : 1;
    an = static_cast<size_t>(k) / (2 * perReg);
    bn = static_cast<size_t>(k) / (4 * perReg);
    i.sub = (ct == Type::F16 ? 1 : 0) | (dt == Type::F16 ? 2 : 0);
    cn = ct == Type::F16 ? 2 : 4;
    dn = dt == Type::F16 ? 2 : 4;
  }
  i.vector = static_cast<uint8_t>(an);
  i.order = static_cast<uint8_t>(bn);
  return d.count(4) && d.destinations(0, Type::B32, dn, i.v) &&
         d.sources(1, Type::B32, an, i.v) && d.sources(2, Type::B32, bn, i.v) &&
         d.sources(3, Type::B32, cn, i.v) &&
         use(d, integer ? &execMmaInteger : &execMma);
}

/// ldmatrix and stmatrix: lanes 8j to 8j+7 name the rows of matrix j; lane l
/// holds elements 2(l%4) and the next of row l/4 (.trans: of column l/4).
template <bool Load>
void execMatrix(Warp &w, const Instr &i, uint32_t m) {
  if (!wholeWarp(w, i, m))
    return;
  uint64_t addr[kWarpSize];
  uint8_t *where[kWarpSize];
  addressesOf(w, i, addr);
  uint32_t count = i.vector;
  uint32_t named = count == 4 ? kFull : (1u << (8 * count)) - 1;
  if (!access(w, i, named, i.space, addr, 16,
              (Load ? kRead : kWrite) | kAllLanes, where))
    return;
  for (uint32_t j = 0; j < count; ++j) {
    uint32_t *v = lanes<uint32_t>(w, i.v[j]);
    for (uint32_t l = 0; l < kWarpSize; ++l)
      for (uint32_t e = 0; e < 2; ++e) {
        uint32_t row = l / 4, col = l % 4 * 2 + e;
        if (i.sub)
          std::swap(row, col);
        uint8_t *p = where[8 * j + row] + 2 * col;
        uint16_t half;
        if (Load) {
          memcpy(&half, p, 2);
          v[l] = e ? (v[l] & 0xffff) | uint32_t(half) << 16
                   : (v[l] & 0xffff0000u) | half;
        } else {
          half = uint16_t(v[l] >> (16 * e));
          memcpy(p, &half, 2);
        }
      }
  }
  if (!Load)
    ++w.launch->changes;
}

bool decodeMatrix(Decoder &d) {
  Instr &i = d.instr;
  bool load = d.s.op == "ldmatrix";
  i.flow = Flow::Memory;
  if (!load && d.capability < 90)
    return d.fail("stmatrix needs sm_90");
  if (!d.take(".sync") || !d.take(".aligned") || !d.take(".m8n8"))
    return d.fail("only m8n8 matrices are simulated");
  int n = d.takeOne({".x1", ".x2", ".x4"});
  i.vector = static_cast<uint8_t>(1 << n);
  i.sub = d.take(".trans");
  i.space = d.take(".shared") || d.take(".shared::cta") ? Space::Shared
                                                        : Space::Generic;
  if (n < 0 || d.type() != Type::B16 || !d.count(2) ||
      !d.address(load ? 1 : 0, i.space))
    return false;
  return load ? d.destinations(0, Type::B32, i.vector, i.v) &&
                    use(d, &execMatrix<true>)
              : d.sources(1, Type::B32, i.vector, i.v) &&
                    use(d, &execMatrix<false>);
}

/// Transposes an 8x8 matrix of 16-bit elements in registers.
void execMove(Warp &w, const Instr &i, uint32_t m) {
  if (!wholeWarp(w, i, m))
    return;
  uint16_t t[8][8];
  const uint32_t *a = lanes<uint32_t>(w, i.a);
  for (uint32_t l = 0; l < kWarpSize; ++l)
    for (uint32_t e = 0; e < 2; ++e)
      t[l / 4][l % 4 * 2 + e] = uint16_t(a[l] >> (16 * e));
  uint32_t *d = lanes<uint32_t>(w, i.d);
  for (uint32_t l = 0; l < kWarpSize; ++l)
    d[l] = t[l % 4 * 2][l / 4] | uint32_t(t[l % 4 * 2 + 1][l / 4]) << 16;
}

bool decodeMove(Decoder &d) {
  d.instr.flow = Flow::Memory;
  return d.take(".sync") && d.take(".aligned") && d.take(".m8n8") &&
         d.take(".trans") && d.type() == Type::B16 &&
         d1(d, Type::B32, Type::B32) && use(d, &execMove);
}

} // namespace

void addMatrixDecoders(DecodeTable &t) {
  t["mma"] = decodeMma;
  t["ldmatrix"] = t["stmatrix"] = decodeMatrix;
  t["movmatrix"] = decodeMove;
  t["wgmma"] = [](Decoder &d) { return d.fail("wgmma is not simulated yet"); };
}

} // namespace cudasim
