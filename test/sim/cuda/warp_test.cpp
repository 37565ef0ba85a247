// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Exchange between lanes, divergence, atomics.

#include "sim.h"

#include <map>

using namespace simtest;

namespace {

class WarpOps : public Sim {
protected:
  std::vector<uint32_t> lanes(const std::string &op,
                              const std::vector<uint32_t> &a,
                              const std::vector<uint32_t> &b = {}) {
    return map<uint32_t>("mov.u32 %r9, %laneid;" + op, a, b);
  }
  std::vector<uint32_t> a = integers<uint32_t>(32, 1),
                        b = integers<uint32_t>(32, 2);
};

TEST_F(WarpOps, Shuffle) {
  for (uint32_t n = 0; n < 8; ++n) {
    std::string delta = std::to_string(n);
    auto up = lanes("shfl.sync.up.b32 %d|%p1, %a, " + delta +
                        ", 0, -1; @!%p1 mov.u32 %d, 0;",
                    a);
    auto down = lanes("shfl.sync.down.b32 %d, %a, " + delta + ", 0x181f, -1;",
                      a); // segments of 8
    auto bfly = lanes("shfl.sync.bfly.b32 %d, %a, " + delta + ", 31, -1;", a);
    auto idx = lanes("shfl.sync.idx.b32 %d, %a, " + delta + ", 0x101f, -1;",
                     a); // segments of 16
    for (uint32_t l = 0; l < 32; ++l) {
      EXPECT_EQ(up[l], l >= n ? a[l - n] : 0);
      EXPECT_EQ(down[l], l % 8 + n < 8 ? a[l + n] : a[l]);
      EXPECT_EQ(bfly[l], a[l ^ n]);
      EXPECT_EQ(idx[l], a[(l & 16) | n]);
    }
  }
}

TEST_F(WarpOps, VoteMatchRedux) {
  auto ballot =
      lanes("setp.lt.s32 %p1, %a, 5; vote.sync.ballot.b32 %d, %p1, -1;", a);
  auto all = lanes("setp.ge.u32 %p1, %r9, 3; vote.sync.all.pred %p2, %p1, -1;"
                   "selp.u32 %d, 1, 0, %p2;",
                   a);
  auto any = lanes("setp.eq.u32 %p1, %r9, 3; vote.sync.any.pred %p2, %p1, -1;"
                   "selp.u32 %d, 1, 0, %p2;",
                   a);
  auto match = lanes("and.b32 %r4, %a, 3; match.any.sync.b32 %d, %r4, -1;", a);
  auto sum = lanes("redux.sync.add.u32 %d, %a, -1;", a);
  auto low = lanes("redux.sync.min.s32 %d, %a, -1;", a);
  auto elect = lanes("elect.sync %r4|%p1, -1; selp.u32 %d, 1, 0, %p1;", a);
  uint32_t bits = 0, total = 0;
  int32_t least = INT32_MAX;
  for (uint32_t l = 0; l < 32; ++l) {
    bits |= uint32_t(int32_t(a[l]) < 5) << l;
    total += a[l];
    least = std::min(least, int32_t(a[l]));
  }
  for (uint32_t l = 0; l < 32; ++l) {
    uint32_t same = 0;
    for (uint32_t k = 0; k < 32; ++k)
      same |= uint32_t((a[k] & 3) == (a[l] & 3)) << k;
    EXPECT_EQ(ballot[l], bits);
    EXPECT_EQ(all[l], 0u);
    EXPECT_EQ(any[l], 1u);
    EXPECT_EQ(match[l], same);
    EXPECT_EQ(sum[l], total);
    EXPECT_EQ(low[l], uint32_t(least));
    EXPECT_EQ(elect[l], uint32_t(l == 0));
  }
}

TEST_F(WarpOps, LoopsThatDivergeMeetAgain) {
  // Each lane counts its own number of turns; behind the loop all are active.
  auto d = lanes(R"(
    and.b32 %r4, %a, 15;
    mov.u32 %r5, 0;
    mov.u32 %d, 0;
  again:
    setp.ge.u32 %p1, %r5, %r4;
    @%p1 bra out;
    add.u32 %r5, %r5, 1;
    and.b32 %r6, %r5, 1;
    setp.eq.u32 %p2, %r6, 0;
    @%p2 bra again;
    add.u32 %d, %d, 1;
    bra again;
  out:
    activemask.b32 %r7;
    popc.b32 %r7, %r7;
    mad.lo.u32 %d, %r7, 100, %d;)",
                 a);
  for (uint32_t l = 0; l < 32; ++l)
    EXPECT_EQ(d[l], 3200 + ((a[l] & 15) + 1) / 2);
}

TEST_F(WarpOps, BothSidesOfABranchMaySyncTheirLanes) {
  auto d = lanes(R"(
    setp.lt.u32 %p1, %r9, 16;
    @%p1 bra lower;
    bar.warp.sync 0xffff0000;
    mov.u32 %d, 2;
    bra end;
  lower:
    bar.warp.sync 0x0000ffff;
    mov.u32 %d, 1;
  end:)",
                 a);
  for (uint32_t l = 0; l < 32; ++l)
    EXPECT_EQ(d[l], l < 16 ? 1u : 2u);
}

TEST_F(WarpOps, Atomics) {
  // Every thread updates the same places; each result is order-free.
  struct Case {
    const char *op;
    uint32_t start, want;
  } cases[] = {
      {"add.u32 [%x0], 3", 5, 5 + 3 * 256},
      {"max.s32 [%x0], %r0", 0, 255},
      {"min.u32 [%x0], %r0", 1000, 0},
      {"or.b32 [%x0], %r0", 0, 255},
      {"and.b32 [%x0], 0xf0", 0xffff, 0xf0},
      {"xor.b32 [%x0], 1", 7, 7},
      {"inc.u32 [%x0], 99", 0, 256 % 100},
      {"dec.u32 [%x0], 99", 0, 44},
      {"add.f32 [%x0], 0f3f800000", 0, 0x43800000},
      {"add.noftz.f16x2 [%x0], 0x3c004000", 0, 0x5c006000},
      {"add.noftz.bf16x2 [%x0], 0x3f804000", 0, 0x43804400},
  };
  for (const Case &c : cases) {
    Buffer out(std::vector<uint32_t>{c.start});
    std::string op = c.op;
    size_t comma = op.rfind(", ");
    // Packed constants go through a register.
    std::string body = "mov.b32 %r1, " + op.substr(comma + 2) +
                       "; red.global." + op.substr(0, comma + 2) + "%r1;";
    ASSERT_EQ(run(".visible .entry k(.param .u64 out) {\n"
                  ".reg .b32 %r<4>; .reg .b64 %x<2>;\n"
                  "mov.u32 %r0, %tid.x; ld.param.u64 %x0, [out];\n" +
                      body + "\nret;\n}",
                  1, 256, 0, out.address),
              CUDA_SUCCESS)
        << report();
    uint32_t got = out.read<uint32_t>()[0];
    EXPECT_EQ(got, c.want) << op;
  }
}

TEST_F(WarpOps, AtomicsReturnWhatWasThere) {
  Buffer counter(std::vector<uint32_t>{0}), seen(256 * 4);
  ASSERT_EQ(run(R"(
.visible .entry k(.param .u64 counter, .param .u64 seen) {
  .reg .b32 %r<6>;
  .reg .b64 %x<4>;
  .reg .pred %p;
  ld.param.u64 %x0, [counter];
  ld.param.u64 %x1, [seen];
again:
  ld.relaxed.gpu.global.u32 %r0, [%x0];
  add.u32 %r1, %r0, 1;
  atom.global.cas.b32 %r2, [%x0], %r0, %r1;
  setp.ne.u32 %p, %r2, %r0;
  @%p bra again;
  mad.wide.u32 %x2, %r0, 4, %x1;
  mov.u32 %r3, 1;
  st.global.u32 [%x2], %r3;
  ret;
})",
                2, 128, 0, counter.address, seen.address),
            CUDA_SUCCESS)
      << report();
  EXPECT_EQ(counter.read<uint32_t>()[0], 256u);
  EXPECT_EQ(seen.read<uint32_t>(), std::vector<uint32_t>(256, 1));
}

TEST_F(WarpOps, MemberMaskOfAbsentLanes) {
  Buffer out(128);
  EXPECT_EQ(run(R"(
.visible .entry k(.param .u64 out) {
  .reg .b32 %r<4>;
  .reg .pred %p;
  mov.u32 %r0, %laneid;
  setp.lt.u32 %p, %r0, 16;
  @%p shfl.sync.idx.b32 %r1, %r0, 0, 31, -1;
  ret;
})",
                1, 32, 0, out.address),
            CUDA_ERROR_LAUNCH_FAILED);
  EXPECT_EQ(report(),
            "member mask 0xffffffff names lanes 0xffff0000, which do not "
            "execute the instruction; kernel 'k', CTA (0,0,0), thread "
            "(0,0,0), at PTX line 10: `@%p shfl.sync.idx.b32 %r1, %r0, 0, 31, "
            "-1;`");
}

} // namespace
