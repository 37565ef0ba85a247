// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Broadcasts, gathers and transposes within the unified buffer.

#include "families.h"
#include "launch.h"
#include "vector.h"

namespace ascendsim {

namespace {

const uint8_t *readFrom(Instruction &in, int field, uint64_t address,
                        uint64_t bytes, bool &defined) {
  const uint8_t *p = locate(in, field, cce_ub, address, bytes, false);
  defined &= enterRead(in, field, cce_ub, address, bytes);
  return p;
}

void writeTo(Instruction &in, int field, uint64_t address, const void *data,
             uint64_t bytes, bool defined) {
  uint8_t *to = locate(in, field, cce_ub, address, bytes, true);
  enterWrite(in, field, cce_ub, address, bytes, defined);
  memcpy(to, data, bytes);
}

void needApart(Instruction &in, uint64_t a, uint64_t aBytes, uint64_t b,
               uint64_t bBytes) {
  if (a < b + bBytes && b < a + aBytes)
    fail(in, kIllegal,
         "overlap: the destination's bytes from UB 0x%llx lie among the "
         "source's from 0x%llx, and have to be apart",
         static_cast<unsigned long long>(a),
         static_cast<unsigned long long>(b));
}

template <class T>
uint64_t spread(Instruction &in) {
  needAligned(in, 0, 32);
  needAligned(in, 1, 32);
  // A stride of 0 counts as 1 (asc-devkit, Brcb).
  uint64_t blk = in[2] ? in[2] : 1, rep = in[3], repeats = in[4];
  if (!repeats)
    return 0;
  needApart(in, in[0], ((repeats - 1) * rep + 7 * blk + 1) * 32, in[1],
            repeats * 8 * sizeof(T));
  for (uint64_t r = 0; r < repeats; ++r)
    for (uint64_t j = 0; j < 8; ++j) {
      bool defined = true;
      uint64_t from = in[1] + (8 * r + j) * sizeof(T);
      T x, row[32 / sizeof(T)];
      memcpy(&x, readFrom(in, 1, from, sizeof(T), defined), sizeof(T));
      std::fill(std::begin(row), std::end(row), x);
      writeTo(in, 0, in[0] + (r * rep + j * blk) * 32, row, 32, defined);
    }
  in.repeats = static_cast<double>(repeats);
  return 0;
}

uint32_t offsetAt(Instruction &in, uint64_t index) {
  bool defined = true;
  uint64_t at = in[1] + index * 4;
  uint32_t offset;
  memcpy(&offset, readFrom(in, 1, at, 4, defined), 4);
  if (!defined)
    undefinedUse(in, 1, cce_ub, at, "takes as an offset");
  return offset;
}

template <class T>
uint64_t gatherAs(Instruction &in) {
  Plan plan = planOf(in, 4, sizeof(T));
  Operand d{0, in[0], sizeof(T), 1, static_cast<uint32_t>(in[3])};
  needAligned(in, 0, 32);
  needAligned(in, 1, 32);
  for (uint32_t i = 0; i < plan.repeats; ++i)
    for (uint32_t l = 0; l < plan.lanes; ++l) {
      if (!plan.mask(i, l, 1))
        continue;
      uint64_t from = in[2] + offsetAt(in, uint64_t(i) * plan.lanes + l);
      if (from % sizeof(T))
        fail(in, kIllegal,
             "offset %u leads to UB 0x%llx, which is not aligned "
             "to %zu bytes",
             i * plan.lanes + l, static_cast<unsigned long long>(from),
             sizeof(T));
      bool defined = true;
      T x;
      memcpy(&x, readFrom(in, 2, from, sizeof(T), defined), sizeof(T));
      writeTo(in, 0, d.at(i, l), &x, sizeof x, defined);
    }
  in.repeats = plan.repeats;
  return 0;
}

/// Transposes n rows of m elements, given by addresses of rows.
template <class T>
void transposeRows(Instruction &in, const uint64_t *src, const uint64_t *dst,
                   uint64_t sOffset, uint64_t dOffset) {
  constexpr int kRows = 16;
  constexpr int kColumns = sizeof(T) == 1 ? 16 : 32 / sizeof(T);
  T tile[kRows][kColumns];
  bool defined = true;
  for (int k = 0; k < kRows; ++k)
    memcpy(tile[k], readFrom(in, 1, src[k] + sOffset, sizeof tile[k], defined),
           sizeof tile[k]);
  // Sixteen values a column fill one block, or two of 32-bit values.
  constexpr int kPerBlock = std::min<int>(kRows, 32 / sizeof(T));
  for (int j = 0; j < kColumns; ++j)
    for (int part = 0; part < kRows / kPerBlock; ++part) {
      T out[kPerBlock];
      for (int k = 0; k < kPerBlock; ++k)
        out[k] = tile[part * kPerBlock + k][j];
      writeTo(in, 0, dst[j * (kRows / kPerBlock) + part] + dOffset, out,
              sizeof out, defined);
    }
}

} // namespace

uint64_t broadcast(Instruction &in) {
  return typeBytes(in.type(0)) == 2 ? spread<uint16_t>(in)
                                    : spread<uint32_t>(in);
}

uint64_t gather(Instruction &in) {
  return typeBytes(in.type(0)) == 2 ? gatherAs<uint16_t>(in)
                                    : gatherAs<uint32_t>(in);
}

uint64_t gatherBlocks(Instruction &in) {
  needAligned(in, 0, 32);
  uint64_t rep = in[3], blk = in[4] ? in[4] : 1, repeats = in[5];
  for (uint64_t r = 0; r < repeats; ++r)
    for (uint64_t b = 0; b < 8; ++b) {
      uint64_t from = in[2] + offsetAt(in, r * 8 + b);
      if (from % 32)
        fail(in, kIllegal,
             "offset %llu leads to UB 0x%llx, which is not a "
             "multiple of 32",
             static_cast<unsigned long long>(r * 8 + b),
             static_cast<unsigned long long>(from));
      bool defined = true;
      uint8_t block[32];
      memcpy(block, readFrom(in, 2, from, 32, defined), 32);
      writeTo(in, 0, in[0] + (r * rep + b * blk) * 32, block, 32, defined);
    }
  in.repeats = static_cast<double>(repeats);
  return 0;
}

uint64_t transpose(Instruction &in) {
  needAligned(in, 0, 32);
  needAligned(in, 1, 32);
  needApart(in, in[0], 512, in[1], 512);
  uint64_t src[16], dst[16];
  for (uint64_t i = 0; i < 16; ++i) {
    src[i] = in[1] + 32 * i;
    dst[i] = in[0] + 32 * i;
  }
  transposeRows<uint16_t>(in, src, dst, 0, 0);
  in.repeats = 1;
  return 0;
}

uint64_t transposeLists(Instruction &in) {
  uint64_t repeats = in[2], dstStride = in[3] * 32, srcStride = in[4] * 32;
  uint64_t dst[16], src[16];
  uint32_t bytes = typeBytes(in.type(0));
  for (uint64_t i = 0; i < 16; ++i) {
    dst[i] = (*in.addresses)[(in[0] * 8 + i) % 64];
    src[i] = (*in.addresses)[(in[1] * 8 + i) % 64];
    if (dst[i] == ~0ull || src[i] == ~0ull)
      fail(in, kIllegal,
           "a VA register of the list has not been set: "
           "set_va_reg_sb for both pairs");
    if (dst[i] % 32 || src[i] % 32)
      fail(in, kIllegal, "address %llu of a list is not a multiple of 32",
           static_cast<unsigned long long>(i));
  }
  for (uint64_t r = 0; r < repeats; ++r) {
    // One iteration begins at list plus stride, several at the list
    // (asc-devkit, TransDataTo5HD).
    uint64_t step = repeats == 1 ? 1 : r;
    uint64_t s = step * srcStride, d = step * dstStride;
    if (bytes == 1)
      transposeRows<uint8_t>(in, src, dst, s + in[6] * 16, d + in[5] * 16);
    else if (bytes == 2)
      transposeRows<uint16_t>(in, src, dst, s, d);
    else
      transposeRows<uint32_t>(in, src, dst, s, d);
  }
  in.repeats = static_cast<double>(repeats);
  return 0;
}

uint64_t loadAddresses(Instruction &in) {
  needAligned(in, 1, 32);
  bool defined = true;
  const uint8_t *p = readFrom(in, 1, in[1], 32, defined);
  if (!defined)
    undefinedUse(in, 1, cce_ub, firstUndefined(in, cce_ub, in[1], 32),
                 "takes as an address");
  memcpy(&in.core->addresses[in[0] * 8 + in[2] * 4], p, 32);
  return 0;
}

} // namespace ascendsim
