// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each memory and barrier check: a kernel with exactly that bug, the report's
// sentence, and the repaired kernel, which is silent.

#include "sim.h"

using namespace simtest;

namespace {

class Check : public Sim {
protected:
  // Sentences name the first thread in the order without a seed.
  void SetUp() override {
    if (const char *s = getenv("GEMEL_CUDA_SIM_SEED"))
      seed = s;
    unsetenv("GEMEL_CUDA_SIM_SEED");
    Sim::SetUp();
  }
  void TearDown() override {
    Sim::TearDown();
    if (!seed.empty())
      setenv("GEMEL_CUDA_SIM_SEED", seed.c_str(), 1);
  }
  std::string seed;

  /// A kernel of 64 threads with pointer %x0 and %r0 = tid; HERE is replaced.
  std::string kernel(const std::string &here) {
    return R"(
.visible .entry k(.param .u64 p) {
  .reg .b32 %r<9>;
  .reg .b64 %x<9>;
  .reg .b16 %h<4>;
  .reg .pred %p<4>;
  .shared .align 16 .b8 s[256];
  .local .align 8 .b8 l[16];
  ld.param.u64 %x0, [p];
  mov.u32 %r0, %tid.x;
  mov.u32 %r1, s;
  mad.lo.u32 %r2, %r0, 4, %r1;
  mad.wide.u32 %x1, %r0, 4, %x0;
)" + here + "\n  ret;\n}\n";
  }
  void fails(const std::string &here, CUresult code, const std::string &text,
             unsigned threads = 64) {
    Buffer b(256);
    EXPECT_EQ(run(kernel(here), 1, threads, 0, b.address), code);
    EXPECT_EQ(report(), text);
    // Sticky: nothing works any more.
    EXPECT_EQ(call("cuCtxSynchronize"), code);
    CUdeviceptr p;
    EXPECT_EQ(call("cuMemAlloc_v2", &p, size_t(4)), code);
    call<void>("gemelCudaSimReset");
  }
  void works(const std::string &here, unsigned threads = 64) {
    Buffer b(256);
    EXPECT_EQ(run(kernel(here), 1, threads, 0, b.address), CUDA_SUCCESS);
    EXPECT_EQ(report(), "");
  }
  /// The allocation's number changes from test to test.
  std::string allocation() {
    CUdeviceptr p;
    call("cuMemAlloc_v2", &p, size_t(1));
    uint64_t id = 0;
    call("cuPointerGetAttribute", static_cast<void *>(&id),
         int(CU_POINTER_ATTRIBUTE_BUFFER_ID), p);
    call("cuMemFree_v2", p);
    return "allocation " + std::to_string(id + 1) + " (256 bytes";
  }
};

TEST_F(Check, GlobalOutOfBounds) {
  std::string a = allocation();
  fails("st.global.u32 [%x1+4], %r0;", CUDA_ERROR_ILLEGAL_ADDRESS,
        "out of bounds write of 4 bytes of global memory at " + a +
            ") + 256; kernel 'k', CTA (0,0,0), thread (63,0,0), at PTX line "
            "17: `st.global.u32 [%x1+4], %r0;`");
  works("st.global.u32 [%x1], %r0;");
}

TEST_F(Check, GlobalOutOfBoundsByOneByte) {
  std::string a = allocation();
  fails("cvt.u64.u32 %x2, %r0; add.u64 %x2, %x2, %x0; mov.b16 %h0, 1;"
        "st.global.u8 [%x2+193], %h0;",
        CUDA_ERROR_ILLEGAL_ADDRESS,
        "out of bounds write of 1 byte of global memory at " + a +
            ") + 256; kernel 'k', CTA (0,0,0), thread (63,0,0), at PTX line "
            "17: `cvt.u64.u32 %x2, %r0; add.u64 %x2, %x2, %x0; mov.b16 %h0, "
            "1;st.global.u8 [%x2+193], %h0;`");
  works("cvt.u64.u32 %x2, %r0; add.u64 %x2, %x2, %x0; mov.b16 %h0, 1;"
        "st.global.u8 [%x2+192], %h0;");
}

TEST_F(Check, GlobalAcrossTheEnd) {
  // The last of 255 bytes: three of the four are inside.
  Buffer b(255);
  EXPECT_EQ(run(kernel("st.global.u32 [%x1], %r0;"), 1, 64, 0, b.address),
            CUDA_ERROR_ILLEGAL_ADDRESS);
  EXPECT_NE(report().find("out of bounds write of 4 bytes of global memory"),
            std::string::npos);
  EXPECT_NE(report().find("(255 bytes) + 252;"), std::string::npos) << report();
}

TEST_F(Check, SharedOutOfBounds) {
  fails("st.shared.u32 [%r2+4], %r0;", CUDA_ERROR_ILLEGAL_ADDRESS,
        "out of bounds write of 4 bytes of shared memory at shared memory + "
        "256 (of 256 bytes); kernel 'k', CTA (0,0,0), thread (63,0,0), at PTX "
        "line 17: `st.shared.u32 [%r2+4], %r0;`");
  works("st.shared.u32 [%r2], %r0;");
}

TEST_F(Check, SharedAcrossTheEnd) {
  const std::string text = ".visible .entry k() {\n.reg .b32 %r<2>;\n"
                           ".shared .align 4 .b8 s[250];\nmov.u32 %r0, 1;\n"
                           "st.shared.u32 [s+248], %r0;\nret;\n}";
  EXPECT_EQ(run(text, 1, 1, 0), CUDA_ERROR_ILLEGAL_ADDRESS);
  EXPECT_NE(report().find("at 's' + 248"), std::string::npos) << report();
}

TEST_F(Check, BarriersCountWholeWarps) {
  // 48 threads are two warps, 64 arrivals.
  works("bar.sync 1, 64;", 48);
}

TEST_F(Check, LocalOutOfBounds) {
  fails("st.local.u32 [l+16], %r0;", CUDA_ERROR_ILLEGAL_ADDRESS,
        "out of bounds write of 4 bytes of local memory at local memory + 16; "
        "kernel 'k', CTA (0,0,0), thread (0,0,0), at PTX line 17: "
        "`st.local.u32 [l+16], %r0;`");
  works("st.local.u32 [l+12], %r0;");
}

TEST_F(Check, Misaligned) {
  std::string a = allocation();
  fails("st.global.v2.u32 [%x1], {%r0, %r0};", CUDA_ERROR_MISALIGNED_ADDRESS,
        "misaligned write of 8 bytes of global memory at " + a +
            ") + 4; kernel 'k', CTA (0,0,0), thread (1,0,0), at PTX line 17: "
            "`st.global.v2.u32 [%x1], {%r0, %r0};`");
  works("mad.wide.u32 %x1, %r0, 8, %x0; st.global.v2.u32 [%x1], {%r0, %r0};",
        32);
}

TEST_F(Check, UninitialisedGlobal) {
  std::string a = allocation();
  fails("ld.global.u32 %r3, [%x1];", CUDA_ERROR_LAUNCH_FAILED,
        "uninitialised read of 4 bytes of global memory at " + a +
            ") + 0; kernel 'k', CTA (0,0,0), thread (0,0,0), at PTX line 17: "
            "`ld.global.u32 %r3, [%x1];`");
  works("st.global.u32 [%x1], %r0; ld.global.u32 %r3, [%x1];");
}

TEST_F(Check, UninitialisedSharedByte) {
  fails("mov.b16 %h0, 0; st.shared.u8 [%r2], %h0; st.shared.u8 [%r2+1], %h0;\n"
        "st.shared.u8 [%r2+3], %h0;\nld.shared.u32 %r3, [%r2];",
        CUDA_ERROR_LAUNCH_FAILED,
        "uninitialised read of 4 bytes of shared memory at 's' + 2; kernel "
        "'k', CTA (0,0,0), thread (0,0,0), at PTX line 19: `ld.shared.u32 "
        "%r3, [%r2];`");
  works("st.shared.u32 [%r2], %r0; ld.shared.u32 %r3, [%r2];");
}

TEST_F(Check, UninitialisedLocal) {
  fails("ld.local.u32 %r3, [l+8];", CUDA_ERROR_LAUNCH_FAILED,
        "uninitialised read of 4 bytes of local memory at local memory + 8; "
        "kernel 'k', CTA (0,0,0), thread (0,0,0), at PTX line 17: "
        "`ld.local.u32 %r3, [l+8];`");
  works("st.local.u32 [l+8], %r0; ld.local.u32 %r3, [l+8];");
}

TEST_F(Check, LocalMemoryOfACallIsFresh) {
  auto text = [&](const char *second) {
    return R"(
.func f(.param .b32 writes) {
  .local .align 4 .b8 a[4];
  .reg .b32 %r<2>; .reg .pred %p;
  ld.param.b32 %r0, [writes];
  setp.ne.u32 %p, %r0, 0;
  @%p st.local.u32 [a], %r0;
  ld.local.u32 %r1, [a];
  ret;
}
)" + kernel(std::string("{ .param .b32 w; st.param.b32 [w], 1; call f, (w); }"
                        "\n{ .param .b32 w; st.param.b32 [w], ") +
            second + "; call f, (w); }");
  };
  Buffer b(256);
  EXPECT_EQ(run(text("2"), 1, 64, 0, b.address), CUDA_SUCCESS) << report();
  EXPECT_EQ(run(text("0"), 1, 64, 0, b.address), CUDA_ERROR_LAUNCH_FAILED);
  EXPECT_NE(report().find("uninitialised read of 4 bytes of local memory"),
            std::string::npos);
}

TEST_F(Check, UseAfterFree) {
  std::string name = allocation();
  CUdeviceptr p;
  call("cuMemAlloc_v2", &p, size_t(256));
  call("cuMemFree_v2", p);
  EXPECT_EQ(run(kernel("st.global.u32 [%x1], %r0;"), 1, 64, 0, p),
            CUDA_ERROR_ILLEGAL_ADDRESS);
  EXPECT_EQ(report(),
            "use after free: write of 4 bytes of global memory at " + name +
                ", freed) + 0; kernel 'k', CTA (0,0,0), thread (0,0,0), at PTX "
                "line 17: `st.global.u32 [%x1], %r0;`");
}

TEST_F(Check, HostAddress) {
  int host = 0;
  CUdeviceptr p = reinterpret_cast<CUdeviceptr>(&host) & ~CUdeviceptr(255);
  EXPECT_EQ(run(kernel("st.global.u32 [%x1], %r0;"), 1, 64, 0, p),
            CUDA_ERROR_ILLEGAL_ADDRESS);
}

TEST_F(Check, DivergentBarrier) {
  fails("setp.lt.u32 %p0, %r0, 16;\n@%p0 bar.sync 0;", CUDA_ERROR_LAUNCH_FAILED,
        "divergent barrier: lanes 0x0000ffff arrive at barrier 0 and lanes "
        "0xffff0000 of the same warp do not; kernel 'k', CTA (0,0,0), thread "
        "(0,0,0), at PTX line 18: `@%p0 bar.sync 0;`");
  works("bar.sync 0;");
}

TEST_F(Check, ExitedThreadsAreNotWaitedFor) {
  // A whole warp leaves early; the other's barrier completes.
  works("setp.ge.u32 %p0, %r0, 32;\n@%p0 exit;\nbar.sync 0;");
}

TEST_F(Check, DeadlockAtDifferentBarriers) {
  fails("setp.ge.u32 %p0, %r0, 32;\n@%p0 bra other;\nbar.sync 1, 64;\nret;\n"
        "other:\nbar.sync 2, 64;",
        CUDA_ERROR_LAUNCH_TIMEOUT,
        "deadlock in kernel 'k': warp 0 of CTA (0,0,0) waits at barrier 1 (32 "
        "of 64 threads are there) at PTX line 19: `bar.sync 1, 64;`; warp 1 "
        "of CTA (0,0,0) waits at barrier 2 (32 of 64 threads are there) at "
        "PTX line 22: `bar.sync 2, 64;`");
  works("setp.ge.u32 %p0, %r0, 32;\n@%p0 bra other;\nbar.sync 1, 64;\nret;\n"
        "other:\nbar.sync 1, 64;");
}

TEST_F(Check, DeadlockAtAnMBarrier) {
  const std::string wait =
      "\nbar.sync 0;\nagain:\nmbarrier.try_wait.parity.shared.b64 %p1, "
      "[s], 0;\n@!%p1 bra again;";
  const std::string init = "setp.eq.u32 %p0, %r0, 0;\n@%p0 "
                           "mbarrier.init.shared.b64 [s], ";
  fails(init + "33;\nbar.sync 0;\nmbarrier.arrive.shared.b64 _, [s];" + wait,
        CUDA_ERROR_LAUNCH_TIMEOUT,
        "deadlock in kernel 'k': warp 0 of CTA (0,0,0) waits for what it "
        "reads to change at PTX line 23: `mbarrier.try_wait.parity.shared.b64 "
        "%p1, [s], 0;`",
        32);
  works(init + "32;\nbar.sync 0;\nmbarrier.arrive.shared.b64 _, [s];" + wait,
        32);
}

TEST_F(Check, EndlessLoop) {
  setenv("GEMEL_CUDA_SIM_LIMIT", "100000", 1);
  Buffer b(256);
  EXPECT_EQ(run(kernel("again:\nbra again;"), 1, 64, 0, b.address),
            CUDA_ERROR_LAUNCH_TIMEOUT);
  EXPECT_NE(report().find("and has not ended (GEMEL_CUDA_SIM_LIMIT)"),
            std::string::npos);
  unsetenv("GEMEL_CUDA_SIM_LIMIT");
}

TEST_F(Check, Trap) {
  fails("setp.eq.u32 %p0, %r0, 40;\n@%p0 trap;", CUDA_ERROR_LAUNCH_FAILED,
        "trap; kernel 'k', CTA (0,0,0), thread (40,0,0), at PTX line 18: "
        "`@%p0 trap;`");
}

TEST_F(Check, SourceLinesAreNamed) {
  Buffer b(256);
  EXPECT_EQ(run(".file 1 \"made.mlir\"\n" +
                    kernel(".loc 1 12 3\nst.global.u32 [%x1+4], %r0;"),
                1, 64, 0, b.address),
            CUDA_ERROR_ILLEGAL_ADDRESS);
  EXPECT_NE(report().find("at PTX line 19: `st.global.u32 [%x1+4], %r0;` "
                          "(made.mlir:12)"),
            std::string::npos)
      << report();
}

} // namespace
