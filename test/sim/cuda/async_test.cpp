// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cp.async: groups, zero fill, late arrival, races with unfinished copies.

#include "sim.h"

using namespace simtest;

namespace {

class Async : public Sim {
protected:
  std::string kernel(const std::string &here) {
    return R"(
.visible .entry k(.param .u64 p, .param .u64 q) {
  .reg .b32 %r<9>;
  .reg .b64 %x<9>;
  .reg .pred %p<4>;
  .shared .align 16 .b8 s[1024];
  .shared .align 8 .b8 m[8];
  ld.param.u64 %x0, [p];
  ld.param.u64 %x1, [q];
  mov.u32 %r0, %tid.x;
  mov.u32 %r1, s;
  mad.lo.u32 %r2, %r0, 16, %r1;
  xor.b32 %r3, %r0, 1;
  mad.lo.u32 %r3, %r3, 16, %r1;
  mad.wide.u32 %x2, %r0, 16, %x0;
  mad.wide.u32 %x3, %r0, 4, %x1;
)" + here + "\n  ret;\n}\n";
  }
  std::string outcome(const std::string &here, std::vector<uint32_t> *out) {
    std::vector<uint32_t> in(256);
    for (uint32_t i = 0; i < 256; ++i)
      in[i] = 1000 + i;
    Buffer p(in), q(std::vector<uint32_t>(64));
    CUresult e = run(kernel(here), 1, 64, 0, p.address, q.address);
    std::string text = report();
    EXPECT_EQ(e == CUDA_SUCCESS, text.empty()) << text;
    call<void>("gemelCudaSimReset");
    if (out)
      *out = q.read<uint32_t>();
    return text;
  }
};

const std::string kCopy = "cp.async.cg.shared.global [%r2], [%x2], 16;\n"
                          "cp.async.commit_group;\n";
const std::string kOut = "\nst.global.u32 [%x3], %r5;";

TEST_F(Async, CopyWaitRead) {
  std::vector<uint32_t> v;
  EXPECT_EQ(outcome(kCopy +
                        "cp.async.wait_group 0;\nld.shared.u32 %r5, "
                        "[%r2+4];" +
                        kOut,
                    &v),
            "");
  for (uint32_t t = 0; t < 64; ++t)
    EXPECT_EQ(v[t], 1000 + 4 * t + 1);
}

TEST_F(Async, ReadBeforeTheWait) {
  EXPECT_NE(
      outcome(kCopy + "ld.shared.u32 %r5, [%r2];\ncp.async.wait_all;", nullptr),
      "");
  // Filled once, so that the bytes are initialised: the race is what is left.
  std::string fill = "mov.u32 %r5, 0;\nst.shared.v4.u32 [%r2], {%r5, %r5, %r5, "
                     "%r5};\n";
  EXPECT_NE(outcome(fill + kCopy + "st.shared.u32 [%r2], %r5;", nullptr)
                .find("is not ordered with the unfinished asynchronous write"),
            std::string::npos);
}

TEST_F(Async, WaitLeavesYoungerGroups) {
  const std::string second =
      "add.u32 %r6, %r2, 0;\nmov.u32 %r4, 0;\n"
      "setp.ge.u32 %p0, %r0, 32;\n@%p0 ret;\n"
      "cp.async.ca.shared.global [%r2], [%x2], 16;\ncp.async.commit_group;\n"
      "cp.async.ca.shared.global [%r2+512], [%x2+512], 16;\n"
      "cp.async.commit_group;\ncp.async.wait_group 1;\n";
  std::vector<uint32_t> v;
  EXPECT_EQ(outcome(second + "ld.shared.u32 %r5, [%r2];" + kOut +
                        "\ncp.async.wait_all;",
                    &v),
            "");
  EXPECT_EQ(v[31], 1000u + 4 * 31);
  EXPECT_NE(outcome(second + "ld.shared.u32 %r5, [%r2+512];" + kOut, nullptr),
            "");
}

TEST_F(Async, NoThreadExitsBeforeItsCopiesArrive) {
  EXPECT_NE(outcome(kCopy, nullptr)
                .find("the thread exits while this copy to shared memory may "
                      "be under way, and nothing says that the memory outlives "
                      "the block; wait for it (cp.async.wait_all)"),
            std::string::npos);
  EXPECT_NE(outcome(kCopy + "cp.async.wait_group 1;", nullptr), "");
  EXPECT_EQ(outcome(kCopy + "cp.async.wait_group 0;", nullptr), "");
}

TEST_F(Async, OtherThreadsNeedABarrierToo) {
  EXPECT_EQ(
      outcome(kCopy + "cp.async.wait_all;\nld.shared.u32 %r5, [%r3];", nullptr)
          .substr(0, 6),
      "race: ");
  std::vector<uint32_t> v;
  EXPECT_EQ(outcome(kCopy +
                        "cp.async.wait_all;\nbar.sync 0;\n"
                        "ld.shared.u32 %r5, [%r3];" +
                        kOut,
                    &v),
            "");
  EXPECT_EQ(v[0], 1004u);
}

TEST_F(Async, ShortSourcesAreFilledWithZero) {
  std::vector<uint32_t> v;
  EXPECT_EQ(outcome("and.b32 %r4, %r0, 7;\nmin.u32 %r4, %r4, 4;\n"
                    "shl.b32 %r4, %r4, 2;\n"
                    "cp.async.cg.shared.global [%r2], [%x2], 16, %r4;\n"
                    "cp.async.wait_all;\nld.shared.v4.u32 {%r5, %r6, %r7, "
                    "%r8}, [%r2];\nadd.u32 %r5, %r5, %r6;\nadd.u32 %r5, %r5, "
                    "%r7;\nadd.u32 %r5, %r5, %r8;" +
                        kOut,
                    &v),
            "");
  for (uint32_t t = 0; t < 64; ++t) {
    uint32_t want = 0;
    for (uint32_t k = 0; k < std::min(t % 8, 4u); ++k)
      want += 1000 + 4 * t + k;
    EXPECT_EQ(v[t], want) << t;
  }
}

TEST_F(Async, SourceMayNotChangeBeforeTheWait) {
  EXPECT_NE(
      outcome(kCopy + "st.global.u32 [%x2], %r0;\ncp.async.wait_all;", nullptr)
          .find("unfinished asynchronous read"),
      std::string::npos);
  EXPECT_EQ(
      outcome(kCopy + "cp.async.wait_all;\nst.global.u32 [%x2], %r0;", nullptr),
      "");
}

TEST_F(Async, OutOfBoundsSource) {
  EXPECT_NE(outcome("cp.async.cg.shared.global [%r2], [%x2+16], 16;\n"
                    "cp.async.wait_all;",
                    nullptr)
                .find("out of bounds read of 16 bytes of global memory"),
            std::string::npos);
}

TEST_F(Async, MBarrierCountsTheCopies) {
  const std::string begin = "setp.eq.u32 %p0, %r0, 0;\n"
                            "@%p0 mbarrier.init.shared.b64 [m], 64;\n"
                            "bar.sync 0;\n";
  const std::string arrive = "cp.async.mbarrier.arrive.noinc.shared.b64 [m];\n";
  const std::string wait = "again:\nmbarrier.try_wait.parity.shared.b64 %p1, "
                           "[m], 0;\n@!%p1 bra again;\n";
  std::vector<uint32_t> v;
  EXPECT_EQ(outcome(begin + kCopy + arrive + wait +
                        "ld.shared.u32 %r5, [%r3];" + kOut,
                    &v),
            "");
  EXPECT_EQ(v[1], 1000u);
  // An arrival that does not wait for the copies is too early.
  EXPECT_NE(outcome(begin + kCopy + "mbarrier.arrive.shared.b64 _, [m];\n" +
                        wait + "ld.shared.u32 %r5, [%r3];" + kOut,
                    nullptr),
            "");
}

} // namespace
