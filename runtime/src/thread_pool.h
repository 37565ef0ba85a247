// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The threads of a cpu device.
#ifndef GEMEL_RUNTIME_SRC_THREAD_POOL_H
#define GEMEL_RUNTIME_SRC_THREAD_POOL_H

#include <gemel/library.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <pthread.h>
#include <sys/types.h>

namespace gemel {

/// One launch's work, cut into items [0, items).
struct CpuWork {
  gemel_cpu_kernel kernel;
  void *const *pointers;
  const int64_t *sizes;
  const uint64_t *scalars;
  int64_t items;
  /// Fewest items worth handing to another thread, >= 1.
  int64_t grain;
};

/// Runs one launch's work at a time on the caller and on workers that are
/// started once. A caller that finds it busy works alone, so nobody ever waits
/// for another's launch. Workers that wake late find the work closed and go
/// back to sleep: the caller waits only for those that have taken some.
class ThreadPool {
public:
  ThreadPool() = default;
  /// Ends and joins the workers. In a forked child, which has none of them,
  /// does nothing.
  ~ThreadPool();
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;

  /// Starts `count` workers; false if one did not start. spin: idle threads
  /// spin briefly before they sleep, for when each has a processor.
  bool start(int32_t count, bool spin);

  /// Does all items and returns when they are done, with their writes visible.
  /// The caller has set the float environment. Neither allocates nor locks.
  void run(const CpuWork &work);

private:
  static void *workerMain(void *pool);
  void workerLoop();
  uint32_t awaitWork(uint32_t seen);
  bool join();
  void leave();
  void closeAndWait();
  void takeChunks();

  // Written by the caller of run while the gate is closed and no worker is
  // inside; read by whoever joined.
  CpuWork work = {};
  int64_t chunk = 0;

  // Each on its own line of cache: all threads write them.
  /// First item that nobody has taken.
  alignas(64) std::atomic<int64_t> nextItem{0};
  /// kOpen, kCallerWaits, and in the other bits the workers inside. Futex.
  alignas(64) std::atomic<uint32_t> gate{0};
  /// Counts openings of the gate. Futex of idle workers.
  alignas(64) std::atomic<uint32_t> generation{0};
  std::atomic<int32_t> sleepers{0};
  std::atomic<bool> stopping{false};
  /// Held by the launch that has the workers.
  alignas(64) std::atomic<bool> busy{false};

  std::unique_ptr<pthread_t[]> workers;
  int32_t workerCount = 0;
  bool spins = false;
  pid_t owner = 0;
};

} // namespace gemel

#endif // GEMEL_RUNTIME_SRC_THREAD_POOL_H
