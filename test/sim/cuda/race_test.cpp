// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Races: each kernel has one missing order, and a twin that has it.

#include "sim.h"

using namespace simtest;

namespace {

class Race : public Sim {
protected:
  std::string kernel(const std::string &here) {
    return R"(
.visible .entry k(.param .u64 p, .param .u64 q) {
  .reg .b32 %r<9>;
  .reg .b64 %x<9>;
  .reg .pred %p<4>;
  .shared .align 16 .b8 s[512];
  ld.param.u64 %x0, [p];
  ld.param.u64 %x1, [q];
  mov.u32 %r0, %tid.x;
  mov.u32 %r1, s;
  mad.lo.u32 %r2, %r0, 4, %r1;
  xor.b32 %r3, %r0, 1;
  mad.lo.u32 %r3, %r3, 4, %r1;
  mov.u32 %r4, %ctaid.x;
)" + here + "\n  ret;\n}\n";
  }
  std::string outcome(const std::string &here, unsigned grid,
                      unsigned threads) {
    Buffer p(std::vector<uint32_t>(256)), q(std::vector<uint32_t>(256));
    CUresult e = run(kernel(here), grid, threads, 0, p.address, q.address);
    std::string text = report();
    EXPECT_EQ(e, text.empty() ? CUDA_SUCCESS : CUDA_ERROR_LAUNCH_FAILED)
        << text;
    call<void>("gemelCudaSimReset");
    return text;
  }
  void races(const std::string &here, unsigned grid, unsigned threads) {
    std::string text = outcome(here, grid, threads);
    EXPECT_EQ(text.substr(0, 6), "race: ") << text << "\n" << here;
  }
  void silent(const std::string &here, unsigned grid, unsigned threads) {
    EXPECT_EQ(outcome(here, grid, threads), "") << here;
  }
};

/// Launched so that the launch before it may still run.
class Overlap : public Race {
protected:
  std::string overlapped(const std::string &here, int allowed = 1) {
    Buffer p(std::vector<uint32_t>(256)), q(std::vector<uint32_t>(256));
    CUlaunchAttribute attribute = {};
    attribute.id = CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION;
    attribute.value.programmaticStreamSerializationAllowed = allowed;
    CUlaunchConfig config = {2, 1, 1, 64, 1, 1, 0, nullptr, &attribute, 1};
    void *params[] = {&p.address, &q.address};
    EXPECT_EQ(call("cuLaunchKernelEx",
                   static_cast<const CUlaunchConfig *>(&config),
                   function(load(kernel(here))), static_cast<void **>(params),
                   static_cast<void **>(nullptr)),
              CUDA_SUCCESS);
    CUresult e = call("cuCtxSynchronize");
    std::string text = report();
    EXPECT_EQ(e, text.empty() ? CUDA_SUCCESS : CUDA_ERROR_LAUNCH_FAILED);
    call<void>("gemelCudaSimReset");
    return text;
  }
};

TEST_F(Overlap, WaitsBeforeItReads) {
  const std::string read = "ld.global.u32 %r5, [%x0];\n",
                    wait = "griddepcontrol.wait;\n",
                    next = "griddepcontrol.launch_dependents;\n";
  EXPECT_EQ(overlapped(next + wait + read), "");
  EXPECT_EQ(overlapped(wait + next + read + wait), "");
  EXPECT_EQ(overlapped(read + wait),
            "read of 4 bytes of global memory while the launch before may "
            "still run: race; wait for it first (griddepcontrol.wait); kernel "
            "'k', CTA (0,0,0), thread (0,0,0), at PTX line 18: `ld.global.u32 "
            "%r5, [%x0];`");
  EXPECT_EQ(overlapped(read + wait, /*allowed=*/0), "");
  // Lanes that wait do not wait for the others.
  EXPECT_NE(overlapped("setp.lt.u32 %p0, %r0, 40;\n@%p0 " + wait + read), "");
  EXPECT_NE(overlapped("setp.lt.u32 %p0, %r0, 40;\n@%p0 " + wait +
                       "st.shared.u32 [%r2], %r0;"),
            "");
}

TEST_F(Overlap, WaitsBeforeItEnds) {
  EXPECT_EQ(overlapped("").substr(0, 60),
            "the thread exits and has not waited for the launch before (g");
  EXPECT_EQ(overlapped("griddepcontrol.wait;"), "");
}

TEST_F(Race, MissingBarrier) {
  // Threads of two warps: 1 and 33.
  const std::string write = "st.shared.u32 [%r2], %r0;\n",
                    read = "xor.b32 %r5, %r0, 32; mad.lo.u32 %r5, %r5, 4, "
                           "%r1;\nld.shared.u32 %r6, [%r5];";
  std::string seed =
      getenv("GEMEL_CUDA_SIM_SEED") ? getenv("GEMEL_CUDA_SIM_SEED") : "";
  // Without a seed warp 0 comes first.
  unsetenv("GEMEL_CUDA_SIM_SEED");
  EXPECT_EQ(outcome("setp.lt.u32 %p0, %r0, 32;\n@%p0 bra skip;\n"
                    "xor.b32 %r5, %r0, 32;\nmad.lo.u32 %r5, %r5, 4, %r1;\n"
                    "ld.shared.u32 %r6, [%r5];\nbra end;\nskip:\n" +
                        write + "end:",
                    1, 64),
            "race: read of 4 bytes of shared memory at 's' + 0 is not ordered "
            "with the write by CTA (0,0,0), thread (0,0,0) at PTX line 25: "
            "`st.shared.u32 [%r2], %r0;`; kernel 'k', CTA (0,0,0), thread "
            "(32,0,0), at PTX line 22: `ld.shared.u32 %r6, [%r5];`");
  if (!seed.empty())
    setenv("GEMEL_CUDA_SIM_SEED", seed.c_str(), 1);
  silent(write + "bar.sync 0;\n" + read, 1, 64);
  // Reading, then writing for the next round, needs a barrier as well.
  races(write + "bar.sync 0;\n" + read + "\nst.shared.u32 [%r2], %r6;", 1, 64);
  silent(write + "bar.sync 0;\n" + read +
             "\nbar.sync 0;\nst.shared.u32 [%r2], %r6;",
         1, 64);
}

TEST_F(Race, WriteAfterReads) {
  // One reader, and the readers of two warps, before a thread that writes.
  const std::string one = "setp.eq.u32 %p0, %r0, 0;\n"
                          "@%p0 ld.global.u32 %r5, [%x0];\n",
                    all = "ld.global.u32 %r5, [%x0];\n",
                    write = "setp.eq.u32 %p1, %r0, 40;\n"
                            "@%p1 st.global.u32 [%x0], %r0;";
  for (const std::string &read : {one, all}) {
    races(read + write, 1, 64);
    silent(read + "bar.sync 0;\n" + write, 1, 64);
  }
}

TEST_F(Race, BytesOfOneWordAreApart) {
  silent("add.u32 %r5, %r0, %r1; st.shared.u8 [%r5], %r0;", 1, 64);
  races("shr.u32 %r5, %r0, 1; add.u32 %r5, %r5, %r1; st.shared.u8 [%r5], %r0;",
        1, 64);
}

TEST_F(Race, LanesOfOneStore) {
  races("st.shared.u32 [s], %r0;", 1, 32);
  silent("mov.u32 %r5, 3; st.shared.u32 [s], %r5;", 1, 32);
  // Equal values of different instructions race: of two warps.
  races("mov.u32 %r5, 3; st.shared.u32 [s], %r5;", 1, 64);
}

TEST_F(Race, MissingWarpSync) {
  const std::string write = "st.shared.u32 [%r2], %r0;\n",
                    read = "ld.shared.u32 %r5, [%r3];";
  races(write + read, 1, 32);
  silent(write + "bar.warp.sync -1;\n" + read, 1, 32);
  // A shuffle orders no memory.
  races(write + "shfl.sync.idx.b32 %r6, %r0, 0, 31, -1;\n" + read, 1, 32);
}

TEST_F(Race, WarpSyncOrdersOnlyItsMembers) {
  const std::string write = "st.shared.u32 [%r2], %r0;\n";
  // Lanes 0-15 and 16-31 sync among themselves, then read across.
  const std::string halves =
      "setp.lt.u32 %p0, %r0, 16;\nmov.u32 %r5, 0xffff0000;\n"
      "@%p0 mov.u32 %r5, 0xffff;\n@%p0 bra low;\nbar.warp.sync %r5;\n"
      "bra meet;\nlow:\nbar.warp.sync %r5;\nmeet:\n";
  silent(write + halves + "ld.shared.u32 %r6, [%r3];", 1, 32);
  races(write + halves +
            "xor.b32 %r7, %r0, 16; mad.lo.u32 %r7, %r7, 4, %r1;\n"
            "ld.shared.u32 %r6, [%r7];",
        1, 32);
}

TEST_F(Race, BetweenCtas) {
  races("st.global.u32 [%x0], %r4;", 2, 1);
  silent("mad.wide.u32 %x2, %r4, 4, %x0; st.global.u32 [%x2], %r4;", 2, 1);
  silent("red.global.add.u32 [%x0], 1;", 2, 64);
  // An update and a plain write conflict.
  races("setp.eq.u32 %p0, %r4, 0;\n@%p0 red.global.add.u32 [%x0], 1;\n"
        "@!%p0 st.global.u32 [%x0], 7;",
        2, 1);
}

TEST_F(Race, KernelsOfAStreamAreOrdered) {
  Buffer p(std::vector<uint32_t>(256)), q(std::vector<uint32_t>(256));
  CUfunction f = function(load(kernel("st.global.u32 [%x0], %r0;")));
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(launch(f, 1, 1, 0, p.address, q.address), CUDA_SUCCESS);
}

/// CTA 0 writes data and raises a flag; CTA 1 waits for it and reads.
std::string handOver(const std::string &beforeFlag, const std::string &flag,
                     const std::string &look, const std::string &afterFlag) {
  return "setp.ne.u32 %p0, %r4, 0;\n@%p0 bra wait;\nst.global.u32 [%x0], 5;\n" +
         beforeFlag + "\n" + flag + " [%x1], 1;\nret;\nwait:\n" + look +
         " %r5, [%x1];\nsetp.ne.u32 %p1, %r5, 1;\n@%p1 bra wait;\n" +
         afterFlag + "\nld.global.u32 %r6, [%x0];";
}

TEST_F(Race, FlagHandOver) {
  const std::string store = "st.relaxed.gpu.global.u32",
                    look = "ld.relaxed.gpu.global.u32",
                    fence = "fence.acq_rel.gpu;";
  silent(handOver(fence, store, look, fence), 2, 1);
  races(handOver("", store, look, fence), 2, 1);
  races(handOver(fence, store, look, ""), 2, 1);
  silent(handOver("membar.gl;", store, look, "membar.gl;"), 2, 1);
  silent(handOver("", "st.release.gpu.global.u32", "ld.acquire.gpu.global.u32",
                  ""),
         2, 1);
  races(handOver("", "st.release.gpu.global.u32", look, ""), 2, 1);
  silent(handOver(fence, "red.relaxed.gpu.global.add.u32",
                  "ld.acquire.gpu.global.u32", ""),
         2, 1);
  silent(handOver("", "red.release.gpu.global.add.u32", look, fence), 2, 1);
  // A flag of plain accesses is a race itself.
  races(handOver(fence, "st.global.u32", look, fence), 2, 1);
  // Strong within the CTA only, but read from another.
  races(handOver(fence, "st.relaxed.cta.global.u32", look, fence), 2, 1);
}

TEST_F(Race, FenceCoversWhatABarrierOrderedBefore) {
  // All threads write; after the barrier thread 0 releases for all of them.
  auto text = [](const std::string &barrier) {
    return "mad.wide.u32 %x2, %r0, 4, %x0;\nsetp.ne.u32 %p2, %r0, 0;\n"
           "setp.ne.u32 %p0, %r4, 0;\n@%p0 bra wait;\n"
           "st.global.u32 [%x2], %r0;\n" +
           barrier +
           "\n@%p2 bra out;\nfence.acq_rel.gpu;\n"
           "st.relaxed.gpu.global.u32 [%x1], 1;\nout:\nret;\nwait:\n"
           "@%p2 bra meet;\nagain:\nld.acquire.gpu.global.u32 %r5, [%x1];\n"
           "setp.ne.u32 %p1, %r5, 1;\n@%p1 bra again;\nmeet:\nbar.sync 0;\n"
           "ld.global.u32 %r6, [%x2];";
  };
  silent(text("bar.sync 0;"), 2, 64);
  races(text(""), 2, 64);
}

TEST_F(Race, NamedBarriersOrderTheirThreads) {
  // Warp 0 arrives, warp 1 waits: producer and consumer.
  auto text = [](const std::string &produce, const std::string &consume) {
    return "setp.ge.u32 %p0, %r0, 32;\n@%p0 bra consumer;\n"
           "st.shared.u32 [%r2], %r0;\n" +
           produce + "\nret;\nconsumer:\n" + consume +
           "\nld.shared.u32 %r5, [%r2+-128];";
  };
  silent(text("bar.arrive 3, 64;", "bar.sync 3, 64;"), 1, 64);
  // The consumer arrives only: it may be too early.
  std::string e = outcome(text("bar.sync 3, 64;", "bar.arrive 3, 64;"), 1, 64);
  EXPECT_NE(e, "");
}

TEST_F(Race, MBarrierHandsOver) {
  // Warp 0 fills shared memory and arrives; warp 1 waits for the phase.
  auto text = [](const std::string &initBarrier, const std::string &arrive,
                 const std::string &wait) {
    return "setp.eq.u32 %p0, %r0, 0;\n"
           "@%p0 mbarrier.init.shared.b64 [s+256], 32;\n" +
           initBarrier +
           "\nsetp.ge.u32 %p1, %r0, 32;\n@%p1 bra consumer;\n"
           "st.shared.u32 [%r2], %r0;\n" +
           arrive + " _, [s+256];\nret;\nconsumer:\n" + wait +
           "\n@!%p2 bra consumer;\nld.shared.u32 %r5, [%r2+-128];";
  };
  const std::string arrive = "mbarrier.arrive.shared.b64",
                    wait = "mbarrier.try_wait.parity.shared.b64 %p2, [s+256], "
                           "0;";
  silent(text("bar.sync 0;", arrive, wait), 1, 64);
  // Nothing makes the initialisation known to the others.
  std::string e = outcome(text("", arrive, wait), 1, 64);
  EXPECT_NE(e, "");
  // Without a wait the data may not be there.
  EXPECT_NE(
      outcome(text("bar.sync 0;", arrive, "setp.eq.u32 %p2, %r0, %r0;"), 1, 64),
      "");
  // A relaxed wait sees the phase, not what came before it.
  races(text("bar.sync 0;", arrive,
             "mbarrier.try_wait.parity.relaxed.cta.shared.b64 %p2, [s+256], "
             "0;"),
        1, 64);
}

TEST_F(Race, FastModeDoesNotLook) {
  setenv("GEMEL_CUDA_SIM", "fast", 1);
  silent("st.shared.u32 [s], %r0;", 1, 64);
  unsetenv("GEMEL_CUDA_SIM");
}

TEST_F(Race, NamesTheAllocationThatHoldsTheAddress) {
  // p, though q lies behind it.
  EXPECT_NE(outcome("st.global.u32 [%x0+8], %r0;", 1, 64)
                .find("(1024 bytes) + 8 is not ordered"),
            std::string::npos);
}

} // namespace
