// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cycle model against what is published, and against itself.

#include "sim.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <unistd.h>

using namespace simtest;

namespace {

class Timeline : public Sim {
protected:
  void SetUp() override {
    Sim::SetUp();
    set("GEMEL_ASCEND_SIM_TIME", "1");
    set("GEMEL_ASCEND_SIM_SEED", "0");
  }
  std::string timeline() {
    return call<const char *>("gemelAscendSimTimeline");
  }
  double cycles() {
    std::string t = timeline();
    size_t at = t.find("': ");
    return at == std::string::npos ? 0 : atof(t.c_str() + at + 3);
  }
  /// The share of time that a pipe is busy.
  double busy(const std::string &pipe) {
    std::string t = timeline();
    size_t at = t.find(pipe + " ");
    return at == std::string::npos ? 0 : atof(t.c_str() + at + pipe.size() + 1);
  }
  double addCycles(int64_t n, uint32_t blocks) {
    Buffer x(std::vector<float>(n, 1)), y(std::vector<float>(n, 2)), z(n * 4);
    EXPECT_EQ(launch(kernel("vector.cce", "vec", "add"), blocks, x, y, z, n),
              ACL_SUCCESS)
        << report();
    return cycles();
  }
};

TEST_F(Timeline, OneInstructionCostsItsRow) {
  auto f = kernelOf("", "set_mask_norm(); set_vector_mask(-1, -1);\n"
                        "__ubuf__ float *a = (__ubuf__ float *)(uintptr_t)0;\n"
                        "vector_dup(a, 1.0f, 100, 1, 1, 8, 0);\n"
                        "pipe_barrier(PIPE_V); vexp(a, a, 100, 1, 1, 8, 8);\n");
  ASSERT_EQ(launch(f, 1), ACL_SUCCESS) << report();
  // Dispatch 12, then 11 + 100 + 13, then 13 + 400 + 24.
  EXPECT_NEAR(cycles(), 12 + 124 + 437, 20) << timeline();
}

TEST_F(Timeline, SourcesInOneGroupOfBanksAreCounted) {
  std::string body = "set_mask_norm(); set_vector_mask(-1, -1);\n"
                     "__ubuf__ float *a = (__ubuf__ float *)(uintptr_t)0;\n"
                     "vector_dup(a, 1.0f, 100, 1, 1, 8, 0);\n"
                     "pipe_barrier(PIPE_V);"
                     "vadd(a + 6400, a, a + OFFSET, 7, 1, 1, 1, 8, 8, 8);\n";
  auto run = [&](const char *offset) {
    std::string text = body;
    text.replace(text.find("OFFSET"), 6, offset);
    EXPECT_EQ(launch(kernelOf("", text), 1), ACL_SUCCESS) << report();
    return timeline().find("7 iterations read both sources from one group");
  };
  EXPECT_NE(run("128"), std::string::npos); // 512 bytes further
  EXPECT_EQ(run("136"), std::string::npos); // padded by a block
}

TEST_F(Timeline, PipesOverlap) {
  double one = addCycles(2048, 1), sixteen = addCycles(16 * 2048, 1);
  EXPECT_GT(sixteen, 4 * one);
  EXPECT_LT(sixteen, 14 * one); // double buffered: not one after the other
  EXPECT_GT(busy("PIPE_MTE2"), 50) << timeline();
}

TEST_F(Timeline, CoresShareBandwidth) {
  // Cold each time: one core is limited by its port, 48 by the memory.
  call<void>("gemelAscendSimReset");
  double alone = addCycles(64 * 2048, 1);
  call<void>("gemelAscendSimReset");
  double all = addCycles(48 * 64 * 2048, 48);
  EXPECT_GT(all, 1.5 * alone);
  // 75 MB at 1.6 TB/s and not faster; and at most half as fast.
  double ideal = 48.0 * 64 * 2048 * 8 / 1.6e12 * 1.8e9;
  EXPECT_GT(all, 0.95 * ideal) << timeline();
  EXPECT_LT(all, 2 * ideal) << timeline();
}

TEST_F(Timeline, L2IsFasterThanMemory) {
  const int64_t n = 48 * 8 * 2048;
  Buffer x(std::vector<float>(n, 1)), y(std::vector<float>(n, 2)), z(n * 4);
  auto f = kernel("vector.cce", "vec", "add");
  call<void>("gemelAscendSimReset");
  ASSERT_EQ(launch(f, 48, x, y, z, n), ACL_SUCCESS);
  double cold = cycles();
  ASSERT_EQ(launch(f, 48, x, y, z, n), ACL_SUCCESS);
  EXPECT_LT(cycles(), 0.8 * cold) << timeline();
}

TEST_F(Timeline, AMatmulIsAsFastAsPublished) {
  // PTO-ISA, gemm_performance: 1536^3 in f16 at 186.8 TFLOPS on 24 cores, with
  // swizzled tiles; vendor simulators overestimate.
  const int64_t n = 1536;
  Buffer a(std::vector<f16>(n * n, f16(1))), b(std::vector<f16>(n * n, f16(1))),
      c(n * n * 2);
  set("GEMEL_ASCEND_SIM", "fast");
  ASSERT_EQ(launch(kernel("cube.cce", "cube", "matmul"), 24, a, b, c, n, n, n),
            ACL_SUCCESS)
      << report();
  double tflops = 2.0 * n * n * n / (cycles() / 1.8e9) * 1e-12;
  printf("matmul of 1536^3: %.0f TFLOPS; %s\n", tflops, timeline().c_str());
  EXPECT_GT(tflops, 100);
  EXPECT_LT(tflops, 354);
  EXPECT_GT(busy("PIPE_M"), 30);
}

TEST_F(Timeline, LaunchesAreListedUntilTheReset) {
  auto launches = [] {
    return std::string(call<const char *>("gemelAscendSimLaunches"));
  };
  auto count = [](const std::string &text, const std::string &word) {
    int n = 0;
    for (size_t at = 0; (at = text.find(word, at)) != std::string::npos; ++at)
      ++n;
    return n;
  };
  call<void>("gemelAscendSimReset");
  EXPECT_EQ(count(launches(), "\"kernel\": "), 0);
  double few = addCycles(2048, 1), many = addCycles(48 * 2048, 48);
  std::string all = launches();
  EXPECT_EQ(count(all, "\"kernel\": \"add\""), 2) << all;
  size_t first = all.find("\"cycles\": "),
         second = all.find("\"cycles\": ", first + 1);
  ASSERT_NE(second, std::string::npos) << all;
  EXPECT_NEAR(atof(&all[first + 10]), few, 1);
  EXPECT_NEAR(atof(&all[second + 10]), many, 1);
  EXPECT_NE(all.find("\"memory_bytes_per_second\": 1600000000000"),
            std::string::npos);
  EXPECT_NE(all.find("\"switch\": \"GEMEL_ASCEND_SIM_DISPATCH\", \"reading\": "
                     "\"10\""),
            std::string::npos);
  set("GEMEL_ASCEND_SIM_DISPATCH", "15");
  EXPECT_NE(launches().find("\"reading\": \"15\""), std::string::npos);
  call<void>("gemelAscendSimReset");
  EXPECT_EQ(count(launches(), "\"kernel\": "), 0);
}

TEST_F(Timeline, StoresTakeTheMemorysTimeWhereTheyGoThere) {
  const int64_t n = 48 * 64 * 2048;
  call<void>("gemelAscendSimReset");
  double kept = addCycles(n, 48);
  EXPECT_NE(timeline().find("of these from HBM 50331648;"), std::string::npos)
      << timeline();
  set("GEMEL_ASCEND_SIM_STORES", "memory");
  call<void>("gemelAscendSimReset");
  double moved = addCycles(n, 48);
  // Twelve bytes an element, where it were eight.
  EXPECT_GT(moved, 1.3 * kept) << timeline();
  EXPECT_GT(moved, n * 12 / 1.6e12 * 1.8e9) << timeline();
}

TEST_F(Timeline, WritesTracesForPerfetto) {
  char folder[] = "/tmp/gemel-trace-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  set("GEMEL_ASCEND_SIM_TRACE", folder);
  addCycles(4 * 2048, 2);
  std::string command = std::string("cat ") + folder + "/add-*.json > " +
                        folder + "/all && rm " + folder + "/add-*";
  ASSERT_EQ(system(command.c_str()), 0);
  std::ifstream file(std::string(folder) + "/all");
  std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_NE(text.find("\"traceEvents\":["), std::string::npos);
  EXPECT_NE(text.find("\"name\":\"vadd\""), std::string::npos);
  EXPECT_NE(text.find("\"block 1 vector 0\""), std::string::npos);
  command = std::string("rm -r ") + folder;
  ASSERT_EQ(system(command.c_str()), 0);
}

TEST_F(Timeline, EventsTellTheModelsTime) {
  aclrtEvent a = nullptr, b = nullptr;
  call("aclrtCreateEventWithFlag", &a, 0u);
  call("aclrtCreateEventWithFlag", &b, 0u);
  addCycles(2048, 1);
  call("aclrtRecordEvent", a, aclrtStream(nullptr));
  double took = addCycles(64 * 2048, 1);
  call("aclrtRecordEvent", b, aclrtStream(nullptr));
  call("aclrtSynchronizeStream", aclrtStream(nullptr));
  float ms = 0;
  EXPECT_EQ(call("aclrtEventElapsedTime", &ms, a, b), ACL_SUCCESS);
  EXPECT_NEAR(ms, took / 1800 * 1e-3, 1e-4);
  call("aclrtDestroyEvent", a);
  call("aclrtDestroyEvent", b);
}

} // namespace
