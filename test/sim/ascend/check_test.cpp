// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every kind of report: what is wrong, where, and the way out; and beside
// each the same kernel put right, which has to pass.

#include "sim.h"

using namespace simtest;

namespace {

const char kPrologue[] =
    "set_atomic_none(); set_mask_norm(); set_vector_mask(-1, -1);"
    "__ubuf__ float *a = (__ubuf__ float *)(uintptr_t)0;"
    "__ubuf__ float *b = (__ubuf__ float *)(uintptr_t)0x1000;\n";
const char kLoad[] = "copy_gm_to_ubuf(a, x, 0, 1, 64, 0, 0);\n";
const char kLoaded[] =
    "set_flag(PIPE_MTE2, PIPE_V, 0); wait_flag(PIPE_MTE2, PIPE_V, 0);\n";
const char kComputed[] =
    "set_flag(PIPE_V, PIPE_MTE3, 0); wait_flag(PIPE_V, PIPE_MTE3, 0);\n";
const char kStore[] = "copy_ubuf_to_gm(y, b, 0, 1, 64, 0, 0);\n";
const char kAdd[] = "vadds(b, a, 1.0f, 8, 1, 1, 8, 8);\n";

class Check : public Sim {
protected:
  /// Runs a body over x and y of 512 f32 each.
  aclError run(const std::string &body, uint32_t blocks = 1,
               const std::string &arch = "vec") {
    Buffer x(std::vector<float>(512, 1)), y(std::vector<float>(512, 0));
    return launch(
        kernelOf("__gm__ float *x, __gm__ float *y", kPrologue + body, arch),
        blocks, x, y);
  }
  void expectReport(const std::string &body, const std::string &what,
                    aclError code = ACL_ERROR_RT_VECTOR_CORE_EXCEPTION,
                    uint32_t blocks = 1) {
    EXPECT_EQ(run(body, blocks), code) << report();
    // In another order another of the two accesses comes second.
    if (!getenv("GEMEL_ASCEND_SIM_SEED"))
      EXPECT_NE(report().find(what), std::string::npos) << report();
    call<void>("gemelAscendSimReset");
  }
  void expectClean(const std::string &body, uint32_t blocks = 1) {
    EXPECT_EQ(run(body, blocks), ACL_SUCCESS) << report();
  }
  /// One of the rules: a body, and a part of it without which it is wrong.
  void expectNeeds(const std::string &before, const std::string &needed,
                   const std::string &after, const std::string &what) {
    expectClean(before + needed + after);
    expectReport(before + after, what);
  }
};

TEST_F(Check, LoadToVectorNeedsAFlag) {
  expectNeeds(kLoad, kLoaded, std::string(kAdd) + kComputed + kStore,
              "race: 'src' reads UB 0x0, which copy_gm_to_ubuf at line 3 "
              "(PIPE_MTE2) writes, and nothing orders the two: put "
              "set_flag(PIPE_MTE2, PIPE_V, id)");
}

TEST_F(Check, VectorToStoreNeedsAFlag) {
  expectNeeds(std::string(kLoad) + kLoaded + kAdd, kComputed, kStore,
              "race: 'src' reads UB 0x1000, which vadds");
}

TEST_F(Check, VectorToVectorNeedsABarrier) {
  expectNeeds(std::string(kLoad) + kLoaded + kAdd, "pipe_barrier(PIPE_V);\n",
              std::string("vmuls(b, b, 2.0f, 8, 1, 1, 8, 8);\n") + kComputed +
                  kStore,
              "put pipe_barrier(PIPE_V) between them");
}

TEST_F(Check, HalvesOfABlockNeedABarrierIfMaskedBytesAreRewritten) {
  const std::string low = "set_vector_mask(0, 0x0f);"
                          "vector_dup(b, 1.0f, 1, 1, 1, 8, 0);\n",
                    high = "set_vector_mask(0, 0xf0);"
                           "vector_dup(b, 2.0f, 1, 1, 1, 8, 0);\n";
  expectClean(low + high);
  set("GEMEL_ASCEND_SIM_MASKED_BYTES", "rewritten");
  expectNeeds(low, "pipe_barrier(PIPE_V);\n", high,
              "race: 'dst' writes UB 0x1000, which vector_dup");
  // What is rewritten stays undefined.
  expectReport(low + kComputed + "copy_ubuf_to_gm(y, b, 0, 1, 1, 0, 0);\n",
               "undefined");
}

TEST_F(Check, ReuseOfABufferNeedsAFlag) {
  expectNeeds(std::string(kLoad) + kLoaded + kAdd,
              "set_flag(PIPE_V, PIPE_MTE2, 1); wait_flag(PIPE_V, PIPE_MTE2, "
              "1);\n",
              std::string(kLoad) + kComputed + kStore,
              "race: 'dst' writes UB 0x0, which vadds");
}

TEST_F(Check, VectorToScalarNeedsAFlag) {
  expectNeeds(std::string(kLoad) + kLoaded + kAdd,
              "set_flag(PIPE_V, PIPE_S, 0); wait_flag(PIPE_V, PIPE_S, 0);\n",
              "if (b[3] > 100.0f) trap();",
              "race: 'address' reads UB 0x100c, which vadds");
}

TEST_F(Check, ScalarToVectorNeedsAFlag) {
  expectNeeds("for (int i = 0; i < 512; ++i) a[i] = i;\n",
              "set_flag(PIPE_S, PIPE_V, 0); wait_flag(PIPE_S, PIPE_V, 0);\n",
              std::string(kAdd) + kComputed + kStore,
              "race: 'src' reads UB 0x1c, which scalar_store");
}

TEST_F(Check, WhatABranchIsDecidedByHasBeenLoaded) {
  const std::string before =
      std::string(kLoad) + kLoaded + kAdd +
      "set_flag(PIPE_V, PIPE_S, 0); wait_flag(PIPE_V, PIPE_S, 0);\n"
      "float first = b[3];\n";
  const std::string after = std::string(kAdd) + kComputed + kStore;
  expectClean(before + "if (first > 100.0f) set_mask_count();\n" + after);
  expectReport(before + after + "if (first > 100.0f) set_mask_count();\n",
               "race: 'dst' writes UB 0x100");
}

TEST_F(Check, WhatAnInstructionTakesHasBeenLoaded) {
  const std::string before =
      std::string(kLoad) + kLoaded + kAdd +
      "set_flag(PIPE_V, PIPE_S, 0); wait_flag(PIPE_V, PIPE_S, 0);\n"
      "float first = b[3];\n";
  const std::string takes =
      "pipe_barrier(PIPE_V);\n"
      "vmuls(a, a, -first, 1, 1, 1, 8, 8); pipe_barrier(PIPE_V);\n";
  const std::string after = std::string(kAdd) + kComputed + kStore;
  expectClean(before + takes + after);
  expectReport(before + after + takes, "race: 'dst' writes UB 0x100");
}

TEST_F(Check, StoresToTheSameGmNeedABarrier) {
  expectNeeds(std::string(kLoad) + kLoaded + kAdd + kComputed + kStore,
              "pipe_barrier(PIPE_MTE3);\n", kStore,
              "put pipe_barrier(PIPE_MTE3) between them");
}

TEST_F(Check, BlocksMayNotStoreToTheSameBytes) {
  std::string body = std::string(kLoad) + kLoaded + kAdd + kComputed;
  expectReport(body + kStore, "(PIPE_MTE3 of another core) writes",
               ACL_ERROR_RT_VECTOR_CORE_EXCEPTION, 2);
  expectClean(body + "copy_ubuf_to_gm(y + 256 * block_idx, b, 0, 1, 32, 0, 0);",
              2);
}

TEST_F(Check, ParallelReadsAndDisjointWritesAreFine) {
  expectClean(std::string(kLoad) + kLoaded +
              "vadds(b, a, 1.0f, 4, 1, 1, 8, 8);\n"
              "vadds(b + 256, a + 256, 1.0f, 4, 1, 1, 8, 8);\n" +
              kComputed + kStore);
}

TEST_F(Check, MaskedLanesDoNotRace) {
  expectClean(std::string(kLoad) + kLoaded +
              "set_vector_mask(0, 0x5555555555555555);\n"
              "vadds(b, a, 1.0f, 8, 1, 1, 8, 8);\n"
              "set_vector_mask(0, 0xaaaaaaaaaaaaaaaa);\n"
              "vadds(b, a, 2.0f, 8, 1, 1, 8, 8);\n" +
              kComputed + kStore);
}

TEST_F(Check, AWaitWithoutASetIsADeadlock) {
  expectReport(std::string(kLoad) + "wait_flag(PIPE_MTE2, PIPE_V, 3);\n" + kAdd,
               "deadlock: PIPE_V waits at line 4 for flag PIPE_MTE2 -> PIPE_V "
               "id 3; nothing sets it",
               ACL_ERROR_RT_VECTOR_CORE_TIMEOUT);
}

TEST_F(Check, AScalarWaitWithoutASetIsADeadlock) {
  expectReport("wait_flag(PIPE_V, PIPE_S, 1);",
               "the scalar unit waits at line 3 for flag PIPE_V -> PIPE_S",
               ACL_ERROR_RT_VECTOR_CORE_TIMEOUT);
}

TEST_F(Check, TwoPipesThatWaitForEachOtherAreNamedBoth) {
  expectReport("wait_flag(PIPE_V, PIPE_MTE2, 0);\n"
               "set_flag(PIPE_MTE2, PIPE_V, 0);\n"
               "wait_flag(PIPE_MTE2, PIPE_V, 0);\n"
               "set_flag(PIPE_V, PIPE_MTE2, 0);\n",
               "PIPE_V waits at line 5 for flag PIPE_MTE2 -> PIPE_V id 0; "
               "PIPE_MTE2 waits at line 3",
               ACL_ERROR_RT_VECTOR_CORE_TIMEOUT);
}

TEST_F(Check, AWaitMayStandBeforeItsSetInTheText) {
  expectClean("wait_flag(PIPE_V, PIPE_MTE2, 0);\n" + std::string(kLoad) +
              "set_flag(PIPE_V, PIPE_MTE2, 0);\n");
}

TEST_F(Check, AFlagLeftSetIsUnbalanced) {
  expectReport("set_flag(PIPE_MTE2, PIPE_V, 2);",
               "unbalanced: flag PIPE_MTE2 -> PIPE_V id 2 is still set when "
               "the kernel ends");
}

TEST_F(Check, AFlagSetTwiceIsUndefined) {
  expectReport("set_flag(PIPE_MTE2, PIPE_V, 2);\n"
               "set_flag(PIPE_MTE2, PIPE_V, 2);",
               "is set already, by set_flag at line 3");
}

TEST_F(Check, PairsAndIdsOfFlagsAreTheCores) {
  expectReport("set_flag(PIPE_MTE2, PIPE_V, 8);", "the event id is 8");
  expectReport("set_flag(PIPE_MTE1, PIPE_M, 0);",
               "a vector core has no flag from PIPE_MTE1 to PIPE_M");
  expectReport("pipe_barrier(PIPE_M);", "a vector core has no PIPE_M");
  expectReport("pipe_barrier(PIPE_S);", "a vector core has no PIPE_S");
}

TEST_F(Check, MisalignedAddresses) {
  expectReport("vadds(b, a + 1, 1.0f, 1, 1, 1, 8, 8);",
               "'src' is UB 0x4, and has to be a multiple of 32");
  expectReport("copy_gm_to_ubuf(a + 2, x, 0, 1, 1, 0, 0);",
               "'dst' is UB 0x8, and has to be a multiple of 32");
}

TEST_F(Check, OutsideTheUnifiedBuffer) {
  expectReport("vadds((__ubuf__ float *)(uintptr_t)(196608 - 256), a, 1.0f, 2, "
               "1, 1, 8, 0);",
               "0x30000, which has 196608 bytes: use smaller tiles");
  expectReport("copy_gm_to_ubuf((__ubuf__ float *)(uintptr_t)196576, x, 0, 1, "
               "2, 0, 0);",
               "which has 196608 bytes");
}

TEST_F(Check, OutsideGlobalMemory) {
  expectReport("copy_gm_to_ubuf(a, x + 512 + 8, 0, 1, 1, 0, 0);",
               "outside every allocation: 2080 bytes into an allocation of "
               "2048");
  expectReport(std::string(kLoad) +
                   "set_flag(PIPE_MTE2, PIPE_MTE3, 0);"
                   "wait_flag(PIPE_MTE2, PIPE_MTE3, 0);\n"
                   "copy_ubuf_to_gm(y + 505, a, 0, 1, 1, 0, 0);",
               "'dst' writes 32 bytes at GM");
  expectReport("copy_gm_to_ubuf(a, (__gm__ float *)0, 0, 1, 1, 0, 0);",
               "a null pointer");
}

TEST_F(Check, FreedMemory) {
  Buffer x(4096);
  uint64_t address = x.at();
  void *p = nullptr;
  call("aclrtMalloc", &p, size_t(4096), ACL_MEM_MALLOC_HUGE_FIRST);
  call("aclrtFree", p);
  (void)address;
  aclrtFuncHandle f =
      kernelOf("__gm__ float *x", std::string(kPrologue) + kLoad);
  EXPECT_EQ(launch(f, 1, reinterpret_cast<uint64_t>(p)),
            ACL_ERROR_RT_VECTOR_CORE_EXCEPTION);
  EXPECT_NE(report().find("0 bytes into freed memory"), std::string::npos)
      << report();
}

TEST_F(Check, UndefinedBytesMayNotBeStored) {
  expectReport(kStore, "undefined: 'src' stores the byte at UB 0x1000");
  // They may be computed with, as long as nobody takes the result.
  expectClean(std::string(kLoad) + kLoaded +
              "set_vector_mask(0, 0xff);\n"
              "vadds(b, a, 1.0f, 1, 1, 1, 8, 8);\n"
              "pipe_barrier(PIPE_V); set_vector_mask(-1, -1);\n"
              "vadds(b, b, 1.0f, 1, 1, 1, 8, 8);\n" +
              kComputed + "copy_ubuf_to_gm(y, b, 0, 1, 1, 0, 0);");
  expectReport(std::string(kLoad) + kLoaded +
                   "set_vector_mask(0, 0xff);\n"
                   "vadds(b, a, 1.0f, 1, 1, 1, 8, 8);\n"
                   "pipe_barrier(PIPE_V); set_vector_mask(-1, -1);\n"
                   "vadds(b, b, 1.0f, 1, 1, 1, 8, 8);\n" +
                   kComputed + "copy_ubuf_to_gm(y, b, 0, 1, 2, 0, 0);",
               "stores the byte at UB 0x1020");
}

TEST_F(Check, SqueezedElementsAreAsDefinedAsTheyWere) {
  // The first of each four, of which the second ones are undefined.
  std::string squeeze =
      std::string(kLoad) + kLoaded +
      "set_vector_mask(0, 0x11111111);\n"
      "vadds(b, a, 1.0f, 1, 1, 1, 8, 8);\n"
      "pipe_barrier(PIPE_V);\n"
      "__ubuf__ uint32_t *c = (__ubuf__ uint32_t *)(uintptr_t)0x2000;\n"
      "vreducev2(c, (__ubuf__ uint32_t *)b, (__ubuf__ uint32_t *)b, 1, 1, ";
  std::string store = ", 8, 0);\n" + std::string(kComputed) +
                      "copy_ubuf_to_gm(y, (__ubuf__ float *)c, 0, 1, 1, 0, 0);";
  expectClean(squeeze + "3" + store);
  expectReport(squeeze + "4" + store, "stores the byte at UB 0x2000");
}

TEST_F(Check, TheTailOfABurstIsUndefined) {
  std::string load = "copy_gm_to_ubuf_align_b32(a, x, 0, 1, 20, 0, 0, 0, 0);\n"
                     "set_flag(PIPE_MTE2, PIPE_MTE3, 0); wait_flag(PIPE_MTE2, "
                     "PIPE_MTE3, 0);\n";
  expectReport(load + "copy_ubuf_to_gm(y, a, 0, 1, 1, 0, 0);",
               "stores the byte at UB 0x14");
  expectClean(load + "copy_ubuf_to_gm_align_b32(y, a, 0, 1, 20, 0, 0, 0, 0);");
}

TEST_F(Check, StrictModeStopsAtTheFirstUse) {
  set("GEMEL_ASCEND_SIM_UNDEFINED", "strict");
  expectReport("vadds(b, a, 1.0f, 1, 1, 1, 8, 8);",
               "undefined: 'src' uses the byte at UB 0x0");
}

TEST_F(Check, ScalarsMayNotBranchOnUndefinedBytes) {
  expectReport("if (a[0] > 1) trap();",
               "undefined: 'address' loads into a scalar the byte at UB 0x0");
}

TEST_F(Check, FieldsHaveLimits) {
  expectReport("vadds(b, a, 1.0f, 256, 1, 1, 8, 8);",
               "'repeat' is 256, and its field holds 0 to 255");
  expectReport("vadd(b, a, a, 1, 1, 1, 1, 256, 8, 8);",
               "'dstRep' is 256, and its field holds 0 to 255");
  expectReport("copy_gm_to_ubuf(a, x, 0, 4096, 1, 0, 0);",
               "'nBurst' is 4096, and its field holds 0 to 4095");
  expectReport("copy_gm_to_ubuf_align_b32(a, x, 0, 1, 1 << 21, 0, 0, 0, 0);",
               "'lenBurst' is 2097152");
  expectReport("copy_gm_to_ubuf_align_b32(a, x, 0, 1, 32, 9, 0, 0, 0);",
               "each side takes at most 32 bytes, 8 elements");
  expectReport("copy_gm_to_ubuf_align_b32(a, x, 0, 1, 30, 0, 0, 0, 0);",
               "no whole elements of 4");
}

TEST_F(Check, NarrowRowsUnderThatReading) {
  std::string load = "copy_gm_to_ubuf_align_b32(a, x, 0, 4, 16, 0, 0, 0, 0);";
  expectClean(load);
  set("GEMEL_ASCEND_SIM_NARROW_ROWS", "refuse");
  expectReport(load, "less than 32 bytes a row may come out wrong");
}

TEST_F(Check, PointersToConstantsAreSources) {
  expectClean("__gm__ const float *c = x;\n"
              "copy_gm_to_ubuf_align_b32(a, c, 0, 1, 64, 0, 0, 0, 0);");
}

TEST_F(Check, OverlapWithinAnInstruction) {
  expectReport(std::string(kLoad) + kLoaded +
                   "vadds(a + 8, a, 1.0f, 4, 1, 1, 8, 8);",
               "overlap: iteration 0 writes UB 0x20, which 'src' reads");
  // In place is fine, and so is the running sum.
  expectClean(std::string(kLoad) + kLoaded +
              "vadds(a, a, 1.0f, 8, 1, 1, 8, 8);\n");
  expectClean(std::string(kLoad) + kLoaded +
              "vector_dup(b, 0.0f, 1, 1, 1, 8, 0); pipe_barrier(PIPE_V);\n"
              "vadd(b, a, b, 8, 1, 1, 1, 0, 8, 0);\n");
}

TEST_F(Check, AKernelHasToSetItsMask) {
  aclrtFuncHandle f = kernelOf(
      "", "vector_dup((__ubuf__ float *)(uintptr_t)0, 1.0f, 1, 1, 1, 8, 0);");
  EXPECT_EQ(launch(f, 1), ACL_ERROR_RT_VECTOR_CORE_EXCEPTION);
  EXPECT_NE(report().find("no mask has been set"), std::string::npos);
}

TEST_F(Check, ScalarStoresToGmNeedTheCacheWrittenBack) {
  expectReport("y[0] = 1.0f;", "still in the data cache when the kernel ends");
  expectClean("y[0] = 1.0f; dcci(y, SINGLE_CACHE_LINE, CACHELINE_OUT);");
  set("GEMEL_ASCEND_SIM_END_FLUSH", "yes");
  expectClean("y[0] = 1.0f;");
}

TEST_F(Check, ScalarStoresThenLoadsByDma) {
  expectNeeds("x[0] = 1.0f;\n",
              "dcci(x, SINGLE_CACHE_LINE, CACHELINE_OUT); "
              "pipe_barrier(PIPE_ALL);\n",
              "copy_gm_to_ubuf(a, x, 0, 1, 1, 0, 0);\n"
              "dcci(x, SINGLE_CACHE_LINE, CACHELINE_OUT);",
              "write the line back first: dcci");
}

TEST_F(Check, ScalarLoadsOfStoredGmNeedTheCacheInvalidated) {
  expectNeeds(std::string(kLoad) + kLoaded + kAdd + kComputed + kStore +
                  "set_flag(PIPE_MTE3, PIPE_S, 0); "
                  "wait_flag(PIPE_MTE3, PIPE_S, 0);\n",
              "dcci(y, SINGLE_CACHE_LINE);\n", "if (y[0] < 0) trap();",
              "stale: reads GM");
}

TEST_F(Check, CoresNeedTheirOwnLinesForScalarStores) {
  expectReport("y[block_idx] = 1.0f;\n"
               "dcci(y + block_idx, SINGLE_CACHE_LINE, CACHELINE_OUT);",
               "shared line: writes back the 64 bytes",
               ACL_ERROR_RT_VECTOR_CORE_EXCEPTION, 2);
  expectClean("y[block_idx * 16] = 1.0f;\n"
              "dcci(y + block_idx * 16, SINGLE_CACHE_LINE, CACHELINE_OUT);",
              2);
}

TEST_F(Check, AtomicModeNeedsABarrier) {
  std::string store = std::string(kLoad) + kLoaded + kAdd + kComputed +
                      "set_atomic_add(); set_atomic_f32();\n" + kStore;
  expectNeeds(store, "pipe_barrier(PIPE_MTE3);\n", "set_atomic_none();",
              "the mode of atomics changes while a store");
}

TEST_F(Check, AtomicStoresOfBlocksDoNotRace) {
  expectClean(std::string(kLoad) + kLoaded + kAdd + kComputed +
                  "set_atomic_add(); set_atomic_f32();\n" + kStore +
                  "pipe_barrier(PIPE_MTE3); set_atomic_none();",
              4);
}

TEST_F(Check, TheStackIsSmall) {
  auto body = [](const std::string &count) {
    return "volatile int big[" + count + "]; for (int i = 0; i < " + count +
           "; ++i) big[i] = i;\npipe_barrier(PIPE_ALL); "
           "if (big[block_idx + 1] == 2) trap();";
  };
  expectReport(body("10000"), "bytes of stack, and the scalar unit has 32768");
  expectClean(body("4000"));
}

TEST_F(Check, FaultsOfScalarCodeAreReported) {
  expectReport("int64_t zero = block_num - 1;\nif (7 % zero) trap();",
               "scalar code divides by zero",
               ACL_ERROR_RT_VECTOR_CORE_TRAP_EXCEPTION);
  expectReport("volatile int *p = (volatile int *)(block_num * 8);\n*p = 1;",
               "uses a pointer to nothing of its own",
               ACL_ERROR_RT_VECTOR_CORE_TRAP_EXCEPTION);
  expectClean("");
}

TEST_F(Check, ATrapIsReported) {
  expectReport("trap();", "the kernel trapped",
               ACL_ERROR_RT_VECTOR_CORE_TRAP_EXCEPTION);
}

TEST_F(Check, AnEndlessLoopIsReported) {
  set("GEMEL_ASCEND_SIM_LIMIT", "100000");
  expectReport("volatile int go = 1; while (go) ;\n", "has not ended",
               ACL_ERROR_RT_VECTOR_CORE_TIMEOUT);
}

TEST_F(Check, SoIsWhatTakesTooManyInstructions) {
  set("GEMEL_ASCEND_SIM_LIMIT", "2");
  expectReport("", "has not ended", ACL_ERROR_RT_VECTOR_CORE_TIMEOUT);
}

TEST_F(Check, ReportsQuoteTheLineAndTheOperatorsLine) {
  EXPECT_EQ(run("// rms_norm.mlir:12\nset_flag(PIPE_MTE2, PIPE_V, 8);"),
            ACL_ERROR_RT_VECTOR_CORE_EXCEPTION);
  EXPECT_NE(report().find("kernel 'k', block 0 (vector core)"),
            std::string::npos)
      << report();
  EXPECT_NE(report().find(".cce:4 `set_flag(PIPE_MTE2, PIPE_V, 8);` "
                          "(rms_norm.mlir:12)"),
            std::string::npos)
      << report();
  call<void>("gemelAscendSimReset");
  EXPECT_EQ(run("#line 7 \"op.mlir\"\nset_flag(PIPE_MTE2, PIPE_V, 8);"),
            ACL_ERROR_RT_VECTOR_CORE_EXCEPTION);
  EXPECT_NE(report().find("op.mlir:7"), std::string::npos) << report();
}

TEST_F(Check, AReportStaysUntilReset) {
  EXPECT_NE(run("trap();"), ACL_SUCCESS);
  EXPECT_NE(call("aclrtSynchronizeStream", aclrtStream(nullptr)), ACL_SUCCESS);
  call<void>("gemelAscendSimReset");
  EXPECT_EQ(call("aclrtSynchronizeStream", aclrtStream(nullptr)), ACL_SUCCESS);
}

} // namespace
