// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The hook of a host framework's queue.
#include "support.h"

#include <deque>
#include <thread>

namespace {

/// A framework's queue: what waits in it is copied bytes.
struct Queue {
  struct Slot {
    alignas(8) char bytes[GEMEL_MAX_LAUNCH_BYTES];
    gemel_run run;
    const gemel_op *op;
  };
  std::deque<Slot> slots;
  gemel_stream stream = nullptr;
  size_t most = 0;

  static gemel_status put(void *data, const gemel_op *op, gemel_stream stream,
                          const void *launch, size_t bytes, gemel_run run) {
    auto &queue = *static_cast<Queue *>(data);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(launch) % 8, 0u);
    queue.stream = stream;
    queue.most = std::max(queue.most, bytes);
    queue.slots.push_back({{}, run, op});
    memcpy(queue.slots.back().bytes, launch, bytes);
    return GEMEL_OK;
  }
  /// Runs all, on another thread.
  void drain() {
    std::thread([this] {
      for (Slot &slot : slots)
        EXPECT_OK(slot.run(slot.bytes));
    }).join();
    slots.clear();
  }
};

gemel_status runNow(void *data, const gemel_op *, gemel_stream,
                    const void *launch, size_t, gemel_run run) {
  ++*static_cast<int *>(data);
  return run(launch);
}

using EnqueueTest = Handmade;

TEST_F(EnqueueTest, LaunchesRunLaterInOrder) {
  Queue queue;
  ASSERT_OK(gemel_device_set_enqueue(device, Queue::put, &queue));
  Buffer<float> x(40, 1), y(40, 2), z(40), s(1, -1);
  Buffer<char> workspace(4096);
  {
    // All that a launch is given but memory of the device is gone after it.
    Call scaleAdd(op("scale_add"), device), total(op("total"), device);
    scaleAdd.array(x.data(), {40}).array(y.data(), {40});
    scaleAdd.scalar(3.0f).noScalar().array(z.data(), {40});
    ASSERT_OK(scaleAdd.launch());
    total.array(z.data(), {4, 10}).array(s.data(), {});
    ASSERT_OK(total.launch(workspace.data(), workspace.size()));
    memset(static_cast<void *>(&scaleAdd.sizes), 0xee, sizeof(scaleAdd.sizes));
    memset(static_cast<void *>(&total.arrays), 0xee, sizeof(total.arrays));
  }
  ASSERT_EQ(queue.slots.size(), 2u);
  EXPECT_STREQ(gemel_op_description(queue.slots[0].op)->name, "scale_add");
  EXPECT_EQ(queue.stream, gemel_device_stream(device));
  EXPECT_LE(queue.most, size_t{GEMEL_MAX_LAUNCH_BYTES});
  EXPECT_EQ(s[0], -1);
  queue.drain();
  EXPECT_EQ(s[0], 40 * 7);
}

TEST_F(EnqueueTest, WhatIsRefusedReachesNoHook) {
  Queue queue;
  ASSERT_OK(gemel_device_set_enqueue(device, Queue::put, &queue));
  Buffer<float> x(40), z(40);
  Call c(op("scale_add"), device);
  c.array(x.data(), {40}).array(x.data(), {39}).scalar(1.0f).noScalar();
  EXPECT_EQ(c.array(z.data(), {40}).launch(), GEMEL_WRONG_SIZE);
  EXPECT_TRUE(queue.slots.empty());
}

TEST_F(EnqueueTest, HookMayRunAtOnce) {
  int calls = 0;
  ASSERT_OK(gemel_device_set_enqueue(device, runNow, &calls));
  Buffer<float> x(40, 1), z(40);
  Call c(op("scale_add"), device);
  c.array(x.data(), {40}).array(x.data(), {40}).scalar(1.0f).noScalar();
  c.array(z.data(), {40});
  ASSERT_OK(c.launch());
  EXPECT_TRUE(z.all(3));
  EXPECT_EQ(calls, 1);
  // Without a hook, and on another handle.
  ASSERT_OK(gemel_device_set_enqueue(device, nullptr, nullptr));
  ASSERT_OK(c.launch());
  EXPECT_EQ(calls, 1);
}

TEST_F(EnqueueTest, HookThatFails) {
  auto refuse = [](void *, const gemel_op *, gemel_stream, const void *, size_t,
                   gemel_run) { return GEMEL_OUT_OF_MEMORY; };
  ASSERT_OK(gemel_device_set_enqueue(device, refuse, nullptr));
  Buffer<float> x(40, 1), z(40);
  Call c(op("scale_add"), device);
  c.array(x.data(), {40}).array(x.data(), {40}).scalar(1.0f).noScalar();
  EXPECT_REFUSED(c.array(z.data(), {40}).launch(), GEMEL_OUT_OF_MEMORY,
                 "scale_add: the hook of gemel_device_set_enqueue on 'cpu:2' "
                 "does not take the launch (GEMEL_OUT_OF_MEMORY); ask the "
                 "framework that set it");
  EXPECT_TRUE(z.all(0));
  EXPECT_REFUSED(gemel_device_set_enqueue(nullptr, refuse, nullptr),
                 GEMEL_INVALID_ARGUMENT,
                 "gemel_device_set_enqueue: 'device' is null; pass an open "
                 "device");
}

} // namespace
