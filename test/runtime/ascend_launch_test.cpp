// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ascend driver on the simulated CANN: launches, captures, contexts, errors
// in kernels.
#include "ascend_library.h"

#include <thread>

using simtest::call;

namespace {

TEST_F(Ascend, LaunchesOnTheCallersStreamAndOnTheDefaultOne) {
  // Few pieces and many: more blocks than the first has pieces.
  for (size_t count : {20u, 1000u})
    for (gemel_stream on : {stream, gemel_stream(nullptr)}) {
      auto x = array(counting<float>(count)), y = array(counting<float>(count));
      auto z = array(std::vector<float>(count));
      auto n = static_cast<int64_t>(count);
      Call c(op("scale_add"), device);
      c.stream = on;
      c.array(x.data(), {n}).array(y.data(), {n}).scalar(3.0f);
      if (on)
        c.noScalar(); // 2.0 by default
      else
        c.scalar(0.5f);
      ASSERT_OK(c.array(z.data(), {n}).launch());
      EXPECT_EQ(z.read(on), counting<float>(count, on ? 5.0f : 3.5f));
    }
}

TEST_F(Ascend, ALaunchDoesNotWait) {
  auto x = array(counting<float>(64)), z = array(std::vector<float>(64));
  Call c(op("scale_add"), device);
  c.stream = stream;
  c.array(x.data(), {64}).array(x.data(), {64}).scalar(1.0f).noScalar();
  ASSERT_OK(c.array(z.data(), {64}).launch());
  // A copy that waits for no stream finds what was there.
  float first = -1;
  ASSERT_EQ(call("aclrtMemcpy", static_cast<void *>(&first), size_t{4},
                 static_cast<const void *>(z.data()), size_t{4},
                 ACL_MEMCPY_DEVICE_TO_HOST),
            ACL_SUCCESS);
  EXPECT_EQ(first, 0);
  EXPECT_EQ(z.read(stream)[0], 3);
}

TEST_F(Ascend, WorkspacesAndBlocks) {
  // 1, 3 and 7 pieces of 16 rows on at most 3 blocks.
  for (int64_t rows : {7, 40, 100}) {
    auto x = array(counting<float>(static_cast<size_t>(rows) * 3));
    auto s = array<float>({0});
    Call c(op("total"), device);
    c.array(x.data(), {rows, 3}).array(s.data(), {});
    size_t bytes = 0;
    ASSERT_OK(c.workspaceBytes(&bytes));
    EXPECT_EQ(bytes, static_cast<size_t>(rows * 4 + 63) / 64 * 128);
    DeviceArray<uint8_t> workspace(device, std::vector<uint8_t>(bytes, 0xee));
    EXPECT_OK(c.launch(workspace.data(), bytes));
    EXPECT_EQ(s.read()[0], rows * 3 * (rows * 3 + 1) / 2);
  }
}

TEST_F(Ascend, Groups) {
  std::vector<int32_t> expected;
  for (int32_t i = 0; i < 96; ++i)
    expected.push_back(2 * (i / 32 * 100 + i / 16 % 2));
  auto y = array(std::vector<int32_t>(96)), z = array(std::vector<int32_t>(96));
  ASSERT_OK(Call(op("group"), device)
                .array(y.data(), {96})
                .array(z.data(), {96})
                .launch());
  EXPECT_EQ(z.read(), expected);
}

TEST_F(Ascend, VariantsByFactsAndAlignment) {
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

TEST_F(Ascend, EmptyAxesStartNoBlocks) {
  auto s = array<float>({5});
  Call c(op("total"), device);
  c.array<float>(nullptr, {0, 33}).array(s.data(), {});
  ASSERT_OK(c.launch());
  EXPECT_EQ(s.read()[0], 0); // total.1 has one work item all the same
}

TEST_F(Ascend, MoreWorkThanBlocksCanDo) {
  constexpr int64_t kSize = 1 << 14;
  auto a = array(std::vector<uint8_t>(kSize)),
       b = array(std::vector<uint8_t>(kSize));
  auto z = array<uint8_t>({0});
  EXPECT_REFUSED(Call(op("huge"), device)
                     .array(a.data(), {kSize})
                     .array(b.data(), {kSize})
                     .array(z.data(), {})
                     .launch(),
                 GEMEL_WRONG_SIZE,
                 "huge: launch 'huge.1' has 268435456 work items, more than "
                 "65535 blocks of 2; pass smaller arrays");
  // Its first launch, which would read far outside, did not run either.
  EXPECT_OK(gemel_stream_synchronize(device, nullptr));
}

TEST_F(Ascend, CapturedLaunchesReadAnArrayAnew) {
  auto x = array(counting<float>(40)), y = array(counting<float>(40));
  auto z = array(std::vector<float>(40)), s = array<float>({0});
  DeviceArray<uint8_t> workspace(device, std::vector<uint8_t>(512));
  Call first(op("scale_add"), device), second(op("total"), device);
  first.stream = second.stream = stream;
  first.array(x.data(), {40}).array(y.data(), {40}).scalar(3.0f).noScalar();
  first.array(z.data(), {40});
  second.array(z.data(), {40, 1}).array(s.data(), {});
  void *model = nullptr;
  // What allocates, loads or waits breaks a capture.
  ASSERT_EQ(call("aclmdlRICaptureBegin", stream, 0), ACL_SUCCESS);
  EXPECT_OK(first.launch());
  EXPECT_OK(second.launch(workspace.data(), 512));
  ASSERT_EQ(call("aclmdlRICaptureEnd", stream, &model), ACL_SUCCESS);
  EXPECT_EQ(s.read(stream)[0], 0); // captured, not run
  for (float scale : {1.0f, 2.0f}) {
    x.write(counting<float>(40, scale), stream);
    ASSERT_EQ(call("aclmdlRIExecuteAsync", model, stream), ACL_SUCCESS);
    EXPECT_EQ(s.read(stream)[0], (3 * scale + 2) * 40 * 41 / 2);
  }
  call("aclmdlRIDestroy", model);
}

void *currentContext() {
  void *context = nullptr;
  call("aclrtGetCurrentContext", &context);
  return context;
}

TEST_F(Ascend, LeavesTheCallersContextCurrent) {
  void *before = currentContext(), *own = nullptr;
  ASSERT_EQ(call("aclrtCreateContext", &own, int32_t{0}), ACL_SUCCESS);
  auto x = array(std::vector<float>(64));
  auto which = array<int32_t>({0});
  gemel_device *other = nullptr;
  ASSERT_OK(gemel_device_open("ascend", &other));
  EXPECT_EQ(currentContext(), own);
  EXPECT_OK(Call(op("which", other), other)
                .array(x.data(), {64})
                .array(which.data(), {})
                .launch());
  EXPECT_EQ(currentContext(), own);
  EXPECT_EQ(which.read()[0], 1);
  gemel_device_close(other);
  EXPECT_EQ(currentContext(), own);
  ASSERT_EQ(call("aclrtSetCurrentContext", before), ACL_SUCCESS);
  ASSERT_EQ(call("aclrtDestroyContext", own), ACL_SUCCESS);
  // A thread that has none gets the device's.
  std::thread([&] {
    EXPECT_EQ(currentContext(), nullptr);
    EXPECT_EQ(which.read()[0], 1);
    EXPECT_EQ(currentContext(), before);
  }).join();
}

TEST_F(Ascend, TwoDevicesManyThreads) {
  gemel_device *other = nullptr;
  ASSERT_OK(gemel_device_open("ascend", &other));
  auto work = [&](gemel_device *on) {
    gemel_stream own = nullptr;
    EXPECT_OK(gemel_stream_create(on, &own));
    {
      DeviceArray<float> x(on, counting<float>(35)), z(on, counting<float>(35));
      for (int i = 0; i < 20; ++i) {
        Call c(op("scale_add", on), on);
        c.stream = own;
        c.array(x.data(), {35}).array(x.data(), {35}).scalar(float(i));
        EXPECT_OK(c.scalar(1.0f).array(z.data(), {35}).launch());
      }
      EXPECT_EQ(z.read(own), counting<float>(35, 20));
    }
    gemel_stream_destroy(on, own);
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i % 2 ? device : other);
  for (std::thread &thread : threads)
    thread.join();
  gemel_device_close(other);
}

TEST_F(Ascend, ErrorsInsideAKernel) {
  auto x = array(counting<int32_t>(8)), y = array(std::vector<int32_t>(8));
  Call c(op("outside"), device);
  c.stream = stream;
  c.array(x.data(), {8}).array(y.data(), {8});
  EXPECT_OK(c.launch()); // enqueued
  testing::internal::CaptureStderr();
  // The context is lost, as on the chip.
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(gemel_stream_synchronize(device, stream), GEMEL_DEVICE_ERROR);
    std::string sentence = gemel_last_error();
    EXPECT_EQ(sentence.find("ascend:0: aclrtSynchronizeStream says "
                            "ACL_ERROR_RT_VECTOR_CORE_EXCEPTION (507035): "),
              0u)
        << sentence;
    EXPECT_NE(sentence.find("outside"), std::string::npos) << sentence;
    EXPECT_NE(sentence.find("ascend_kernels.cce"), std::string::npos)
        << sentence;
  }
  testing::internal::GetCapturedStderr();
  call<void>("gemelAscendSimReset");
  ASSERT_OK(gemel_stream_synchronize(device, stream));
}

TEST_F(Ascend, HookRunsALaunchLaterOnAnotherThread) {
  struct Slot {
    alignas(8) char bytes[GEMEL_MAX_LAUNCH_BYTES];
    gemel_run run;
  } slot;
  auto hook = [](void *data, const gemel_op *, gemel_stream, const void *launch,
                 size_t bytes, gemel_run run) {
    auto &slot = *static_cast<Slot *>(data);
    memcpy(slot.bytes, launch, bytes);
    slot.run = run;
    return GEMEL_OK;
  };
  ASSERT_OK(gemel_device_set_enqueue(device, hook, &slot));
  auto y = array(std::vector<int32_t>(32)),
       doubled = array(std::vector<int32_t>(32, 9));
  {
    Call c(op("group"), device);
    c.stream = stream;
    ASSERT_OK(c.array(y.data(), {32}).array(doubled.data(), {32}).launch());
  }
  EXPECT_EQ(doubled.read(stream)[31], 9);
  std::thread([&] { EXPECT_OK(slot.run(slot.bytes)); }).join();
  EXPECT_EQ(doubled.read(stream)[31], 2);
  // What only the driver finds is for who runs it.
  auto a = array(std::vector<uint8_t>(1 << 14)),
       b = array(std::vector<uint8_t>(1 << 14));
  auto z = array<uint8_t>({0});
  ASSERT_OK(Call(op("huge"), device)
                .array(a.data(), {1 << 14})
                .array(b.data(), {1 << 14})
                .array(z.data(), {})
                .launch());
  EXPECT_REFUSED(slot.run(slot.bytes), GEMEL_WRONG_SIZE,
                 "huge: launch 'huge.1' has 268435456 work items, more than "
                 "65535 blocks of 2; pass smaller arrays");
}

} // namespace
