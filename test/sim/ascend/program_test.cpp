// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whole kernels against plain computations.

#include "sim.h"

#include <chrono>
#include <cmath>

using namespace simtest;

namespace {

class Program : public Sim {};

TEST_F(Program, AddsOverAllBlocks) {
  const int64_t n = 100003;
  auto x = floats(n, 1), y = floats(n, 2);
  Buffer dx(x), dy(y), dz(n * 4);
  ASSERT_EQ(launch(kernel("vector.cce", "vec", "add"), 8, dx, dy, dz, n),
            ACL_SUCCESS)
      << report();
  auto z = dz.read<float>();
  for (int64_t i = 0; i < n; ++i)
    ASSERT_EQ(z[i], x[i] + y[i]) << i;
}

TEST_F(Program, NormalisesRows) {
  const int64_t rows = 64, N = 1024;
  auto x = halves(rows * N, 3), g = halves(N, 4);
  Buffer dx(x), dg(g), dy(rows * N * 2);
  ASSERT_EQ(launch(kernel("vector.cce", "vec", "rms_norm"), 4, dx, dg, dy, rows,
                   N, 1e-6f),
            ACL_SUCCESS)
      << report();
  auto y = dy.read<f16>();
  for (int64_t r = 0; r < rows; ++r) {
    double sum = 0;
    for (int64_t c = 0; c < N; ++c)
      sum += double(x[r * N + c]) * double(x[r * N + c]);
    double scale = 1 / std::sqrt(sum / N + 1e-6);
    for (int64_t c = 0; c < N; ++c)
      ASSERT_NEAR(double(y[r * N + c]),
                  double(x[r * N + c]) * scale * double(g[c]),
                  2e-3 * (1 + std::fabs(double(y[r * N + c]))))
          << r << ", " << c;
  }
}

TEST_F(Program, SoftmaxOfRaggedRows) {
  const int64_t rows = 24, N = 53;
  auto x = floats(rows * N, 5);
  Buffer dx(x), dy(rows * N * 4);
  ASSERT_EQ(launch(kernel("vector.cce", "vec", "softmax"), 2, dx, dy, rows, N),
            ACL_SUCCESS)
      << report();
  auto y = dy.read<float>();
  for (int64_t r = 0; r < rows; ++r) {
    double sum = 0;
    for (int64_t c = 0; c < N; ++c)
      sum += std::exp(double(x[r * N + c]));
    for (int64_t c = 0; c < N; ++c)
      ASSERT_NEAR(y[r * N + c], std::exp(double(x[r * N + c])) / sum, 1e-6);
  }
}

TEST_F(Program, ColumnSumsByAtomics) {
  const int64_t rows = 480;
  std::vector<float> x(rows * 64);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<float>(i % 7) - 3; // exact in any order
  Buffer dx(x), dy(std::vector<float>(64, 10));
  ASSERT_EQ(launch(kernel("vector.cce", "vec", "column_sums"), 8, dx, dy, rows),
            ACL_SUCCESS)
      << report();
  auto y = dy.read<float>();
  for (int64_t c = 0; c < 64; ++c) {
    float sum = 10;
    for (int64_t r = 0; r < rows; ++r)
      sum += x[r * 64 + c];
    ASSERT_EQ(y[c], sum);
  }
}

TEST_F(Program, TransposesTiles) {
  const int64_t R = 64, C = 48;
  auto x = halves(R * C, 6);
  Buffer dx(x), dy(R * C * 2);
  ASSERT_EQ(launch(kernel("vector.cce", "vec", "transpose"), 3, dx, dy, R, C),
            ACL_SUCCESS)
      << report();
  auto y = dy.read<f16>();
  for (int64_t r = 0; r < R; ++r)
    for (int64_t c = 0; c < C; ++c)
      ASSERT_EQ(y[c * R + r], x[r * C + c]);
}

TEST_F(Program, ScalarCode) {
  const int64_t n = 1000;
  std::vector<int32_t> x(n, 3);
  Buffer dx(x), dy(n * 4);
  ASSERT_EQ(launch(kernel("vector.cce", "vec", "scalars"), 1, dx, dy, n),
            ACL_SUCCESS)
      << report();
  auto y = dy.read<int32_t>();
  for (int64_t i = 0; i < n; ++i)
    ASSERT_EQ(y[i], 3 * (i % 16));
}

TEST_F(Program, SimulatesMegabytesInAboutASecond) {
  const int64_t rows = 2048, N = 1024;
  auto x = halves(rows * N, 3), g = halves(N, 4);
  Buffer dx(x), dg(g), dy(rows * N * 2);
  auto f = kernel("vector.cce", "vec", "rms_norm");
  auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(launch(f, 48, dx, dg, dy, rows, N, 1e-6f), ACL_SUCCESS) << report();
  double s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  printf("rms_norm of 4 MiB: %.2f s\n", s);
}

} // namespace
