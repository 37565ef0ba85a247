// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Signals between cores: mixed kernels and barriers of a whole grid.

#include "sim.h"

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace simtest;

namespace {

class Mixed : public Sim {
protected:
  uint64_t syncAddress() {
    void *address = nullptr;
    call("aclrtGetHardwareSyncAddr", &address);
    return reinterpret_cast<uint64_t>(address);
  }
  /// The program of mixed.cce without its synchronisation \p skip.
  aclError run(int skip, int64_t tiles, uint32_t blocks) {
    std::ifstream file(std::string(GEMEL_ASCEND_SIM_SOURCES) + "/mixed.cce");
    std::string text = "#define SKIP " + std::to_string(skip) + "\n" +
                       std::string(std::istreambuf_iterator<char>(file), {});
    auto a = halves(tiles * 1024, 1, -1, 1), b = halves(1024, 2, -1, 1);
    Buffer da(a), db(b), dc(tiles * 4096), work(blocks * 8192);
    aclError e = launch(kernelIn(text, "mix"), blocks, syncAddress(), da, db,
                        dc, work, tiles);
    if (e)
      return e;
    auto c = dc.read<float>();
    for (int64_t t = 0; t < tiles; ++t)
      for (int m = 0; m < 32; ++m)
        for (int n = 0; n < 32; ++n) {
          float sum = 0;
          for (int k = 0; k < 32; ++k)
            sum += float(a[t * 1024 + m * 32 + k]) * float(b[n * 32 + k]);
          EXPECT_NEAR(c[t * 1024 + m * 32 + n], std::max(sum + 1, 0.0f), 1e-3);
        }
    return e;
  }
  void expectReport(aclError e, const std::string &what) {
    EXPECT_NE(e, ACL_SUCCESS);
    EXPECT_NE(report().find(what), std::string::npos) << report();
  }
};

TEST_F(Mixed, CubeAndVectorCoresShareTiles) {
  EXPECT_EQ(run(0, 13, 3), ACL_SUCCESS) << report();
}

TEST_F(Mixed, ASlotIsReusedOnlyWhenItWasRead) {
  expectReport(run(1, 5, 1), "race: '");
  EXPECT_NE(report().find("order the cores: ffts_cross_core_sync("),
            std::string::npos)
      << report();
}

TEST_F(Mixed, ASlotIsReadOnlyWhenItWasWritten) {
  // In some order the bytes are not there at all yet.
  aclError e = run(2, 2, 1);
  EXPECT_NE(e, ACL_SUCCESS);
  EXPECT_TRUE(report().find("race") != std::string::npos ||
              report().find("undefined") != std::string::npos)
      << report();
}

TEST_F(Mixed, BothVectorCoresHaveToSignal) {
  aclError e = run(3, 5, 1);
  EXPECT_EQ(e, ACL_ERROR_RT_AICORE_TIMEOUT);
  expectReport(e, "deadlock: ");
  expectReport(e, "block 0 (cube core) waits at line");
  expectReport(e, "for a signal of id 1");
}

// A barrier of all vector cores: each adds its neighbour's value.
const char kGrid[] =
    "set_atomic_none(); set_mask_norm(); set_vector_mask(-1, -1);\n"
    "__ubuf__ float *a = (__ubuf__ float *)(uintptr_t)0;\n"
    "set_ffts_base_addr(sync);\n"
    "vector_dup(a, (float)block_idx, 1, 1, 1, 8, 0);\n"
    "set_flag(PIPE_V, PIPE_MTE3, 0); wait_flag(PIPE_V, PIPE_MTE3, 0);\n"
    "copy_ubuf_to_gm(x + block_idx * 64, a, 0, 1, 8, 0, 0);\n"
    "BARRIER\n"
    "copy_gm_to_ubuf(a + 64, x + (block_idx + 1) % block_num * 64, 0, 1, 8, 0, "
    "0);\n"
    "set_flag(PIPE_MTE2, PIPE_MTE3, 0); wait_flag(PIPE_MTE2, PIPE_MTE3, 0);\n"
    "copy_ubuf_to_gm(y + block_idx * 64, a + 64, 0, 1, 8, 0, 0);\n";

std::string grid(const std::string &barrier, bool mixed = true) {
  std::string body = kGrid;
  body.replace(body.find("BARRIER"), 7, barrier);
  std::string text = "extern \"C\" __global__ __aicore__ void KERNEL(uint64_t "
                     "sync, __gm__ float *x, __gm__ float *y) {\n" +
                     body + "}\n";
  if (mixed)
    text += "static const struct { uint16_t t, l; uint32_t k; uint16_t t2, l2, "
            "c, v; } meta __attribute__((used, section(\".ascend.meta.k\"))) = "
            "{1, 4, 5, 3, 4, 0, 1};\n";
  return text;
}
const char kBarrier[] = "pipe_barrier(PIPE_ALL); "
                        "ffts_cross_core_sync(PIPE_MTE3, 1 | 14 << 8); "
                        "wait_flag_dev(14);";

TEST_F(Mixed, ABarrierOfTheGrid) {
  Buffer x(48 * 256), y(48 * 256);
  auto f = kernelIn(grid(kBarrier), "vec");
  ASSERT_EQ(launch(f, 48, syncAddress(), x, y), ACL_SUCCESS) << report();
  auto v = y.read<float>();
  for (int i = 0; i < 48; ++i)
    EXPECT_EQ(v[i * 64], (i + 1) % 48);
  // More blocks than cores can never all arrive.
  Buffer big(49 * 256), bigger(49 * 256);
  EXPECT_EQ(launch(f, 49, syncAddress(), big, bigger),
            ACL_ERROR_RT_VECTOR_CORE_TIMEOUT);
  expectReport(1, "launch at most ");
}

TEST_F(Mixed, WithoutTheBarrierItRaces) {
  Buffer x(std::vector<float>(4 * 64)), y(4 * 256);
  expectReport(launch(kernelIn(grid(""), "vec"), 4, syncAddress(), x, y),
               "race: ");
}

TEST_F(Mixed, SignalsOfAllNeedAMixedStart) {
  Buffer x(4 * 256), y(4 * 256);
  auto f = kernelIn(grid(kBarrier, false), "vec");
  expectReport(launch(f, 4, syncAddress(), x, y),
               "record the kernel as MIX_AIV_MAIN in its .ascend.meta");
  set("GEMEL_ASCEND_SIM_SYNC_START", "any");
  EXPECT_EQ(launch(f, 4, syncAddress(), x, y), ACL_SUCCESS) << report();
}

TEST_F(Mixed, SignalsNeedTheSyncAddress) {
  Buffer x(4 * 256), y(4 * 256);
  auto f = kernelIn(grid(kBarrier), "vec");
  expectReport(launch(f, 4, uint64_t(1), x, y),
               "has to be what aclrtGetHardwareSyncAddr gave");
}

TEST_F(Mixed, SignalsDoNotPileUp) {
  Buffer x(4 * 256), y(4 * 256);
  std::string many = "pipe_barrier(PIPE_ALL); for (int i = 0; i < 16; ++i) "
                     "ffts_cross_core_sync(PIPE_MTE3, 1 | 14 << 8);";
  expectReport(launch(kernelIn(grid(many), "vec"), 1, syncAddress(), x, y),
               "16 signals of id 14 that it has not waited for");
}

TEST_F(Mixed, GroupsThatWaitHaveToBeResident) {
  EXPECT_EQ(run(0, 25, 25), ACL_ERROR_RT_AICORE_TIMEOUT);
  expectReport(1, "25 groups of cores that wait for signals, and the chip "
                  "holds 24");
  set("GEMEL_ASCEND_SIM_GROUPS", "any");
  EXPECT_EQ(run(0, 25, 25), ACL_SUCCESS) << report();
}

TEST_F(Mixed, AnIdIsOfOneModeAtATime) {
  std::string text =
      "extern \"C\" __global__ __aicore__ void KERNEL(uint64_t sync) {\n"
      "#ifdef __DAV_C220_VEC__\n"
      "set_ffts_base_addr(sync);\n"
      "ffts_cross_core_sync(PIPE_MTE3, 1 | 14 << 8);\n"
      "ffts_cross_core_sync(PIPE_MTE3, 1 | 1 << 4 | 14 << 8);\n"
      "wait_flag_dev(14); wait_flag_dev(14);\n"
      "#endif\n}\n";
  expectReport(launch(kernelIn(text, "mix"), 1, syncAddress()),
               "and this one is of mode 1: use another id");
}

TEST_F(Mixed, SignalsMayNotBeLeft) {
  Buffer x(4 * 256), y(4 * 256);
  std::string one = "pipe_barrier(PIPE_ALL); "
                    "ffts_cross_core_sync(PIPE_MTE3, 1 | 14 << 8);";
  expectReport(launch(kernelIn(grid(one), "vec"), 1, syncAddress(), x, y),
               "unbalanced: 1 signals of id 14 are left");
}

} // namespace
