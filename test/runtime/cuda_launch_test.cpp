// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The cuda driver on a simulated GPU: launches, graphs, errors in kernels.
#include "cuda_library.h"

#include <algorithm>
#include <thread>

using simtest::call;

namespace {

TEST_F(Cuda, LaunchesOnTheCallersStreamAndOnTheDefaultOne) {
  constexpr size_t kCount = 1000;
  auto x = array(counting<float>(kCount)), y = array(counting<float>(kCount));
  auto z = array(std::vector<float>(kCount));
  for (gemel_stream on : {stream, gemel_stream(nullptr)}) {
    Call c(op("scale_add"), device);
    c.stream = on;
    c.array(x.data(), {kCount}).array(y.data(), {kCount}).scalar(3.0f);
    if (on)
      c.noScalar(); // 2.0 by default
    else
      c.scalar(0.5f);
    ASSERT_OK(c.array(z.data(), {kCount}).launch());
    EXPECT_EQ(z.read(on), counting<float>(kCount, on ? 5.0f : 3.5f));
  }
}

TEST_F(Cuda, Workspaces) {
  auto x = array(counting<float>(7 * 33));
  auto s = array<float>({0});
  Call c(op("total"), device);
  c.array(x.data(), {7, 33}).array(s.data(), {});
  size_t bytes = 0;
  ASSERT_OK(c.workspaceBytes(&bytes));
  EXPECT_EQ(bytes, 128u);
  DeviceArray<uint8_t> workspace(device, std::vector<uint8_t>(bytes, 0xee));
  EXPECT_REFUSED(c.launch(workspace.data(), 127), GEMEL_WORKSPACE_TOO_SMALL,
                 "total: the workspace has 127 bytes but needs 128; ask "
                 "gemel_workspace_bytes with these arguments");
  EXPECT_OK(c.launch(workspace.data(), bytes));
  EXPECT_EQ(s.read()[0], 231 * 232 / 2);
}

TEST_F(Cuda, VariantsByFactsAndAlignment) {
  auto x = array(std::vector<float>(80));
  auto which = array<int32_t>({0});
  auto variant = [&](float *data, int64_t count) {
    which.write({0});
    EXPECT_OK(Call(op("which"), device)
                  .array(data, {count})
                  .array(which.data(), {})
                  .launch());
    return which.read()[0];
  };
  EXPECT_EQ(variant(x.data(), 64), 1);
  EXPECT_EQ(variant(x.data(), 68), 2);     // above the maximum
  EXPECT_EQ(variant(x.data(), 63), 3);     // no multiple
  EXPECT_EQ(variant(x.data() + 1, 64), 3); // aligned to 4 only
  EXPECT_EQ(variant(x.data() + 4, 64), 1);
  EXPECT_EQ(variant(x.data(), 0), 0); // nothing runs
  EXPECT_OK(Call(op("which"), device)
                .array(reinterpret_cast<int32_t *>(x.data()), {64})
                .array(which.data(), {})
                .launch());
  EXPECT_EQ(which.read()[0], 4);
}

/// Thread-instructions since the process began, of work that was waited for.
unsigned long long instructions() {
  return call<unsigned long long>("gemelCudaSimInstructions");
}

TEST_F(Cuda, EmptyAxesStartNoGrid) {
  auto s = array<float>({5});
  Call c(op("total"), device);
  c.array<float>(nullptr, {0, 33}).array(s.data(), {});
  ASSERT_OK(c.launch());
  EXPECT_EQ(s.read()[0], 0); // total.1 has one work item all the same
  unsigned long long before = instructions();
  ASSERT_OK(Call(op("turn"), device)
                .array<int32_t>(nullptr, {0})
                .array<int32_t>(nullptr, {0})
                .launch());
  EXPECT_OK(gemel_stream_synchronize(device, nullptr));
  EXPECT_EQ(instructions(), before);
}

TEST_F(Cuda, MoreWorkThanAGridHasBlocks) {
  constexpr int64_t kSize = 1 << 16;
  auto a = array(std::vector<uint8_t>(kSize)),
       b = array(std::vector<uint8_t>(kSize));
  auto z = array<uint8_t>({0});
  unsigned long long before = instructions();
  EXPECT_REFUSED(Call(op("huge"), device)
                     .array(a.data(), {kSize})
                     .array(b.data(), {kSize})
                     .array(z.data(), {})
                     .launch(),
                 GEMEL_WRONG_SIZE,
                 "huge: launch 'huge.1' has 4294967296 work items, more than a "
                 "grid of 2^31-1 blocks of 1; pass smaller arrays");
  EXPECT_OK(gemel_stream_synchronize(device, nullptr));
  // Its first launch, which a grid has room for, did not run either.
  EXPECT_EQ(instructions(), before);
}

TEST_F(Cuda, SharedMemoryBeyondWhatNeedsNoAsking) {
  for (int64_t count : {1, 255, 257, 16384}) {
    std::vector<int32_t> values = counting<int32_t>(size_t(count));
    auto x = array(values), y = array(std::vector<int32_t>(size_t(count)));
    ASSERT_OK(Call(op("turn"), device)
                  .array(x.data(), {count})
                  .array(y.data(), {count})
                  .launch());
    std::reverse(values.begin(), values.end());
    EXPECT_EQ(y.read(), values);
  }
}

/// z = 3 x + p, then p = p - lr z, then s = the sum of p as rows of 5.
class Sequence {
public:
  static constexpr int64_t kCount = 35;
  explicit Sequence(gemel_device *device)
      : device(device), x(device, counting<float>(kCount, 0.37f)),
        z(device, std::vector<float>(kCount)),
        p(device, counting<float>(kCount, 0.11f)), rate(device, {0}),
        s(device, {0}), workspace(device, std::vector<uint8_t>(128)) {}
  gemel_status launch(const gemel_op *scaleAdd, const gemel_op *update,
                      const gemel_op *total, gemel_stream stream) {
    Call first(scaleAdd, device), second(update, device), third(total, device);
    first.stream = second.stream = third.stream = stream;
    first.array(x.data(), {kCount}).array(p.data(), {kCount});
    first.scalar(3.0f).scalar(1.0f).array(z.data(), {kCount});
    second.array(p.data(), {kCount}).array(z.data(), {kCount});
    second.array(rate.data(), {});
    third.array(p.data(), {7, 5}).array(s.data(), {});
    gemel_status status = first.launch();
    if (!status)
      status = second.launch();
    return status ? status : third.launch(workspace.data(), 128);
  }

  gemel_device *device;
  DeviceArray<float> x, z, p, rate, s;
  DeviceArray<uint8_t> workspace;
};

TEST_F(Cuda, GraphOfLaunchesReadsAnArrayAnew) {
  Sequence plain(device), replayed(device);
  const gemel_op *scaleAdd = op("scale_add"), *update = op("update"),
                 *total = op("total");
  CUgraph graph = nullptr;
  CUgraphExec exec = nullptr;
  auto native = static_cast<CUstream>(stream);
  // The driver refuses to allocate, load or wait during a capture.
  ASSERT_EQ(call("cuCtxPushCurrent_v2", context()), CUDA_SUCCESS);
  ASSERT_EQ(call("cuStreamBeginCapture_v2", native, 0), CUDA_SUCCESS);
  EXPECT_OK(replayed.launch(scaleAdd, update, total, stream));
  ASSERT_EQ(call("cuStreamEndCapture", native, &graph), CUDA_SUCCESS);
  size_t nodes = 0;
  call("cuGraphGetNodes", graph, static_cast<void **>(nullptr), &nodes);
  EXPECT_EQ(nodes, 4u); // a kernel each, two of total: nothing else
  ASSERT_EQ(call("cuGraphInstantiateWithFlags", &exec, graph, 0ull),
            CUDA_SUCCESS);
  EXPECT_EQ(replayed.s.read(stream)[0], 0); // captured, not run
  for (float rate : {0.5f, -0.125f, 3.0f, 0.0f}) {
    plain.rate.write({rate}, stream);
    replayed.rate.write({rate}, stream);
    EXPECT_OK(plain.launch(scaleAdd, update, total, stream));
    EXPECT_EQ(call("cuGraphLaunch", exec, native), CUDA_SUCCESS);
    EXPECT_EQ(plain.p.read(stream), replayed.p.read(stream));
    EXPECT_EQ(plain.z.read(stream), replayed.z.read(stream));
    EXPECT_EQ(plain.s.read(stream), replayed.s.read(stream));
    EXPECT_NE(plain.s.read(stream)[0], 0);
  }
  call("cuGraphExecDestroy", exec);
  call("cuGraphDestroy", graph);
  call("cuCtxPopCurrent_v2", static_cast<CUcontext *>(nullptr));
}

TEST_F(Cuda, WaitingBreaksACapture) {
  auto native = static_cast<CUstream>(stream);
  CUgraph graph = nullptr;
  ASSERT_EQ(call("cuCtxPushCurrent_v2", context()), CUDA_SUCCESS);
  ASSERT_EQ(call("cuStreamBeginCapture_v2", native, 0), CUDA_SUCCESS);
  EXPECT_REFUSED(gemel_stream_synchronize(device, stream), GEMEL_DEVICE_ERROR,
                 "cuda:0: cuStreamSynchronize says "
                 "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED (not permitted while a "
                 "stream captures)");
  EXPECT_EQ(call("cuStreamEndCapture", native, &graph),
            CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  call("cuCtxPopCurrent_v2", static_cast<CUcontext *>(nullptr));
}

TEST_F(Cuda, LeavesTheCallersContextCurrent) {
  CUcontext own = nullptr, current = nullptr;
  ASSERT_EQ(call("cuCtxCreate_v2", &own, 0u, 0), CUDA_SUCCESS);
  auto x = array(std::vector<float>(64));
  auto which = array<int32_t>({0});
  EXPECT_OK(Call(op("which"), device)
                .array(x.data(), {64})
                .array(which.data(), {})
                .launch());
  EXPECT_EQ(which.read()[0], 1);
  call("cuCtxGetCurrent", &current);
  EXPECT_EQ(current, own);
  call("cuCtxDestroy_v2", own);
  call("cuCtxGetCurrent", &current);
  EXPECT_EQ(current, nullptr);
}

TEST_F(Cuda, TwoDevicesManyThreads) {
  gemel_device *other = nullptr;
  ASSERT_OK(gemel_device_open("cuda", &other));
  auto work = [&](gemel_device *on) {
    gemel_stream own = nullptr;
    EXPECT_OK(gemel_stream_create(on, &own));
    {
      Sequence sequence(on);
      for (int i = 0; i < 20; ++i)
        EXPECT_OK(sequence.launch(op("scale_add", on), op("update", on),
                                  op("total", on), own));
      // With a rate of 0 nothing moves.
      EXPECT_EQ(sequence.p.read(own), counting<float>(Sequence::kCount, 0.11f));
    }
    gemel_stream_destroy(on, own);
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i % 2 ? device : other);
  for (std::thread &thread : threads)
    thread.join();
  // Arrays belong to the handle that the operator was resolved on.
  auto x = array(std::vector<float>(64));
  auto which = array<int32_t>({0});
  Call c(op("which", other), device);
  c.array(x.data(), {64}).array(which.data(), {});
  EXPECT_REFUSED(c.launch(), GEMEL_WRONG_DEVICE,
                 "which: argument 'x' has device 'cuda:0' but the operator was "
                 "resolved on this handle of 'cuda'; set the array's device to "
                 "that, or resolve the operator on the array's");
  gemel_device_close(other);
}

TEST_F(Cuda, ErrorsInsideAKernel) {
  auto x = array(counting<int32_t>(8)), y = array(std::vector<int32_t>(8));
  Call c(op("outside"), device);
  c.stream = stream;
  c.array(x.data(), {8}).array(y.data(), {8});
  EXPECT_OK(c.launch()); // enqueued
  testing::internal::CaptureStderr();
  EXPECT_REFUSED(gemel_stream_synchronize(device, stream), GEMEL_DEVICE_ERROR,
                 "cuda:0: cuStreamSynchronize says CUDA_ERROR_ILLEGAL_ADDRESS "
                 "(a kernel used an illegal address)");
  EXPECT_NE(testing::internal::GetCapturedStderr().find("outside"),
            std::string::npos);
  // The context is lost, as on the chip.
  EXPECT_REFUSED(c.launch(), GEMEL_DEVICE_ERROR,
                 "outside: cuLaunchKernelEx says CUDA_ERROR_ILLEGAL_ADDRESS (a "
                 "kernel used an illegal address)");
  call<void>("gemelCudaSimReset");
}

} // namespace
