// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrices on their way to the cube: GM to L1, L1 to L0A and L0B, fills,
// bias and quantisation tables.

#include "families.h"
#include "launch.h"
#include "move.h"
#include "numeric.h"

#include <cstring>

namespace ascendsim {

namespace {

cce_space spaceOf(const Instruction &in, int field) {
  return in.spec->fields[static_cast<size_t>(field)].space;
}

/// Gathered bytes, and whether each is defined.
struct Piece {
  std::vector<uint8_t> data, defined;
  explicit Piece(uint64_t bytes) : data(bytes), defined(bytes, 1) {}

  void take(Instruction &in, uint64_t at, cce_space space, uint64_t from,
            uint64_t bytes) {
    const uint8_t *p = locate(in, 1, space, from, bytes, false);
    bool all = enterRead(in, 1, space, from, bytes);
    memcpy(&data[at], p, bytes);
    for (uint64_t i = 0; !all && i < bytes; ++i)
      defined[at + i] = isDefined(in, space, from + i, 1);
  }
  void put(Instruction &in, cce_space space, uint64_t to) const {
    uint8_t *p = locate(in, 0, space, to, data.size(), true);
    bool all = std::find(defined.begin(), defined.end(), 0) == defined.end();
    enterWrite(in, 0, space, to, data.size(), all);
    memcpy(p, data.data(), data.size());
    for (uint64_t i = 0; !all && i < data.size(); ++i)
      define(in, space, to + i, 1, defined[i]);
  }
  /// Rows and columns exchanged: element (r, c) of a matrix with that many
  /// columns, into one with \p rows columns.
  Piece transposed(uint32_t rows, uint32_t columns, uint32_t bytes) const {
    Piece out(data.size());
    for (uint32_t r = 0; r < rows; ++r)
      for (uint32_t c = 0; c < columns; ++c)
        for (uint32_t b = 0; b < bytes; ++b) {
          uint32_t from = (r * columns + c) * bytes + b,
                   to = (c * rows + r) * bytes + b;
          out.data[to] = data[from];
          out.defined[to] = defined[from];
        }
    return out;
  }
};

} // namespace

uint64_t loadFractals(Instruction &in) {
  uint64_t s = typeBytes(in.type(0)), c0 = 32 / s;
  uint64_t matrices = in[3], rows = in[4], columns = in[5];
  needAligned(in, 0, 32);
  for (uint64_t d = 0; d < matrices; ++d)
    for (uint64_t r = 0; r < rows; ++r) {
      uint64_t from = in[1] + (d * in[6] + r * in[7]) * s;
      if (!columns)
        continue;
      const uint8_t *data = locate(in, 1, cce_gm, from, columns * s, false);
      bool all = enterRead(in, 1, cce_gm, from, columns * s);
      in.bytes += static_cast<double>(columns * s);
      in.noteOutside(from, columns * s);
      for (uint64_t c = 0; c < columns; c += c0) {
        uint64_t to =
            in[0] + d * in[10] * s + c / c0 * in[8] * 32 + r * in[9] * 32;
        uint64_t n = std::min(c0, columns - c) * s;
        uint8_t *p = locate(in, 0, cce_l1, to, 32, true);
        // The last block's tail is zero (asc-devkit, nd2nz).
        enterWrite(in, 0, cce_l1, to, 32, true);
        memset(p, 0, 32);
        memcpy(p, data + c * s, n);
        if (!all)
          copyDefined(in, cce_l1, to, cce_gm, from + c * s, n);
      }
    }
  return 0;
}

uint64_t loadFractal(Instruction &in) {
  cce_space dst = spaceOf(in, 0);
  needAligned(in, 0, kFractalBytes);
  needAligned(in, 1, 32);
  bool transposes = in[7];
  uint32_t s = typeBytes(in.type(0));
  if (transposes && s != 2)
    fail(in, kIllegal,
         "transposes elements of %u bytes: 16-bit ones only; "
         "load_cbuf_to_c*_transpose for others",
         s);
  for (uint64_t i = 0; i < in[3]; ++i) {
    uint64_t step = i * in[4] * kFractalBytes;
    uint64_t from = in[1] + in[2] * kFractalBytes + (in[8] ? -step : step);
    uint64_t to = in[0] + i * (1 + in[5]) * kFractalBytes;
    if (!transposes) {
      moveBytes(in, dst, to, cce_l1, from, kFractalBytes);
      continue;
    }
    Piece piece(kFractalBytes);
    piece.take(in, 0, cce_l1, from, kFractalBytes);
    piece.transposed(16, 16, 2).put(in, dst, to);
    in.bytes += kFractalBytes;
  }
  return 0;
}

uint64_t loadTransposed(Instruction &in) {
  cce_space dst = spaceOf(in, 0);
  needAligned(in, 0, kFractalBytes);
  needAligned(in, 1, 32);
  uint32_t s = typeBytes(in.type(0)), c0 = 32 / s;
  // A square: 32 x 32 bytes, 16 x 16 of 2 bytes, 16 x 16 of 4 bytes.
  uint32_t edge = s == 1 ? 32 : 16;
  uint64_t square = uint64_t(edge) * edge * s;
  for (uint64_t i = 0; i < in[3]; ++i) {
    uint64_t step = i * in[4] * square;
    uint64_t from = in[1] + in[2] * square + (in[6] ? -step : step);
    Piece piece(square);
    piece.take(in, 0, cce_l1, from, square);
    in.bytes += static_cast<double>(square);
    // Fractals of the square stand one after the other: of bytes below each
    // other, of 4 bytes side by side.
    Piece rows(square);
    for (uint32_t r = 0; r < edge; ++r)
      for (uint32_t b = 0; b < edge * s; ++b) {
        uint32_t c = b / 32;
        uint32_t at = (c * edge + r) * 32 + b % 32;
        rows.data[r * edge * s + b] = piece.data[at];
        rows.defined[r * edge * s + b] = piece.defined[at];
      }
    Piece turned = rows.transposed(edge, edge, s);
    for (uint64_t f = 0; f < square / kFractalBytes; ++f) {
      Piece fractal(kFractalBytes);
      for (uint32_t r = 0; r < 16; ++r)
        for (uint32_t c = 0; c < c0 * s; ++c) {
          uint64_t row = s == 1 ? f * 16 + r : r;
          uint64_t column = s == 4 ? f * 32 + c : c;
          fractal.data[r * 32 + c] = turned.data[row * edge * s + column];
          fractal.defined[r * 32 + c] = turned.defined[row * edge * s + column];
        }
      fractal.put(in, dst,
                  in[0] + i * (1 + in[5]) * kFractalBytes +
                      f * (1 + in[7]) * kFractalBytes);
    }
  }
  return 0;
}

uint64_t imageToColumns(Instruction &in) {
  cce_space dst = spaceOf(in, 0);
  needAligned(in, 0, kFractalBytes);
  needAligned(in, 1, 32);
  uint32_t s = typeBytes(in.type(0)), c0 = 32 / s;
  uint64_t stepK = in[2], stepM = in[3], posK = in[4], posM = in[5];
  uint64_t map = in[15] ? in.registers->fmatrixB : in.registers->fmatrix;
  int64_t width = map & 0xffff, height = map >> 16 & 0xffff;
  int64_t padLeft = map >> 32 & 0xff, padRight = map >> 40 & 0xff,
          padTop = map >> 48 & 0xff, padBottom = map >> 56 & 0xff;
  int64_t strideW = static_cast<int64_t>(in[6]),
          strideH = static_cast<int64_t>(in[7]);
  int64_t kernelW = static_cast<int64_t>(in[8]),
          kernelH = static_cast<int64_t>(in[9]);
  int64_t dilW = static_cast<int64_t>(in[10]),
          dilH = static_cast<int64_t>(in[11]);
  uint64_t channels = in[16];
  bool transposes = in[14];
  if (!width || !height)
    fail(in, kIllegal,
         "set_fmatrix%s has not given the image's width and "
         "height",
         in[15] ? "_b" : "");
  if (!strideW || !strideH || !kernelW || !kernelH || !dilW || !dilH)
    fail(in, kIllegal, "strides, kernel sizes and dilations are at least 1");
  if (stepK % c0 || stepM % 16 || posK % c0 || posM % 16 || channels % c0)
    fail(in, kIllegal,
         "stepK, posK and channels are multiples of %u, stepM and "
         "posM of 16",
         c0);
  int64_t outWidth =
      (width + padLeft + padRight - dilW * (kernelW - 1) - 1) / strideW + 1;
  // Element (r, c): position r of the image, channel and kernel position c.
  Piece out(stepM * stepK * s);
  uint64_t outK = transposes ? stepM : stepK, outM = transposes ? stepK : stepM;
  uint64_t outK1 = (outK + c0 - 1) / c0, outM1 = (outM + 15) / 16;
  out = Piece(outK1 * outM1 * kFractalBytes);
  for (uint64_t r = 0; r < stepM; ++r)
    for (uint64_t cBlock = 0; cBlock < stepK; cBlock += c0) {
      int64_t position = static_cast<int64_t>(posM + r);
      uint64_t k1 = (posK + cBlock) / c0;
      int64_t kw = static_cast<int64_t>(k1) % kernelW,
              kh = static_cast<int64_t>(k1) / kernelW % kernelH,
              channel1 = static_cast<int64_t>(k1) / (kernelW * kernelH);
      int64_t h = position / outWidth * strideH - padTop + kh * dilH,
              w = position % outWidth * strideW - padLeft + kw * dilW;
      bool inside = h >= 0 && h < height && w >= 0 && w < width;
      Piece block(32);
      if (inside)
        block.take(
            in, 0, cce_l1,
            in[1] +
                static_cast<uint64_t>((channel1 * height + h) * width + w) * 32,
            32);
      else if (h >= height + padBottom ||
               position / outWidth * strideH >= height + padTop + padBottom)
        std::fill(block.defined.begin(), block.defined.end(), 0);
      for (uint64_t c = cBlock; c < cBlock + c0; ++c) {
        uint64_t m = transposes ? c : r, k = transposes ? r : c;
        uint64_t fractal =
            dst == cce_l0a ? m / 16 * outK1 + k / c0 : k / c0 * outM1 + m / 16;
        uint64_t to = fractal * kFractalBytes + (m % 16 * c0 + k % c0) * s;
        for (uint32_t b = 0; b < s; ++b) {
          out.data[to + b] = block.data[(c - cBlock) * s + b];
          out.defined[to + b] = block.defined[(c - cBlock) * s + b];
        }
      }
    }
  out.put(in, dst, in[0]);
  in.bytes += static_cast<double>(out.data.size());
  return 0;
}

uint64_t fill(Instruction &in) {
  cce_space dst = spaceOf(in, 0);
  uint64_t unit = dst == cce_l1 ? 32 : kFractalBytes;
  needAligned(in, 0, unit);
  uint64_t config = in[1], repeats = config & 0x7fff,
           count = config >> 16 & 0x7fff, gap = config >> 32 & 0x7fff;
  uint32_t s = typeBytes(in.type(0));
  for (uint64_t i = 0; i < repeats; ++i) {
    uint64_t to = in[0] + i * (count + gap) * unit, bytes = count * unit;
    uint8_t *p = locate(in, 0, dst, to, bytes, true);
    enterWrite(in, 0, dst, to, bytes, true);
    for (uint64_t b = 0; b < bytes; ++b)
      p[b] = static_cast<uint8_t>(in[2] >> (b % s * 8));
    in.bytes += static_cast<double>(bytes);
  }
  return 0;
}

uint64_t loadBias(Instruction &in) {
  needAligned(in, 0, 64);
  needAligned(in, 1, 32);
  bool widens = in[2];
  if (widens && in.type(1) != cce_f16)
    fail(in, kIllegal, "convControl widens f16, and the source is %s",
         typeName(in.type(1)));
  for (uint64_t i = 0; i < in[3]; ++i) {
    uint64_t bytes = in[4] * 64, from = in[1] + i * (in[4] + in[5]) * 64;
    uint64_t grow = widens ? 2 : 1;
    uint64_t to = in[0] + i * (in[4] * grow + in[6]) * 64;
    if (!widens) {
      moveBytes(in, cce_bt, to, cce_l1, from, bytes);
      continue;
    }
    Piece half(bytes), whole(bytes * 2);
    half.take(in, 0, cce_l1, from, bytes);
    for (uint64_t e = 0; e < bytes / 2; ++e) {
      f16 x;
      memcpy(&x, &half.data[2 * e], 2);
      float y = static_cast<float>(x);
      memcpy(&whole.data[4 * e], &y, 4);
      for (uint64_t b = 0; b < 4; ++b)
        whole.defined[4 * e + b] =
            half.defined[2 * e] & half.defined[2 * e + 1];
    }
    whole.put(in, cce_bt, to);
    in.bytes += static_cast<double>(bytes);
  }
  return 0;
}

uint64_t loadQuant(Instruction &in) {
  needAligned(in, 0, 128);
  needAligned(in, 1, 32);
  for (uint64_t i = 0; i < in[2]; ++i)
    moveBytes(in, cce_fb, in[0] + i * (in[3] + in[5]) * 128, cce_l1,
              in[1] + i * (in[3] + in[4]) * 128, in[3] * 128);
  return 0;
}

} // namespace ascendsim
