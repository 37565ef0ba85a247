// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mma.sync against exact sums, and matrices to and from shared memory.

#include "sim.h"

#include <cmath>

using namespace simtest;

namespace {

/// A and B as numbers, their fragments as registers: the layouts of the PTX
/// manual, written out per element.
class Matrix : public Sim {
protected:
  struct Shape {
    std::string type; // bf16, f16, tf32
    int k;
  };
  static double round(const std::string &type, double v) {
    float f = float(v);
    uint32_t b;
    memcpy(&b, &f, 4);
    b &= type == "bf16" ? 0xffff0000 : 0xffffe000;
    memcpy(&f, &b, 4);
    return f;
  }
  static uint32_t encode(const std::string &type, double v) {
    float f = float(v);
    uint32_t b;
    memcpy(&b, &f, 4);
    if (type == "bf16")
      return b >> 16;
    if (type == "tf32")
      return b;
    // Normal f16 numbers only.
    return v == 0 ? 0
                  : (b >> 16 & 0x8000) | (((b >> 23 & 255) - 112) << 10) |
                        (b >> 13 & 0x3ff);
  }

  void check(const Shape &s, double scale) {
    int k = s.k, per = s.type == "tf32" ? 1 : 2;
    std::mt19937 random(static_cast<unsigned>(k));
    auto number = [&] {
      double v = double(int(random() % 4096) - 2048) / 512;
      return round(s.type, v * std::exp2(int(random() % 8)) * scale);
    };
    std::vector<double> a(16 * k), b(k * 8);
    std::vector<float> c(16 * 8);
    for (double &v : a)
      v = number();
    for (double &v : b)
      v = number();
    for (float &v : c)
      v = float(number() * 1.234567);
    int an = 2 * k / (4 * per), bn = k / (4 * per);
    std::vector<uint32_t> in;
    for (int lane = 0; lane < 32; ++lane) {
      int g = lane / 4, t = lane % 4;
      for (int r = 0; r < an; ++r) {
        uint32_t reg = 0;
        for (int e = 0; e < per; ++e)
          reg |=
              encode(s.type,
                     a[(g + 8 * (r % 2)) * k + t * per + e + 4 * per * (r / 2)])
              << 16 * e;
        in.push_back(reg);
      }
      for (int r = 0; r < bn; ++r) {
        uint32_t reg = 0;
        for (int e = 0; e < per; ++e)
          reg |= encode(s.type, b[(t * per + e + 4 * per * r) * 8 + g])
                 << 16 * e;
        in.push_back(reg);
      }
      for (int r = 0; r < 4; ++r) {
        uint32_t reg;
        memcpy(&reg, &c[(g + 8 * (r / 2)) * 8 + t * 2 + r % 2], 4);
        in.push_back(reg);
      }
    }
    Buffer bi(in), bo(32 * 4 * 4);
    std::string regs[3], loads;
    int at = 0;
    const int sizes[3] = {an, bn, 4};
    for (int part = 0; part < 3; ++part)
      for (int r = 0; r < sizes[part]; ++r, ++at) {
        std::string name = "%r" + std::to_string(at + 4);
        regs[part] += (r ? ", " : "") + name;
        loads += "ld.global.b32 " + name + ", [%x0+" + std::to_string(4 * at) +
                 "];\n";
      }
    // Accumulators are .f32 registers.
    std::string text = R"(
.visible .entry k(.param .u64 p, .param .u64 q) {
  .reg .b32 %r<20>; .reg .f32 %f<8>; .reg .b64 %x<4>;
  mov.u32 %r0, %tid.x;
  ld.param.u64 %x0, [p]; ld.param.u64 %x1, [q];
  mad.wide.u32 %x0, %r0, )" +
                       std::to_string(4 * at) +
                       R"(, %x0;
  mad.wide.u32 %x1, %r0, 16, %x1;
)" + loads;
    for (int r = 0; r < 4; ++r)
      text += "mov.b32 %f" + std::to_string(4 + r) + ", %r" +
              std::to_string(4 + an + bn + r) + ";\n";
    text += "mma.sync.aligned.m16n8k" + std::to_string(k) + ".row.col.f32." +
            s.type + "." + s.type + ".f32 {%f0, %f1, %f2, %f3}, {" + regs[0] +
            "}, {" + regs[1] +
            "}, {%f4, %f5, %f6, %f7};\n"
            "st.global.v4.f32 [%x1], {%f0, %f1, %f2, %f3};\nret;\n}\n";
    ASSERT_EQ(run(text, 1, 32, 0, bi.address, bo.address), CUDA_SUCCESS)
        << report();
    auto d = bo.read<float>();
    for (int lane = 0; lane < 32; ++lane)
      for (int r = 0; r < 4; ++r) {
        int row = lane / 4 + 8 * (r / 2), col = lane % 4 * 2 + r % 2;
        // Products have at most 22 bits and little spread: exact in 64.
        long double sum = c[row * 8 + col];
        for (int x = 0; x < k; ++x)
          sum += static_cast<long double>(a[row * k + x]) * b[x * 8 + col];
        float want = float(sum);
        if (std::fabs(static_cast<long double>(want)) > std::fabs(sum))
          want = std::nextafter(want, 0.0f);
        ASSERT_EQ(d[lane * 4 + r], want)
            << s.type << " k" << k << " at " << row << "," << col;
      }
  }
};

TEST_F(Matrix, SumsAreExactAndRoundedTowardZero) {
  check({"bf16", 16}, 1);
  check({"bf16", 8}, 1);
  check({"f16", 16}, 1);
  check({"f16", 8}, 0.25);
  check({"tf32", 8}, 1);
  check({"tf32", 4}, 1);
}

TEST_F(Matrix, FarApartTermsNeedTheSlowSum) {
  // 2^100 - 2^100 + 2^-100 in one product row: only an exact sum keeps it.
  Buffer out(128 * 4);
  ASSERT_EQ(run(R"(
.visible .entry k(.param .u64 q) {
  .reg .b32 %r<9>; .reg .f32 %f<8>; .reg .b64 %x<4>; .reg .pred %p<4>;
  mov.u32 %r0, %tid.x;
  ld.param.u64 %x1, [q];
  mad.wide.u32 %x1, %r0, 16, %x1;
  mov.b32 %r1, 0; mov.b32 %r2, 0; mov.b32 %r3, 0;
  mov.f32 %f4, 0f00000000;
  setp.eq.u32 %p0, %r0, 0;
  @%p0 mov.b32 %r1, 0x71807180;  // 2^100 twice
  @%p0 mov.b32 %r3, 0xBF803F80;  // 1 and -1
  @%p0 mov.f32 %f4, 0f0D800000;  // 2^-100
  mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32 {%f0, %f1, %f2, %f3},
    {%r1, %r2}, {%r3}, {%f4, %f4, %f4, %f4};
  st.global.v4.f32 [%x1], {%f0, %f1, %f2, %f3};
  ret;
})",
                1, 32, 0, out.address),
            CUDA_SUCCESS)
      << report();
  EXPECT_EQ(out.read<float>()[0], 0x1p-100f);
}

TEST_F(Matrix, IntegerProducts) {
  Buffer out(128 * 4);
  ASSERT_EQ(run(R"(
.visible .entry k(.param .u64 q) {
  .reg .b32 %r<12>; .reg .b64 %x<4>;
  mov.u32 %r0, %tid.x;
  ld.param.u64 %x1, [q];
  mad.wide.u32 %x1, %r0, 16, %x1;
  mov.b32 %r1, 0xff02ff02;  // 2 and -1
  mov.b32 %r2, 0x03030303;
  mov.b32 %r3, 10;
  mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%r4, %r5, %r6, %r7},
    {%r1, %r1, %r1, %r1}, {%r2, %r2}, {%r3, %r3, %r3, %r3};
  st.global.v4.u32 [%x1], {%r4, %r5, %r6, %r7};
  ret;
})",
                1, 32, 0, out.address),
            CUDA_SUCCESS)
      << report();
  EXPECT_EQ(out.read<int>(), std::vector<int>(128, 10 + 32 * 3 / 2));
}

TEST_F(Matrix, LoadStoreTranspose) {
  // Four 8x8 matrices in, transposed in registers, out.
  std::vector<uint16_t> in(256);
  for (size_t i = 0; i < 256; ++i)
    in[i] = uint16_t(i);
  Buffer bi(in), bo(512);
  auto text = [](const std::string &sync, const std::string &trans) {
    return R"(
.visible .entry k(.param .u64 p, .param .u64 q) {
  .reg .b32 %r<12>; .reg .b64 %x<4>;
  .shared .align 16 .b8 s[512];
  .shared .align 16 .b8 t[512];
  mov.u32 %r0, %tid.x;
  ld.param.u64 %x0, [p]; ld.param.u64 %x1, [q];
  mad.wide.u32 %x0, %r0, 16, %x0;
  mad.wide.u32 %x1, %r0, 16, %x1;
  mov.u32 %r1, s; mad.lo.u32 %r1, %r0, 16, %r1;
  mov.u32 %r2, t; mad.lo.u32 %r2, %r0, 16, %r2;
  ld.global.v4.b32 {%r4, %r5, %r6, %r7}, [%x0];
  st.shared.v4.b32 [%r1], {%r4, %r5, %r6, %r7};
  )" + sync +
           R"(
  ldmatrix.sync.aligned.m8n8.x4)" +
           trans + R"(.shared.b16 {%r4, %r5, %r6, %r7}, [%r1];
  movmatrix.sync.aligned.m8n8.trans.b16 %r4, %r4;
  stmatrix.sync.aligned.m8n8.x4.shared.b16 [%r2], {%r4, %r5, %r6, %r7};
  bar.warp.sync -1;
  ld.shared.v4.b32 {%r4, %r5, %r6, %r7}, [%r2];
  st.global.v4.b32 [%x1], {%r4, %r5, %r6, %r7};
  ret;
})";
  };
  for (bool trans : {false, true}) {
    ASSERT_EQ(run(text("bar.warp.sync -1;", trans ? ".trans" : ""), 1, 32, 0,
                  bi.address, bo.address),
              CUDA_SUCCESS)
        << report();
    auto v = bo.read<uint16_t>();
    for (int m = 0; m < 4; ++m)
      for (int r = 0; r < 8; ++r)
        for (int c = 0; c < 8; ++c) {
          bool flipped = trans != (m == 0);
          EXPECT_EQ(v[m * 64 + r * 8 + c],
                    m * 64 + (flipped ? c * 8 + r : r * 8 + c));
        }
  }
  EXPECT_EQ(run(text("", ""), 1, 32, 0, bi.address, bo.address),
            CUDA_ERROR_LAUNCH_FAILED);
  EXPECT_EQ(report().substr(0, 6), "race: ");
}

} // namespace
