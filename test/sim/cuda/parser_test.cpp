// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What does not load, and with which sentence.

#include "sim.h"

using namespace simtest;

namespace {

const std::string kHead = ".version 8.0\n.target sm_90a\n.address_size 64\n";

class Parser : public Sim {};

TEST_F(Parser, UnknownInstructionNamesItsLine) {
  EXPECT_EQ(loadError(kHead + ".visible .entry k() {\n  .reg .b32 %r<2>;\n"
                              "  frob.b32 %r0, %r1;\n  ret;\n}\n"),
            "PTX line 6: instruction 'frob' is not simulated: `frob.b32 %r0, "
            "%r1;`");
}

TEST_F(Parser, UnknownModifierNamesItself) {
  EXPECT_EQ(loadError(kHead + ".visible .entry k() {\n  .reg .b32 %r<2>;\n"
                              "  add.odd.s32 %r0, %r1, %r1;\n  ret;\n}\n"),
            "PTX line 6: modifier '.odd' of 'add' is not simulated: "
            "`add.odd.s32 %r0, %r1, %r1;`");
}

TEST_F(Parser, RegisterOfAnotherWidth) {
  EXPECT_EQ(loadError(kHead + ".visible .entry k() {\n  .reg .b64 %x<2>;\n"
                              "  add.s32 %x0, %x1, 1;\n  ret;\n}\n"),
            "PTX line 6: a register of 64 bits where 32 are written: `add.s32 "
            "%x0, %x1, 1;`");
}

TEST_F(Parser, MissingLabel) {
  EXPECT_EQ(loadError(kHead + ".visible .entry k() {\n  bra nowhere;\n}\n"),
            "PTX line 5: no label 'nowhere': `bra nowhere;`");
}

TEST_F(Parser, TargetAboveTheChip) {
  CUresult e;
  EXPECT_EQ(loadError(".version 8.6\n.target sm_100a\n.address_size 64\n", &e),
            "the module is for sm_100a and the chip is sm_90a");
  EXPECT_EQ(e, CUDA_ERROR_INVALID_PTX);
}

TEST_F(Parser, NewerPtx) {
  CUresult e;
  EXPECT_EQ(loadError(".version 9.1\n.target sm_90a\n.address_size 64\n", &e),
            "PTX 9.1 is newer than the driver's 9.0");
  EXPECT_EQ(e, CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
}

TEST_F(Parser, BinaryIsRefused) {
  CUresult e;
  EXPECT_EQ(loadError("\x7f"
                      "ELFxxxxxxxxxxxxx",
                      &e),
            "a cubin or fat binary cannot be simulated; load PTX text");
  EXPECT_EQ(e, CUDA_ERROR_NO_BINARY_FOR_GPU);
}

TEST_F(Parser, NotYetSimulatedSaysSo) {
  EXPECT_EQ(loadError(kHead + ".visible .entry k() {\n"
                              "  wgmma.fence.sync.aligned;\n  ret;\n}\n"),
            "PTX line 5: wgmma is not simulated yet: "
            "`wgmma.fence.sync.aligned;`");
}

TEST_F(Parser, ScopesLabelsTablesAndCalls) {
  // Names in braces hide outer ones; a table of targets; a call in a branch.
  Buffer out(64 * 4);
  ASSERT_EQ(run(R"(
.global .align 4 .b8 table[8] = {1, 0, 0, 0, 2};
.func (.param .b32 result) twice(.param .b32 x) {
  .reg .b32 %r<3>;
  .reg .pred %p;
  ld.param.b32 %r0, [x];
  setp.gt.u32 %p, %r0, 40;
  @%p bra big;
  add.u32 %r1, %r0, %r0;
  st.param.b32 [result], %r1;
  ret;
big:
  st.param.b32 [result], 0;
  ret;
}
.visible .entry k(.param .u64 out) {
  .reg .b32 %r<9>;
  .reg .b64 %x<4>;
  .reg .pred %p<2>;
  mov.u32 %r0, %tid.x;
  and.b32 %r1, %r0, 3;
  { .reg .b32 %r1; mov.u32 %r1, 77; }
targets: .branchtargets zero, one, two, one;
  brx.idx %r1, targets;
zero:
  mov.u32 %r2, 100;
  bra.uni end;
one:
  { .param .b32 a; .param .b32 b;
    st.param.b32 [a], %r0;
    call.uni (b), twice, (a);
    ld.param.b32 %r2, [b]; }
  bra.uni end;
two:
  ld.global.u32 %r2, [table+4];
end:
  ld.param.u64 %x0, [out];
  mad.wide.u32 %x1, %r0, 4, %x0;
  st.global.u32 [%x1], %r2;
  ret;
})",
                1, 64, 0, out.address),
            CUDA_SUCCESS)
      << report();
  auto v = out.read<uint32_t>();
  for (uint32_t t = 0; t < 64; ++t)
    EXPECT_EQ(v[t], t % 4 == 0   ? 100
                    : t % 4 == 2 ? 2
                    : t > 40     ? 0
                                 : 2 * t)
        << t;
}

} // namespace
