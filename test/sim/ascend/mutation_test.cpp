// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whole kernels with one synchronisation left out, and under each reading of
// what is not certain.

#include "sim.h"

#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>

using namespace simtest;

namespace {

std::vector<std::string> linesOf(const std::string &text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

std::string source(const std::string &name) {
  std::ifstream file(std::string(GEMEL_ASCEND_SIM_SOURCES) + "/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Flags and barriers of a kernel: the line's number, from 1, and its text.
std::vector<std::pair<unsigned, std::string>>
synchronisationOf(const std::vector<std::string> &lines,
                  const std::string &name) {
  std::vector<std::pair<unsigned, std::string>> found;
  bool inside = false;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].find("__global__") != std::string::npos)
      inside = lines[i].find(" " + name + "(") != std::string::npos;
    std::string word = lines[i].substr(
        std::min(lines[i].find_first_not_of(' '), lines[i].size()));
    if (inside &&
        (word.rfind("set_flag(", 0) == 0 || word.rfind("wait_flag(", 0) == 0 ||
         word.rfind("pipe_barrier(", 0) == 0))
      found.push_back({static_cast<unsigned>(i + 1), word});
  }
  return found;
}

class Mutation : public Sim {
protected:
  void skip(const std::string &name, unsigned line) {
    call<void>("gemelAscendSimSkip", name.c_str(), line);
  }

  /// Leaves out each flag and barrier of a kernel in turn; the lines that
  /// nobody misses.
  std::vector<std::string>
  unnoticed(const std::string &file, const std::string &name,
            const std::string &arch,
            const std::function<aclError(aclrtFuncHandle)> &run) {
    std::vector<std::string> found;
    aclrtFuncHandle function = kernel(file, arch, name);
    for (const auto &[line, word] :
         synchronisationOf(linesOf(source(file)), name)) {
      skip(name, line);
      if (run(function) == ACL_SUCCESS)
        found.push_back(std::to_string(line) + ": " + word);
      EXPECT_GT(call<unsigned long long>("gemelAscendSimSkipped"), 0u) << word;
      call<void>("gemelAscendSimReset");
    }
    return found;
  }
};

TEST_F(Mutation, LeavingALineOutIsRemovingIt) {
  const int64_t n = 5 * 2048;
  Buffer x(floats(n, 1)), y(floats(n, 2)), z(n * 4);
  std::vector<std::string> lines = linesOf(source("vector.cce"));
  aclrtFuncHandle whole = kernel("vector.cce", "vec", "add");
  for (const auto &[line, word] : synchronisationOf(lines, "add")) {
    std::string text;
    for (size_t l = 0; l < lines.size(); ++l)
      text += (l + 1 == line ? ";" : lines[l]) + "\n";
    Build b = build(text, "vec");
    ASSERT_EQ(b.status, 0) << b.log;
    aclError removed = launch(load(b.path, "add"), 1, x, y, z, n);
    call<void>("gemelAscendSimReset");
    skip("add", line);
    EXPECT_EQ(launch(whole, 1, x, y, z, n), removed) << word;
    call<void>("gemelAscendSimReset");
  }
  // Of this kernel, and until the reset.
  skip("rms_norm", synchronisationOf(lines, "add").front().first);
  EXPECT_EQ(launch(whole, 1, x, y, z, n), ACL_SUCCESS) << report();
  EXPECT_EQ(call<unsigned long long>("gemelAscendSimSkipped"), 0u);
}

TEST_F(Mutation, EachSynchronisationOfAddIsNeeded) {
  const int64_t n = 5 * 2048;
  Buffer x(floats(n, 1)), y(floats(n, 2)), z(n * 4);
  auto left = unnoticed("vector.cce", "add", "vec", [&](aclrtFuncHandle f) {
    return launch(f, 1, x, y, z, n);
  });
  // The kernel's end waits for every pipe by itself.
  ASSERT_EQ(left.size(), 1u) << left[0] << left[1];
  EXPECT_NE(left[0].find("pipe_barrier(PIPE_ALL)"), std::string::npos);
}

TEST_F(Mutation, EachSynchronisationOfRmsNormIsNeeded) {
  const int64_t rows = 40, N = 192;
  Buffer x(halves(rows * N, 1)), g(halves(N, 2)), y(rows * N * 2);
  auto left =
      unnoticed("vector.cce", "rms_norm", "vec", [&](aclrtFuncHandle f) {
        return launch(f, 1, x, g, y, rows, N, 1e-6f);
      });
  std::string all;
  for (const std::string &line : left)
    all += line + "\n";
  // Beside the last: the barrier after what runs once, covered by the first
  // one of the loop.
  EXPECT_EQ(left.size(), 2u) << all;
}

TEST_F(Mutation, EachSynchronisationOfMatmulIsNeeded) {
  const int64_t M = 140, N = 40, K = 600;
  Buffer a(halves(M * K, 1)), b(halves(K * N, 2)), c(M * N * 2);
  auto left = unnoticed("cube.cce", "matmul", "cube", [&](aclrtFuncHandle f) {
    return launch(f, 1, a, b, c, M, N, K);
  });
  std::string all;
  for (const std::string &line : left)
    all += line + "\n";
  EXPECT_EQ(left.size(), 1u) << all;
}

class Readings : public Sim {};

TEST_F(Readings, ProgramsHoldUnderEach) {
  // variable | readings | meaning | source
  for (const std::string &line :
       linesOf(call<const char *>("gemelAscendSimSwitches"))) {
    std::istringstream words(line);
    std::string variable, bar, value;
    words >> variable >> bar;
    // What is refused or optimistic by choice is tested elsewhere.
    while (words >> value && value != "|") {
      if (value == "number" || value == "text")
        break;
      SCOPED_TRACE(variable + "=" + value);
      set(variable.c_str(), value.c_str());
      const int64_t rows = 16, N = 128, M = 40;
      auto x = halves(rows * N, 1), g = halves(N, 2);
      Buffer dx(x), dg(g), dy(rows * N * 2);
      ASSERT_EQ(launch(kernel("vector.cce", "vec", "rms_norm"), 2, dx, dg, dy,
                       rows, N, 1e-6f),
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
                      double(x[r * N + c]) * scale * double(g[c]), 0.02);
      }
      Buffer a(halves(M * N, 3)), b(halves(N * M, 4)), c(M * M * 2);
      ASSERT_EQ(
          launch(kernel("cube.cce", "cube", "matmul"), 1, a, b, c, M, M, N),
          ACL_SUCCESS)
          << report();
      unsetenv(variable.c_str());
    }
  }
}

} // namespace
