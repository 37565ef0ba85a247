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

class Mutation : public Sim {
protected:
  /// Removes each flag and barrier of a kernel in turn; the lines whose
  /// removal nobody notices.
  std::vector<std::string>
  unnoticed(const std::string &file, const std::string &name,
            const std::string &arch,
            const std::function<aclError(aclrtFuncHandle)> &run) {
    std::vector<std::string> lines = linesOf(source(file)), found;
    bool inside = false;
    for (size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].find("__global__") != std::string::npos)
        inside = lines[i].find(" " + name + "(") != std::string::npos;
      std::string word = lines[i].substr(
          std::min(lines[i].find_first_not_of(' '), lines[i].size()));
      bool isSync = word.rfind("set_flag(", 0) == 0 ||
                    word.rfind("wait_flag(", 0) == 0 ||
                    word.rfind("pipe_barrier(", 0) == 0;
      if (!inside || !isSync)
        continue;
      std::string text;
      for (size_t l = 0; l < lines.size(); ++l)
        text += (l == i ? ";" : lines[l]) + "\n";
      Build b = build(text, arch);
      EXPECT_EQ(b.status, 0) << b.log;
      if (run(load(b.path, name)) == ACL_SUCCESS)
        found.push_back(std::to_string(i + 1) + ": " + word);
      call<void>("gemelAscendSimReset");
    }
    return found;
  }
};

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
