// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Dynamic chunks behind a gate that opens for one launch at a time.
#include "thread_pool.h"
#include "float_environment.h"

#include <algorithm>
#include <climits>
#include <csignal>
#include <ctime>
#include <linux/futex.h>
#include <new>
#include <sys/syscall.h>
#include <unistd.h>

using namespace gemel;

namespace {

constexpr uint32_t kOpen = 1u << 31;
constexpr uint32_t kCallerWaits = 1u << 30;
constexpr uint32_t kInside = kCallerWaits - 1;

// Chunks per thread: enough that one slow thread does not hold up the rest,
// few enough that taking them costs nothing.
constexpr int64_t kChunksPerThread = 8;

// How long a thread spins before it sleeps: about what a futex wake-up costs,
// and the gap between small launches in a training loop.
constexpr int64_t kSpinNs = 20'000;
constexpr int kPausesPerClockRead = 16;

void futexWait(std::atomic<uint32_t> &word, uint32_t expected) {
  static_assert(sizeof(word) == sizeof(uint32_t), "a futex is a plain word");
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0);
}

void futexWake(std::atomic<uint32_t> &word, int count) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, count, nullptr, nullptr, 0);
}

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  asm volatile("yield");
#endif
}

int64_t nowNs() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * int64_t{1'000'000'000} + now.tv_nsec;
}

/// Spins until `done` holds or the time is up; says whether it holds.
template <typename Condition>
bool spinUntil(Condition done) {
  for (int64_t start = nowNs(); nowNs() - start < kSpinNs;)
    for (int i = 0; i < kPausesPerClockRead; ++i) {
      if (done())
        return true;
      pause();
    }
  return done();
}

} // namespace

bool ThreadPool::start(int32_t count, bool spin) {
  workers.reset(new (std::nothrow) pthread_t[count]);
  if (!workers)
    return false;
  owner = getpid();
  spins = spin;

  // The process' signals are its own threads' to handle.
  sigset_t all, former;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &former);
  while (workerCount < count &&
         pthread_create(&workers[workerCount], nullptr, workerMain, this) == 0)
    ++workerCount;
  pthread_sigmask(SIG_SETMASK, &former, nullptr);
  return workerCount == count;
}

ThreadPool::~ThreadPool() {
  if (workerCount == 0 || getpid() != owner)
    return;
  stopping.store(true, std::memory_order_relaxed);
  generation.fetch_add(1, std::memory_order_seq_cst);
  futexWake(generation, INT_MAX);
  for (int32_t i = 0; i < workerCount; ++i)
    pthread_join(workers[i], nullptr);
}

void ThreadPool::run(const CpuWork &given) {
  // Once no chunk is worth a second thread, the pool is not touched at all.
  if (workerCount == 0 || given.items <= given.grain ||
      busy.exchange(true, std::memory_order_acquire)) {
    if (given.items > 0)
      given.kernel(given.pointers, given.sizes, given.scalars, 0, given.items);
    return;
  }

  int64_t pieces = (workerCount + 1) * kChunksPerThread;
  work = given;
  chunk = std::max(given.grain, (given.items - 1) / pieces + 1);
  nextItem.store(0, std::memory_order_relaxed);
  gate.store(kOpen, std::memory_order_release);
  // Sequentially consistent with awaitWork: either this sees the sleeper or
  // the sleeper sees the new generation.
  generation.fetch_add(1, std::memory_order_seq_cst);
  if (sleepers.load(std::memory_order_seq_cst) > 0) {
    int64_t helpers = std::min<int64_t>((given.items - 1) / chunk, workerCount);
    futexWake(generation, static_cast<int>(helpers));
  }
  takeChunks();
  closeAndWait();
  busy.store(false, std::memory_order_release);
}

void ThreadPool::takeChunks() {
  const CpuWork mine = work;
  const int64_t step = chunk;
  for (;;) {
    // Each thread adds past the end once and then leaves. A wrap would need
    // items + threads * chunk > 2^63; the compare keeps even that right, for
    // the sum is taken only below items, and ends are computed by difference.
    int64_t begin = nextItem.load(std::memory_order_relaxed);
    do {
      if (begin >= mine.items)
        return;
    } while (!nextItem.compare_exchange_weak(
        begin, begin + std::min(step, mine.items - begin),
        std::memory_order_relaxed));
    mine.kernel(mine.pointers, mine.sizes, mine.scalars, begin,
                begin + std::min(step, mine.items - begin));
  }
}

bool ThreadPool::join() {
  uint32_t state = gate.load(std::memory_order_relaxed);
  while (state & kOpen)
    if (gate.compare_exchange_weak(state, state + 1, std::memory_order_acquire,
                                   std::memory_order_relaxed))
      return true;
  return false;
}

void ThreadPool::leave() {
  uint32_t before = gate.fetch_sub(1, std::memory_order_release);
  if (before == (kCallerWaits | 1))
    futexWake(gate, 1);
}

void ThreadPool::closeAndWait() {
  auto left = [this] {
    return (gate.load(std::memory_order_acquire) & kInside) == 0;
  };
  gate.fetch_and(~kOpen, std::memory_order_acquire);
  if (left() || (spins && spinUntil(left)))
    return;
  gate.fetch_or(kCallerWaits, std::memory_order_relaxed);
  while (!left()) {
    uint32_t state = gate.load(std::memory_order_relaxed);
    if (state & kInside)
      futexWait(gate, state);
  }
}

uint32_t ThreadPool::awaitWork(uint32_t seen) {
  auto opened = [&] {
    return generation.load(std::memory_order_acquire) != seen;
  };
  if (!spins || !spinUntil(opened)) {
    sleepers.fetch_add(1, std::memory_order_seq_cst);
    while (generation.load(std::memory_order_seq_cst) == seen)
      futexWait(generation, seen);
    sleepers.fetch_sub(1, std::memory_order_relaxed);
  }
  return generation.load(std::memory_order_acquire);
}

void ThreadPool::workerLoop() {
  FloatEnvironment environment;
  for (uint32_t seen = 0; !stopping.load(std::memory_order_relaxed);
       seen = awaitWork(seen)) {
    // A late worker finds the gate closed, or open for a later launch that it
    // may as well help with.
    if (!join())
      continue;
    takeChunks();
    leave();
  }
}

void *ThreadPool::workerMain(void *pool) {
  static_cast<ThreadPool *>(pool)->workerLoop();
  return nullptr;
}
