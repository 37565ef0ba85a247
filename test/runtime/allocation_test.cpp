// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A launch allocates nothing, on no thread: malloc itself is counted.
#include "support.h"

#include <atomic>
#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OWN_MALLOC 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OWN_MALLOC 0
#endif
#endif
#if !defined(OWN_MALLOC) && defined(__GLIBC__)
#define OWN_MALLOC 1
#endif

namespace {
std::atomic<int64_t> allocations{0};
} // namespace

#if OWN_MALLOC
// The program's definitions stand in for the C library's everywhere, operator
// new included.
extern "C" {
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}
void *calloc(size_t count, size_t bytes) {
  ++allocations;
  return __libc_calloc(count, bytes);
}
void *realloc(void *old, size_t bytes) {
  ++allocations;
  return __libc_realloc(old, bytes);
}
void *aligned_alloc(size_t alignment, size_t bytes) {
  ++allocations;
  return __libc_memalign(alignment, bytes);
}
}
#endif

namespace {

using AllocationTest = Handmade;

TEST_F(AllocationTest, ALaunchMakesNone) {
  if (!OWN_MALLOC)
    GTEST_SKIP() << "the sanitizer has malloc";
  int64_t before = allocations;
  // Kept in a volatile, for a compiler may drop a pair of new and delete.
  void *volatile memory = std::malloc(100);
  std::free(memory);
  ASSERT_GT(allocations, before) << "allocations are not counted";

  Buffer<float> x(100'000, 1), s(1), y(100'000, 1), z(100'000);
  Call total(op("total"), device), scaleAdd(op("scale_add"), device);
  total.array(x.data(), {1000, 100}).array(s.data(), {});
  scaleAdd.array(x.data(), {100'000}).array(y.data(), {100'000});
  scaleAdd.scalar(1.0f).noScalar().array(z.data(), {100'000});
  size_t bytes = 0;
  ASSERT_OK(total.workspaceBytes(&bytes));
  Buffer<char> workspace(bytes);

  before = allocations;
  gemel_status status = GEMEL_OK;
  for (int i = 0; i < 100 && !status; ++i) {
    status = total.launch(workspace.data(), bytes);
    if (!status)
      status = scaleAdd.launch();
    if (!status)
      status = total.workspaceBytes(&bytes);
  }
  int64_t after = allocations;
  EXPECT_OK(status);
  EXPECT_EQ(after, before);

  // Nor does one that waits in a host framework's queue.
  struct Slot {
    alignas(8) char bytes[GEMEL_MAX_LAUNCH_BYTES];
    gemel_run run;
  } slot;
  auto hook = [](void *data, const gemel_op *, gemel_stream, const void *launch,
                 size_t size, gemel_run run) {
    auto &waiting = *static_cast<Slot *>(data);
    memcpy(waiting.bytes, launch, size);
    waiting.run = run;
    return GEMEL_OK;
  };
  ASSERT_OK(gemel_device_set_enqueue(device, hook, &slot));
  before = allocations;
  status = total.launch(workspace.data(), bytes);
  if (!status)
    status = slot.run(slot.bytes);
  after = allocations;
  EXPECT_OK(status);
  EXPECT_EQ(after, before);
}

} // namespace
