// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels of cube cores against plain matrix products.

#include "sim.h"

#include <chrono>
#include <cmath>
#include <functional>

using namespace simtest;

namespace {

/// Small whole numbers, so that sums are exact in any order.
template <class T>
std::vector<T> wholes(size_t n, unsigned seed, int range = 4) {
  std::mt19937 random(seed);
  std::vector<T> v(n);
  for (T &x : v)
    x = static_cast<T>(
        static_cast<float>(int(random() % (2 * range + 1)) - range));
  return v;
}
float number(f16 x) { return x; }
float number(float x) { return x; }
float number(int8_t x) { return x; }

class Cube : public Sim {
protected:
  enum Layout { kRows, kColumns };
  /// 32 x 32 x 32; A and B as stored, element by element.
  template <class O, class T>
  void expectTile(const std::string &name, Layout a, Layout b,
                  const std::function<O(float)> &convert) {
    auto x = wholes<T>(1024, 1), y = wholes<T>(1024, 2);
    Buffer dx(x), dy(y), dz(1024 * sizeof(O)), dd(std::vector<float>(1024, 0));
    ASSERT_EQ(launch(kernel("cube.cce", "cube", name), 1, dx, dy, dz, dd),
              ACL_SUCCESS)
        << report();
    auto z = dz.read<O>();
    for (int m = 0; m < 32; ++m)
      for (int n = 0; n < 32; ++n) {
        float sum = 0;
        for (int k = 0; k < 32; ++k)
          sum += number(a == kRows ? x[m * 32 + k] : x[k * 32 + m]) *
                 number(b == kRows ? y[k * 32 + n] : y[n * 32 + k]);
        ASSERT_EQ(z[m * 32 + n], convert(sum)) << name << " " << m << ", " << n;
      }
  }
  void expectMatmul(int64_t M, int64_t N, int64_t K, uint32_t blocks) {
    auto a = wholes<f16>(M * K, 1), b = wholes<f16>(K * N, 2);
    Buffer da(a), db(b), dc(M * N * 2);
    ASSERT_EQ(launch(kernel("cube.cce", "cube", "matmul"), blocks, da, db, dc,
                     M, N, K),
              ACL_SUCCESS)
        << report();
    auto c = dc.read<f16>();
    for (int64_t m = 0; m < M; ++m)
      for (int64_t n = 0; n < N; ++n) {
        float sum = 0;
        for (int64_t k = 0; k < K; ++k)
          sum += float(a[m * K + k]) * float(b[k * N + n]);
        ASSERT_EQ(c[m * N + n], f16(sum)) << m << ", " << n;
      }
  }
};

TEST_F(Cube, MultipliesWholeTiles) { expectMatmul(128, 256, 512, 1); }
TEST_F(Cube, MultipliesRaggedTiles) { expectMatmul(150, 300, 100, 3); }
TEST_F(Cube, MultipliesSmallTiles) { expectMatmul(17, 19, 33, 1); }
TEST_F(Cube, MultipliesOneRow) { expectMatmul(1, 40, 64, 1); }

TEST_F(Cube, TypesAndLayouts) {
  auto same = [](float x) { return x; };
  auto whole = [](float x) { return static_cast<int32_t>(x); };
  expectTile<float, f16>("half_columns", kRows, kColumns, same);
  expectTile<float, float>("singles", kRows, kColumns, same);
  expectTile<int32_t, int8_t>("bytes", kRows, kColumns, whole);
  expectTile<float, f16>("half_images", kColumns, kRows, same);
  expectTile<float, float>("single_images", kColumns, kRows, same);
  expectTile<int32_t, int8_t>("bytes_turned", kRows, kRows, whole);
  expectTile<float, f16>("unit_flags", kRows, kColumns, same);
}

TEST_F(Cube, BrainFloats) {
  auto x = wholes<float>(1024, 1), y = wholes<float>(1024, 2);
  std::vector<uint16_t> bx(1024), by(1024);
  for (size_t i = 0; i < 1024; ++i) {
    bx[i] = static_cast<uint16_t>(std::bit_cast<uint32_t>(x[i]) >> 16);
    by[i] = static_cast<uint16_t>(std::bit_cast<uint32_t>(y[i]) >> 16);
  }
  Buffer dx(bx), dy(by), dz(2048), dd(std::vector<float>(1024, 0));
  ASSERT_EQ(launch(kernel("cube.cce", "cube", "brain"), 1, dx, dy, dz, dd),
            ACL_SUCCESS)
      << report();
  auto z = dz.read<uint16_t>();
  for (int m = 0; m < 32; ++m)
    for (int n = 0; n < 32; ++n) {
      float sum = 0;
      for (int k = 0; k < 32; ++k)
        sum += x[m * 32 + k] * y[n * 32 + k];
      float got = std::bit_cast<float>(uint32_t(z[m * 32 + n]) << 16);
      ASSERT_NEAR(got, sum, std::fabs(sum) / 256);
    }
}

TEST_F(Cube, FixpipeConverts) {
  expectTile<f16, f16>("with_relu", kRows, kColumns,
                       [](float x) { return f16(std::max(x, 0.0f)); });
  // The scale is 2^-7.
  expectTile<int8_t, int8_t>("requantised", kRows, kColumns, [](float x) {
    return static_cast<int8_t>(std::nearbyint(x / 128));
  });
}

TEST_F(Cube, FixpipeWritesFractals) {
  auto x = wholes<f16>(1024, 1), y = wholes<f16>(1024, 2);
  Buffer dx(x), dy(y), dz(2048), dd(std::vector<float>(1024, 0));
  ASSERT_EQ(
      launch(kernel("cube.cce", "cube", "fractals_out"), 1, dx, dy, dz, dd),
      ACL_SUCCESS)
      << report();
  auto z = dz.read<f16>();
  for (int m = 0; m < 32; ++m)
    for (int n = 0; n < 32; ++n) {
      float sum = 0;
      for (int k = 0; k < 32; ++k)
        sum += float(x[m * 32 + k]) * float(y[n * 32 + k]);
      ASSERT_EQ(z[n / 16 * 512 + m * 16 + n % 16], f16(sum));
    }
}

TEST_F(Cube, BiasThenAccumulation) {
  auto x = wholes<f16>(1024, 1), y = wholes<f16>(1024, 2);
  auto bias = wholes<float>(1024, 3, 50);
  Buffer dx(x), dy(y), dz(4096), dd(bias);
  ASSERT_EQ(launch(kernel("cube.cce", "cube", "with_bias"), 1, dx, dy, dz, dd),
            ACL_SUCCESS)
      << report();
  auto z = dz.read<float>();
  for (int m = 0; m < 32; ++m)
    for (int n = 0; n < 32; ++n) {
      float sum = bias[n];
      for (int k = 0; k < 32; ++k)
        sum += 2 * float(x[m * 32 + k]) * float(y[n * 32 + k]);
      ASSERT_EQ(z[m * 32 + n], sum);
    }
}

TEST_F(Cube, ChainsThroughL1) {
  auto x = wholes<f16>(1024, 1, 1), y = wholes<f16>(1024, 2, 1);
  Buffer dx(x), dy(y), dz(4096), dd(std::vector<float>(1024, 0));
  ASSERT_EQ(launch(kernel("cube.cce", "cube", "chained"), 1, dx, dy, dz, dd),
            ACL_SUCCESS)
      << report();
  auto z = dz.read<float>();
  std::vector<float> t(1024), u(1024);
  for (int m = 0; m < 32; ++m)
    for (int n = 0; n < 32; ++n)
      for (int k = 0; k < 32; ++k)
        t[m * 32 + n] += float(x[m * 32 + k]) * float(y[n * 32 + k]);
  for (int m = 0; m < 32; ++m)
    for (int n = 0; n < 32; ++n)
      for (int k = 0; k < 32; ++k)
        u[m * 32 + n] += t[m * 32 + k] * float(y[n * 32 + k]);
  EXPECT_EQ(z, u);
}

TEST_F(Cube, OneRowReadsAUnblocked) {
  auto x = wholes<f16>(1024, 1), y = wholes<f16>(1024, 2);
  Buffer dx(x), dy(y), dz(4096), dd(std::vector<float>(1024, 0));
  auto f = kernel("cube.cce", "cube", "one_row");
  ASSERT_EQ(launch(f, 1, dx, dy, dz, dd), ACL_SUCCESS) << report();
  auto z = dz.read<float>();
  for (int n = 0; n < 32; ++n) {
    float sum = 0;
    for (int k = 0; k < 32; ++k)
      sum += float(x[k]) * float(y[n * 32 + k]);
    ASSERT_EQ(z[n], sum);
  }
  set("GEMEL_ASCEND_SIM_GEMV", "refuse");
  EXPECT_EQ(launch(f, 1, dx, dy, dz, dd), ACL_ERROR_RT_AICORE_EXCEPTION);
  EXPECT_NE(report().find("pass m = 16"), std::string::npos);
}

TEST_F(Cube, ElementsBeyondKAreIgnored) {
  auto x = wholes<f16>(1024, 1), y = wholes<f16>(1024, 2);
  Buffer dx(x), dy(y), dz(4096), dd(std::vector<float>(1024, 0));
  ASSERT_EQ(launch(kernel("cube.cce", "cube", "padded_k"), 1, dx, dy, dz, dd),
            ACL_SUCCESS)
      << report();
  auto z = dz.read<float>();
  float sum = 0;
  for (int k = 0; k < 20; ++k)
    sum += float(x[k]) * float(y[k]);
  EXPECT_EQ(z[0], sum);
}

TEST_F(Cube, TheOrderOfSumsIsOfTheSeed) {
  const int64_t M = 16, N = 16, K = 512;
  auto a = halves(M * K, 1), b = halves(K * N, 2);
  auto run = [&](const char *seed) {
    set("GEMEL_ASCEND_SIM_SEED", seed);
    Buffer da(a), db(b), dc(M * N * 2);
    EXPECT_EQ(
        launch(kernel("cube.cce", "cube", "matmul"), 1, da, db, dc, M, N, K),
        ACL_SUCCESS)
        << report();
    return dc.read<f16>();
  };
  auto first = run("11"), second = run("12");
  EXPECT_EQ(first, run("11"));
  for (size_t i = 0; i < first.size(); ++i)
    EXPECT_NEAR(float(first[i]), float(second[i]), 0.1);
}

TEST_F(Cube, SimulatesAMatmulInAboutASecond) {
  const int64_t M = 512, N = 512, K = 512;
  auto a = halves(M * K, 1), b = halves(K * N, 2);
  Buffer da(a), db(b), dc(M * N * 2);
  auto f = kernel("cube.cce", "cube", "matmul");
  auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(launch(f, 8, da, db, dc, M, N, K), ACL_SUCCESS) << report();
  printf("matmul of 512^3: %.2f s\n",
         std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
             .count());
}

const char kTile[] = "__cbuf__ half *a1 = (__cbuf__ half *)(uintptr_t)0;"
                     "__ca__ half *a0 = (__ca__ half *)(uintptr_t)0;"
                     "__cb__ half *b0 = (__cb__ half *)(uintptr_t)0;"
                     "__cc__ float *c = (__cc__ float *)(uintptr_t)0;"
                     "set_nd_para(1 | 1 << 16 | 1ull << 32);\n"
                     "create_ca_matrix(a0, 1 | 4 << 16, (half)1.0f);"
                     "create_cb_matrix(b0, 1 | 4 << 16, (half)1.0f);"
                     "pipe_barrier(PIPE_ALL);\n";
const char kMad[] = "mad(c, a0, b0, 32, 32, 32, 0, false, false, true);\n";
const char kOut[] = "copy_matrix_cc_to_gm(y, c, 0, 32, 32, 32, 32, 0, NoQuant, "
                    "0, false, true);\n";

class CubeCheck : public Cube {
protected:
  aclError run(const std::string &body) {
    Buffer y(4096);
    return launch(kernelOf("__gm__ float *y", kTile + body, "cube"), 1, y);
  }
  void expectReport(const std::string &body, const std::string &what,
                    aclError code = ACL_ERROR_RT_AICORE_EXCEPTION) {
    EXPECT_EQ(run(body), code);
    if (!getenv("GEMEL_ASCEND_SIM_SEED"))
      EXPECT_NE(report().find(what), std::string::npos) << report();
    call<void>("gemelAscendSimReset");
  }
  void expectNeeds(const std::string &before, const std::string &needed,
                   const std::string &after, const std::string &what) {
    EXPECT_EQ(run(before + needed + after), ACL_SUCCESS) << report();
    expectReport(before + after, what);
  }
};

TEST_F(CubeCheck, MadToFixpipeNeedsAFlag) {
  expectNeeds(
      kMad, "set_flag(PIPE_M, PIPE_FIX, 0); wait_flag(PIPE_M, PIPE_FIX, 0);\n",
      kOut, "race: 'src' reads L0C 0x0, which mad at line 4 (PIPE_M)");
}

TEST_F(CubeCheck, SmallMadsNeedABarrier) {
  expectNeeds(kMad, "pipe_barrier(PIPE_M);\n",
              "mad(c, a0, b0, 32, 32, 32, 0, false, false, false);\n",
              "put pipe_barrier(PIPE_M) between them");
}

TEST_F(CubeCheck, LoadsNeedAFlag) {
  expectNeeds("create_cbuf_matrix(a1, 1 | 64 << 16, (half)1.0f);\n",
              "set_flag(PIPE_MTE2, PIPE_MTE1, 0); wait_flag(PIPE_MTE2, "
              "PIPE_MTE1, 0);\n",
              "load_cbuf_to_ca(a0, a1, 0, 4, 1, 0, 0, false, inc);\n",
              "race: 'src' reads L1 0x0, which create_cbuf_matrix");
  expectNeeds(
      "create_ca_matrix(a0, 1 | 4 << 16, (half)1.0f);\n",
      "set_flag(PIPE_MTE1, PIPE_M, 0); wait_flag(PIPE_MTE1, PIPE_M, 0);\n",
      kMad, "race: 'a' reads L0A 0x0, which create_ca_matrix");
}

TEST_F(CubeCheck, FixpipeByUnitFlagNeedsItsMad) {
  expectReport(std::string(kMad) +
                   "copy_matrix_cc_to_gm(y, c, 0, 32, 32, 32, 32, 3, NoQuant, "
                   "0, false, true);\n",
               "PIPE_FIX at line 5 waits for a mad with unitFlag 3",
               ACL_ERROR_RT_AICORE_TIMEOUT);
}

TEST_F(CubeCheck, MemoriesAreSmall) {
  expectReport("create_ca_matrix(a0, 1 | 129 << 16, (half)1.0f);",
               "L0A 0x0, which has 65536 bytes");
  expectReport("mad((__cc__ float *)(uintptr_t)0x1fc00, a0, b0, 32, 32, 32, 0, "
               "false, false, true);",
               "L0C 0x1fc00, which has 131072 bytes");
}

TEST_F(CubeCheck, AddressesAreAligned) {
  expectReport("mad(c, a0 + 16, b0, 32, 32, 32, 0, false, false, true);",
               "'a' is L0A 0x20, and has to be a multiple of 512");
  expectReport("mad(c + 8, a0, b0, 32, 32, 32, 0, false, false, true);",
               "'c' is L0C 0x20, and has to be a multiple of 64");
  set("GEMEL_ASCEND_SIM_L0C_ALIGN", "1024");
  expectReport("mad(c + 16, a0, b0, 32, 32, 32, 0, false, false, true);",
               "'c' is L0C 0x40, and has to be a multiple of 1024");
}

TEST_F(CubeCheck, FieldsHaveLimits) {
  expectReport("mad(c, a0, b0, 4096, 32, 32, 0, false, false, true);",
               "'m' is 4096, and its field holds 0 to 4095");
  expectReport("set_nd_para(2);\n" + std::string(kMad) +
                   "pipe_barrier(PIPE_ALL);\n" + kOut,
               "set_nd_para says 2 matrices");
}

TEST_F(CubeCheck, UndefinedRowsMayNotBeStored) {
  std::string mad = "mad(c, a0, b0, 40, 32, 32, 0, false, false, true);\n"
                    "pipe_barrier(PIPE_ALL);\n";
  EXPECT_EQ(run("create_ca_matrix(a0, 1 | 4 << 16, (half)1.0f);"
                "pipe_barrier(PIPE_ALL);" +
                mad +
                "copy_matrix_cc_to_gm(y, c, 0, 32, 32, 32, 48, 0, NoQuant, 0, "
                "false, true);"),
            ACL_SUCCESS)
      << report();
  expectReport(mad +
                   "copy_matrix_cc_to_gm(y, c, 0, 16, 40, 16, 48, 0, NoQuant, "
                   "0, false, true);",
               "undefined: 'src' stores the byte at L0C");
}

TEST_F(CubeCheck, ConversionsThatDoNotExist) {
  expectReport(
      std::string(kMad) +
          "pipe_barrier(PIPE_ALL);\n"
          "copy_matrix_cc_to_gm(y, c, 0, 32, 32, 32, 32, 0, F322F16, 0, "
          "false, true);",
      "quantisation mode 1 from f32 to f32 is none the chip has");
}

TEST_F(CubeCheck, ScalarsDoNotReachL1) {
  expectReport("volatile float x = ((__cbuf__ float *)(uintptr_t)0)[0];",
               "the scalar unit cannot read L1");
}

} // namespace
