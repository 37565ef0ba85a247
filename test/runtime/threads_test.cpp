// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Threads: the same bits on any number, launches at once, the float
// environment on all of them, forked children.
#include "support.h"

#include <atomic>
#include <cmath>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace {

#if defined(__SANITIZE_THREAD__)
constexpr bool kThreadSanitizer = true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr bool kThreadSanitizer = true;
#else
constexpr bool kThreadSanitizer = false;
#endif
#else
constexpr bool kThreadSanitizer = false;
#endif

using ThreadsTest = Handmade;

constexpr int64_t kRows = 3001, kColumns = 7;

/// Sums 1/(i+1) by `total` on a device of its own.
float totalOn(gemel_library *library, const char *deviceName) {
  gemel_device *device;
  const gemel_op *op;
  EXPECT_OK(gemel_device_open(deviceName, &device));
  EXPECT_OK(gemel_library_op(library, device, "total", &op));
  Buffer<float> x(kRows * kColumns), s(1);
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = 1.0f / static_cast<float>(i + 1);
  Call call(op, device);
  call.array(x.data(), {kRows, kColumns}).array(s.data(), {});
  size_t bytes = 0;
  EXPECT_OK(call.workspaceBytes(&bytes));
  Buffer<char> workspace(bytes, 'w');
  EXPECT_OK(call.launch(workspace.data(), bytes));
  gemel_device_close(device);
  return s[0];
}

TEST_F(ThreadsTest, BitsDoNotDependOnTheirNumber) {
  float one = totalOn(library, "cpu:1");
  for (const char *name : {"cpu:2", "cpu:3", "cpu:8"})
    EXPECT_EQ(totalOn(library, name), one) << name;
}

/// Launches `scale_add` `rounds` times and checks every element.
void hammer(const gemel_op *op, gemel_device *device, int64_t size, int rounds,
            float seed, std::atomic<int> &wrong) {
  Buffer<float> x(size, seed), y(size, 1), z(size);
  Call call(op, device);
  call.array(x.data(), {size}).array(y.data(), {size}).scalar(1.0f);
  call.scalar(0.0f).array(z.data(), {size});
  for (int round = 0; round < rounds; ++round) {
    float b = static_cast<float>(round);
    memcpy(&call.values[3], &b, sizeof(b));
    if (call.launch() != GEMEL_OK || !z.all(seed + b))
      ++wrong;
  }
}

TEST_F(ThreadsTest, LaunchesFromFourThreadsAtOnce) {
  const gemel_op *scaleAdd = op("scale_add");
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      hammer(scaleAdd, device, 20'000 + 4'000 * i, 200,
             static_cast<float>(1000 * i), wrong);
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(ThreadsTest, ManySmallLaunchesOnManyThreads) {
  gemel_device *wide;
  ASSERT_OK(gemel_device_open("cpu:6", &wide));
  std::atomic<int> wrong{0};
  hammer(op("scale_add", wide), wide, 64 * 16 * 7, 3000, 3, wrong);
  EXPECT_EQ(wrong, 0);
  gemel_device_close(wide);
}

TEST_F(ThreadsTest, WorkersThatSleepWakeUp) {
  std::atomic<int> wrong{0};
  for (int i = 0; i < 5; ++i) {
    usleep(20'000);
    hammer(op("scale_add"), device, 100'000, 2, 3, wrong);
  }
  EXPECT_EQ(wrong, 0);
}

TEST_F(ThreadsTest, OpsResolveFromSeveralThreads) {
  std::vector<std::thread> threads;
  std::array<const gemel_op *, 4> found = {};
  for (size_t i = 0; i < found.size(); ++i)
    threads.emplace_back(
        [&, i] { gemel_library_op(library, device, "step", &found[i]); });
  for (std::thread &thread : threads)
    thread.join();
  for (const gemel_op *each : found)
    EXPECT_EQ(each, op("step"));
}

TEST_F(ThreadsTest, SentencesAreOfTheirThread) {
  gemel_device *none = nullptr;
  EXPECT_EQ(gemel_device_open("here", &none), GEMEL_NOT_FOUND);
  std::string here = gemel_last_error(), before, after;
  std::thread([&] {
    before = gemel_last_error();
    gemel_device_open("there", &none);
    after = gemel_last_error();
  }).join();
  EXPECT_EQ(before, "");
  EXPECT_NE(after, here);
  EXPECT_EQ(gemel_last_error(), here);
}

TEST_F(ThreadsTest, AForkedChildMayLaunchAndClose) {
  if (kThreadSanitizer)
    GTEST_SKIP() << "the sanitizer does not follow a fork with threads";
  std::atomic<int> wrong{0};
  hammer(op("scale_add"), device, 50'000, 3, 1, wrong);
  pid_t child = fork();
  if (child == 0) {
    hammer(op("scale_add"), device, 50'000, 3, 2, wrong);
    gemel_library_close(library);
    gemel_device_close(device);
    _exit(wrong == 0 ? 42 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 42);
  hammer(op("scale_add"), device, 50'000, 3, 3, wrong);
  EXPECT_EQ(wrong, 0);
}

#if defined(__x86_64__)
constexpr uint32_t kDefaultWord = 0x1f80;
// Flush to zero, subnormals are zero, round up, all sticky flags set.
constexpr uint32_t kOddWord = 0x1f80 | 0x8000 | 0x0040 | 0x4000 | 0x3f;

uint32_t readWord() { return _mm_getcsr(); }
void writeWord(uint32_t word) { _mm_setcsr(word); }
#else
constexpr uint32_t kDefaultWord = 0;
constexpr uint32_t kOddWord = 1u << 24 | 1u << 22; // FZ, round up

uint32_t readWord() {
  uint64_t word;
  asm volatile("mrs %0, fpcr" : "=r"(word));
  return static_cast<uint32_t>(word);
}
void writeWord(uint64_t word) { asm volatile("msr fpcr, %0" ::"r"(word)); }
#endif

/// Launches `probe` with the caller's word set; returns the word found after.
uint32_t probeUnder(uint32_t word, Call &call) {
  uint32_t former = readWord();
  writeWord(word);
  gemel_status status = call.launch();
  uint32_t found = readWord();
  writeWord(former);
  EXPECT_OK(status);
  return found;
}

class FloatEnvironmentTest : public Handmade {
protected:
  // More threads than the caller, so that workers surely take some.
  FloatEnvironmentTest() : Handmade("cpu:4"), call(op("probe"), device) {
    call.array(&tiny, {}).array(word.data(), {kItems});
    call.array(flushed.data(), {kItems});
  }
  static constexpr int64_t kItems = 20'000;
  float tiny = 0x1p-140f;
  Buffer<int32_t> word{kItems, -1};
  Buffer<float> flushed{kItems, -1};
  Call call;
};

TEST_F(FloatEnvironmentTest, IsTheDefaultOnAllThreadsAndThenPutBack) {
  EXPECT_EQ(probeUnder(kOddWord, call), kOddWord);
  EXPECT_TRUE(word.all(static_cast<int32_t>(kDefaultWord)));
  EXPECT_TRUE(flushed.all(tiny));
}

TEST_F(FloatEnvironmentTest, StickyFlagsOfKernelsDoNotReachTheCaller) {
  EXPECT_EQ(probeUnder(kDefaultWord, call), kDefaultWord);
}

TEST_F(FloatEnvironmentTest, WorkersAreNotStartedWithTheOpenersWord) {
  uint32_t former = readWord();
  writeWord(kOddWord);
  gemel_device *odd;
  gemel_status status = gemel_device_open("cpu:4", &odd);
  writeWord(former);
  ASSERT_OK(status);
  Call other(op("probe", odd), odd);
  other.array(&tiny, {}).array(word.data(), {kItems});
  other.array(flushed.data(), {kItems});
  probeUnder(kDefaultWord, other);
  EXPECT_TRUE(word.all(static_cast<int32_t>(kDefaultWord)));
  EXPECT_TRUE(flushed.all(tiny));
  gemel_device_close(odd);
}

TEST_F(FloatEnvironmentTest, ARefusalLeavesTheCallersAlone) {
  call.arrays[1].dtype = GEMEL_I64;
  uint32_t former = readWord();
  writeWord(kOddWord);
  gemel_status status = call.launch();
  uint32_t found = readWord();
  writeWord(former);
  EXPECT_EQ(status, GEMEL_WRONG_DTYPE);
  EXPECT_EQ(found, kOddWord);
}

} // namespace
