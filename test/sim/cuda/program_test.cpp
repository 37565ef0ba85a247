// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whole programs: CUDA C through nvcc, and LLVM's own PTX.

#include "sim.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <unistd.h>

using namespace simtest;

namespace {

std::string shell(const std::string &command) {
  std::string out;
  if (FILE *p = popen(command.c_str(), "r")) {
    char text[4096];
    while (size_t n = fread(text, 1, sizeof text, p))
      out.append(text, n);
    pclose(p);
  }
  return out;
}

class Program : public Sim {
protected:
  /// The PTX of a file beside this one, or "" where there is no compiler.
  std::string compile(const std::string &file) {
    std::string source = std::string(GEMEL_CUDA_SIM_SOURCES) + "/" + file;
    if (file.find(".ll") != file.npos) {
      std::string llc = "/usr/lib/llvm-22/bin/llc";
      return access(llc.c_str(), X_OK)
                 ? ""
                 : shell(llc + " -mcpu=sm_90a " + source + " -o -");
    }
    std::string nvcc =
        shell("command -v nvcc || ls /usr/local/cuda/bin/nvcc 2>/dev/null");
    while (!nvcc.empty() && nvcc.back() == '\n')
      nvcc.pop_back();
    if (nvcc.empty())
      return "";
    return shell(nvcc + " -ptx -lineinfo -arch=sm_90a " + source + " -o -");
  }
  void cuda() {
    static std::string text = compile("programs.cu");
    if (text.empty())
      GTEST_SKIP() << "no nvcc";
    module = load(text);
  }
  std::vector<float> numbers(size_t n, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<float> v(n);
    for (float &x : v) // short: sums of products are exact
      x = static_cast<float>(static_cast<int>(random() % 64) - 32) / 8;
    return v;
  }
  std::vector<uint16_t> brain(const std::vector<float> &v) {
    std::vector<uint16_t> b;
    for (float f : v) {
      uint32_t bits;
      memcpy(&bits, &f, 4);
      b.push_back(uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16));
    }
    return b;
  }
  std::vector<float> product(const std::vector<float> &a,
                             const std::vector<float> &b, int n) {
    std::vector<float> c(size_t(n) * n);
    for (int i = 0; i < n; ++i)
      for (int k = 0; k < n; ++k)
        for (int j = 0; j < n; ++j)
          c[i * n + j] += a[i * n + k] * b[k * n + j];
    return c;
  }
  CUmodule module = nullptr;
};

TEST_F(Program, Saxpy) {
  cuda();
  if (!module)
    return;
  auto x = numbers(1000, 1), y = numbers(1000, 2);
  Buffer bx(x), by(y);
  int n = 1000;
  float a = 1.5f;
  ASSERT_EQ(launch(function(module, "saxpy"), 4, 256, 0, n, a, bx.address,
                   by.address),
            CUDA_SUCCESS)
      << report();
  auto got = by.read<float>();
  for (int i = 0; i < n; ++i)
    ASSERT_EQ(got[i], std::fma(a, x[i], y[i]));
}

TEST_F(Program, BlockReduction) {
  cuda();
  if (!module)
    return;
  auto x = numbers(777, 3);
  Buffer bx(x), out(4);
  int n = 777;
  ASSERT_EQ(
      launch(function(module, "reduce"), 1, 256, 0, n, bx.address, out.address),
      CUDA_SUCCESS)
      << report();
  double sum = 0;
  for (float v : x)
    sum += v;
  EXPECT_EQ(out.read<float>()[0], float(sum));
}

TEST_F(Program, ReductionWithoutItsBarrierRaces) {
  cuda();
  if (!module)
    return;
  Buffer bx(numbers(777, 3)), out(4);
  int n = 777;
  EXPECT_EQ(launch(function(module, "reduceRacy"), 1, 256, 0, n, bx.address,
                   out.address),
            CUDA_ERROR_LAUNCH_FAILED);
  // Whichever side comes first: shared memory, with the source's line.
  EXPECT_EQ(report().substr(0, 6), "race: ") << report();
  EXPECT_NE(report().find("programs.cu:"), std::string::npos) << report();
}

TEST_F(Program, Transpose) {
  cuda();
  if (!module)
    return;
  int rows = 70, cols = 50;
  auto x = numbers(size_t(rows) * cols, 4);
  Buffer bx(x), out(size_t(rows) * cols * 4);
  void *params[] = {&rows, &cols, &bx.address, &out.address};
  ASSERT_EQ(call("cuLaunchKernel", function(module, "transpose"), 2u, 3u, 1u,
                 32u, 8u, 1u, 0u, CUstream(nullptr),
                 static_cast<void **>(params), static_cast<void **>(nullptr)),
            CUDA_SUCCESS);
  ASSERT_EQ(call("cuCtxSynchronize"), CUDA_SUCCESS) << report();
  auto got = out.read<float>();
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < cols; ++c)
      ASSERT_EQ(got[c * rows + r], x[r * cols + c]);
}

TEST_F(Program, Histogram) {
  cuda();
  if (!module)
    return;
  std::mt19937 random(5);
  std::vector<uint8_t> x(5000);
  std::vector<uint32_t> want(64);
  for (uint8_t &v : x) {
    v = static_cast<uint8_t>(random() % 64);
    ++want[v];
  }
  Buffer bx(x), out(std::vector<uint32_t>(64));
  int n = 5000;
  ASSERT_EQ(launch(function(module, "histogram"), 5, 128, 0, n, bx.address,
                   out.address),
            CUDA_SUCCESS)
      << report();
  EXPECT_EQ(out.read<uint32_t>(), want);
}

TEST_F(Program, MatmulWithMma) {
  cuda();
  if (!module)
    return;
  for (const char *name : {"matmulMma", "matmulWmma"}) {
    int n = 64;
    auto a = numbers(size_t(n) * n, 6), b = numbers(size_t(n) * n, 7);
    Buffer ba(brain(a)), bb(brain(b)), bc(size_t(n) * n * 4);
    void *params[] = {&n, &ba.address, &bb.address, &bc.address};
    unsigned gx = static_cast<unsigned>(n / 16);
    ASSERT_EQ(call("cuLaunchKernel", function(module, name), gx, gx, 1u, 32u,
                   1u, 1u, 0u, CUstream(nullptr), static_cast<void **>(params),
                   static_cast<void **>(nullptr)),
              CUDA_SUCCESS);
    ASSERT_EQ(call("cuCtxSynchronize"), CUDA_SUCCESS) << report();
    EXPECT_EQ(bc.read<float>(), product(a, b, n)) << name;
  }
}

TEST_F(Program, CopyPipeline) {
  cuda();
  if (!module)
    return;
  auto x = numbers(128 * 32, 8);
  Buffer bx(x), out(128 * 4);
  int tiles = 32;
  ASSERT_EQ(launch(function(module, "pipeline"), 1, 128, 0, tiles, bx.address,
                   out.address),
            CUDA_SUCCESS)
      << report();
  auto got = out.read<float>();
  for (int t = 0; t < 128; ++t) {
    float sum = 0; // each thread adds what its neighbour copied
    for (int k = 0; k < tiles; ++k)
      sum += x[k * 128 + (t ^ 1)];
    ASSERT_EQ(got[t], sum);
  }
  // Waiting one group too late.
  EXPECT_EQ(launch(function(module, "pipelineRacy"), 1, 128, 0, tiles,
                   bx.address, out.address),
            CUDA_ERROR_LAUNCH_FAILED);
}

TEST_F(Program, LocalArraysSwitchAndCalls) {
  cuda();
  if (!module)
    return;
  Buffer out(64 * 4);
  int k = 3;
  ASSERT_EQ(launch(function(module, "locals"), 1, 64, 0, k, out.address),
            CUDA_SUCCESS)
      << report();
  auto got = out.read<int>();
  for (int t = 0; t < 64; ++t) {
    int a[8], fib[2] = {0, 1};
    for (int i = 0; i < 8; ++i)
      a[i] = i * k;
    for (int i = 0; i < t % 10; ++i) {
      int next = fib[0] + fib[1];
      fib[0] = fib[1];
      fib[1] = next;
    }
    int s = 0;
    switch (t % 6) {
    case 0:
      s = 11;
      break;
    case 1:
      s = t * 3;
      break;
    case 2:
      s = -t;
      break;
    case 3:
      s = t / 3;
      break;
    case 4:
      s = t << 2;
      break;
    default:
      s = t ^ 5;
    }
    ASSERT_EQ(got[t], a[t & 7] + fib[0] + s) << t;
  }
}

TEST_F(Program, WhatLlvmEmits) {
  std::string text = compile("programs.ll");
  if (text.empty())
    GTEST_SKIP() << "no llc";
  module = load(text);
  auto x = numbers(512, 9);
  Buffer bx(x), by(256), bz(512);
  float a = 3;
  ASSERT_EQ(launch(function(module, "llvm_kernel"), 1, 128, 0, bx.address,
                   by.address, bz.address, a),
            CUDA_SUCCESS)
      << report();
  auto y = by.read<uint16_t>();
  auto z = bz.read<float>();
  for (int t = 0; t < 128; ++t) {
    const float *v = &x[4 * t];
    float h = v[0] * v[3] + v[1];
    float other = x[4 * (t ^ 1)] * x[4 * (t ^ 1) + 3] + x[4 * (t ^ 1) + 1];
    EXPECT_EQ(z[t], other / a + std::max(v[2], 0.0f)) << t;
    EXPECT_EQ(y[t], brain({h})[0]) << t;
  }
}

} // namespace
