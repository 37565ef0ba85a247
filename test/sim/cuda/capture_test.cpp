// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Stream capture: what becomes a graph, and what breaks a capture.

#include "sim.h"

using namespace simtest;

namespace {

const char *const kAdd = R"(
.visible .entry k(.param .u64 p, .param .u32 v) {
  .reg .b32 %r<4>; .reg .b64 %x<2>;
  ld.param.u64 %x0, [p]; ld.param.u32 %r1, [v];
  ld.global.u32 %r2, [%x0];
  add.u32 %r2, %r2, %r1;
  st.global.u32 [%x0], %r2;
  ret;
})";

class CaptureTest : public Sim {
protected:
  void SetUp() override {
    Sim::SetUp();
    call("cuStreamCreate", &s, unsigned(CU_STREAM_NON_BLOCKING));
    call("cuStreamCreate", &t, unsigned(CU_STREAM_NON_BLOCKING));
    f = function(load(kAdd));
  }
  void TearDown() override {
    call("cuStreamDestroy_v2", s);
    call("cuStreamDestroy_v2", t);
    Sim::TearDown();
  }
  CUresult add(CUstream stream, CUdeviceptr p, uint32_t v) {
    void *params[] = {&p, &v};
    return call("cuLaunchKernel", f, 1u, 1u, 1u, 1u, 1u, 1u, 0u, stream,
                static_cast<void **>(params), static_cast<void **>(nullptr));
  }
  CUresult begin() { return call("cuStreamBeginCapture_v2", s, 0); }
  CUresult end() { return call("cuStreamEndCapture", s, &graph); }
  int status() {
    int v = -1;
    call("cuStreamIsCapturing", s, &v);
    return v;
  }
  CUstream s, t;
  CUfunction f;
  CUgraph graph = nullptr;
};

TEST_F(CaptureTest, ReplayUsesTheParametersOfTheCapture) {
  Buffer b(std::vector<uint32_t>{1});
  ASSERT_EQ(begin(), CUDA_SUCCESS);
  EXPECT_EQ(status(), CU_STREAM_CAPTURE_STATUS_ACTIVE);
  EXPECT_EQ(add(s, b.address, 10), CUDA_SUCCESS);
  EXPECT_EQ(add(s, b.address, 100), CUDA_SUCCESS);
  ASSERT_EQ(end(), CUDA_SUCCESS);
  EXPECT_EQ(b.read<uint32_t>()[0], 1u); // captured, not run
  CUgraphExec exec;
  ASSERT_EQ(call("cuGraphInstantiateWithFlags", &exec, graph, 0ull),
            CUDA_SUCCESS);
  call("cuGraphDestroy", graph);
  for (uint32_t i = 1; i <= 3; ++i) {
    EXPECT_EQ(call("cuGraphLaunch", exec, s), CUDA_SUCCESS);
    EXPECT_EQ(call("cuStreamSynchronize", s), CUDA_SUCCESS);
    EXPECT_EQ(b.read<uint32_t>()[0], 1 + 110 * i);
  }
  call("cuGraphExecDestroy", exec);
}

TEST_F(CaptureTest, SynchronisingBreaksIt) {
  Buffer b(std::vector<uint32_t>{1});
  ASSERT_EQ(begin(), CUDA_SUCCESS);
  EXPECT_EQ(call("cuStreamSynchronize", s),
            CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  EXPECT_EQ(status(), CU_STREAM_CAPTURE_STATUS_INVALIDATED);
  EXPECT_EQ(add(s, b.address, 1), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  EXPECT_EQ(end(), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  EXPECT_EQ(graph, nullptr);
  EXPECT_EQ(add(s, b.address, 1), CUDA_SUCCESS);
}

TEST_F(CaptureTest, AllocatingAndLoadingBreakIt) {
  CUdeviceptr p;
  ASSERT_EQ(begin(), CUDA_SUCCESS);
  EXPECT_EQ(call("cuMemAlloc_v2", &p, size_t(4)),
            CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  EXPECT_EQ(end(), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  ASSERT_EQ(begin(), CUDA_SUCCESS);
  CUmodule m;
  std::string text = ".version 8.0\n.target sm_90a\n.address_size 64\n";
  EXPECT_EQ(
      call("cuModuleLoadData", &m, static_cast<const void *>(text.c_str())),
      CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  EXPECT_EQ(end(), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  ASSERT_EQ(begin(), CUDA_SUCCESS);
  EXPECT_EQ(call("cuCtxSynchronize"), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  EXPECT_EQ(end(), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
}

TEST_F(CaptureTest, ForkAndJoin) {
  Buffer b(std::vector<uint32_t>{1}), c(std::vector<uint32_t>{1});
  CUevent fork, join;
  call("cuEventCreate", &fork, 0u);
  call("cuEventCreate", &join, 0u);
  auto capture = [&](bool joins) {
    EXPECT_EQ(begin(), CUDA_SUCCESS);
    call("cuEventRecord", fork, s);
    call("cuStreamWaitEvent", t, fork, 0u);
    add(t, c.address, 5);
    add(s, b.address, 6);
    call("cuEventRecord", join, t);
    if (joins)
      call("cuStreamWaitEvent", s, join, 0u);
    return end();
  };
  EXPECT_EQ(capture(false), CUDA_ERROR_STREAM_CAPTURE_UNJOINED);
  ASSERT_EQ(capture(true), CUDA_SUCCESS);
  CUgraphExec exec;
  call("cuGraphInstantiateWithFlags", &exec, graph, 0ull);
  call("cuGraphLaunch", exec, s);
  call("cuStreamSynchronize", s);
  EXPECT_EQ(b.read<uint32_t>()[0], 7u);
  EXPECT_EQ(c.read<uint32_t>()[0], 6u);
  EXPECT_EQ(call("cuEventQuery", join), CUDA_ERROR_CAPTURED_EVENT);
  call("cuGraphExecDestroy", exec);
  call("cuGraphDestroy", graph);
  call("cuEventDestroy_v2", fork);
  call("cuEventDestroy_v2", join);
}

TEST_F(CaptureTest, OutsideEventsAndTheDefaultStream) {
  Buffer b(std::vector<uint32_t>{1});
  CUevent e;
  call("cuEventCreate", &e, 0u);
  call("cuEventRecord", e, t);
  ASSERT_EQ(begin(), CUDA_SUCCESS);
  EXPECT_EQ(call("cuStreamWaitEvent", s, e, 0u),
            CUDA_ERROR_STREAM_CAPTURE_ISOLATION);
  end();
  CUstream blocking;
  call("cuStreamCreate", &blocking, 0u);
  ASSERT_EQ(call("cuStreamBeginCapture_v2", blocking, 2), CUDA_SUCCESS);
  EXPECT_EQ(add(nullptr, b.address, 1), CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
  EXPECT_EQ(call("cuStreamEndCapture", blocking, &graph),
            CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  EXPECT_EQ(call("cuStreamBeginCapture_v2", CUstream(nullptr), 0),
            CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
  call("cuStreamDestroy_v2", blocking);
  call("cuEventDestroy_v2", e);
}

} // namespace
