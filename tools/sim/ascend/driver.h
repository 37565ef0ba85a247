// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ACL's objects: contexts, streams, events, binaries.

#ifndef GEMEL_SIM_ASCEND_DRIVER_H
#define GEMEL_SIM_ASCEND_DRIVER_H

#include "acl_abi.h"
#include "launch.h"
#include "timeline.h"

#include <functional>
#include <mutex>

namespace ascendsim {

struct Stream;

/// Work of a stream: what it does, and what has to be done before.
struct Work {
  std::function<int()> run;
  std::vector<std::pair<Stream *, uint64_t>> after;
};

struct Context {
  int error = 0; // sticky
  std::vector<std::unique_ptr<Stream>> streams;
  Stream *standard = nullptr; // what a null stream names
};

/// What a captured stream would have done, in the order of capture.
struct Capture {
  Stream *origin = nullptr;
  std::vector<std::function<int()>> nodes;
  std::string wrong; // why it cannot become a model
};

struct Model {
  std::shared_ptr<Capture> work;
};

struct Stream {
  Context *context = nullptr;
  std::shared_ptr<Capture> capture;
  bool destroyed = false;
  std::deque<Work> work;
  uint64_t enqueued = 0, done = 0;
};

struct Event {
  Stream *stream = nullptr; // null: not recorded
  uint64_t number = 0;
  std::weak_ptr<Capture> capture; // it was recorded in
  std::shared_ptr<double> us;     // when it happened, 0 before
};

struct Binary {
  void *handle = nullptr; // of the dynamic loader
  int descriptor = -1;
  std::map<std::string, std::unique_ptr<Kernel>> kernels;
};

struct Arguments {
  std::vector<uint64_t> slots;
  bool final = false;
};

/// The one device and all that belongs to it. Every entry point holds the
/// mutex.
struct Driver {
  std::recursive_mutex mutex;
  bool initialised = false;
  const Chip *chip = nullptr;
  std::unique_ptr<DeviceMemory> memory;
  std::vector<std::unique_ptr<Context>> contexts;
  Context *standard = nullptr; // what aclrtSetDevice makes
  std::vector<std::unique_ptr<Binary>> binaries;
  std::vector<std::unique_ptr<Core>> spareCores;
  std::string report, timeline;
  std::vector<LaunchTime> times; // since the last reset
  L2State l2;
  uint64_t instructions = 0, launches = 0;
  /// Instructions to leave out: kernels and lines; how many were.
  std::vector<std::pair<std::string, uint32_t>> leftOut;
  uint64_t skipped = 0;
  double clockUs = 0; // of the cycle model: what launches took
};

Driver &driver();
Context *&currentContext();
/// The stream that a handle names (null: the context's own), or null.
Stream *streamOf(aclrtStream handle);
int enqueue(Stream *stream, std::function<int()> run,
            std::vector<std::pair<Stream *, uint64_t>> after = {});
/// A capture breaks when the host waits for it. The error, or 0.
int refuseWaiting(Stream *stream);
void runUntil(Stream *stream, uint64_t last);
/// Runs all work of a context. Its sticky error.
int runAll(Context *context);
/// Error of there being no device or context, or 0.
int contextState();
/// Keeps a sentence for gemelAscendSimReport and prints it.
int complain(int code, const std::string &sentence);
/// Runs a kernel now.
int runKernel(const Kernel &kernel, uint32_t blocks,
              std::vector<uint64_t> slots);

} // namespace ascendsim

#define ACL_API extern "C" __attribute__((visibility("default")))
#define ACL_LOCK                                                               \
  std::lock_guard<std::recursive_mutex> lock(ascendsim::driver().mutex)
/// Ends an entry point unless a context is current.
#define ACL_CONTEXT                                                            \
  ACL_LOCK;                                                                    \
  if (int state = ascendsim::contextState())                                   \
  return state

#endif
