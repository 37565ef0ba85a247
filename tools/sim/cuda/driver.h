// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The driver's objects: contexts, streams, events, graphs, modules.

#ifndef GEMEL_SIM_CUDA_DRIVER_H
#define GEMEL_SIM_CUDA_DRIVER_H

#include "chip.h"
#include "cuda_abi.h"
#include "exec.h"

#include <functional>
#include <mutex>

namespace cudasim {

struct Capture;

/// Work of a stream: what it does, and what has to be done before.
struct Work {
  std::function<int()> run;
  std::vector<std::pair<CUstream_st *, uint64_t>> after;
};

struct Graph {
  std::vector<std::function<int()>> nodes; // in the order of capture
};

/// A capture in progress, shared by its streams.
struct Capture {
  std::shared_ptr<Graph> graph = std::make_shared<Graph>();
  CUstream_st *origin = nullptr;
  std::vector<CUstream_st *> streams;
  int mode = 0;
  bool invalid = false;
};

/// The one device and all that belongs to it. Every entry point holds the
/// mutex.
struct Driver {
  std::recursive_mutex mutex;
  bool initialised = false;
  const Chip *chip = nullptr;
  std::unique_ptr<DeviceMemory> memory;
  CUctx_st *primary = nullptr;
  int primaryUsers = 0;
  std::vector<CUctx_st *> contexts;
  std::string report;
  uint64_t instructions = 0;
};

Driver &driver();
/// The calling thread's current context, or null.
CUctx_st *currentContext();
std::vector<CUctx_st *> &contextStack();

/// The stream that a handle names (0 and 1: the legacy default stream), or
/// null.
CUstream_st *streamOf(CUstream handle);
/// Puts work into a stream, or into its capture's graph.
int enqueue(CUstream_st *stream, std::function<int()> run,
            std::vector<std::pair<CUstream_st *, uint64_t>> after = {});
/// Runs a stream's work up to number \p last.
void runUntil(CUstream_st *stream, uint64_t last);
/// Runs all work of a context. Its sticky error.
int runAll(CUctx_st *context);
/// What a call that must not happen during a capture answers: 0, or the error,
/// after invalidating the captures that it would break.
int refuseDuringCapture();
/// The same for a call that waits for \p stream.
int refuseWaiting(CUstream_st *stream);

/// Error of the calling thread's context, or of there being none.
int contextError();

int launchKernel(CUfunc_st *f, const unsigned *grid, const unsigned *block,
                 unsigned sharedBytes, bool overlaps, CUstream stream,
                 void **params, void **extra);

} // namespace cudasim

struct CUctx_st {
  int error = 0; // sticky
  unsigned flags = 0;
  std::vector<CUstream_st *> streams; // with the two default ones
  CUstream_st *legacy = nullptr, *perThread = nullptr;
  std::vector<CUmod_st *> modules;
};

struct CUstream_st {
  CUctx_st *context = nullptr;
  bool nonBlocking = false;
  bool destroyed = false;
  int priority = 0;
  std::deque<cudasim::Work> work;
  uint64_t enqueued = 0, done = 0;
  std::shared_ptr<cudasim::Capture> capture;
  bool joined = true; // what it captured is known to the origin
};

struct CUevent_st {
  unsigned flags = 0;
  CUstream_st *stream = nullptr; // null: never recorded
  uint64_t number = 0;
  std::weak_ptr<cudasim::Capture> capture;
  bool captured = false;
  std::shared_ptr<uint64_t> ns; // when it happened, 0 before
};

struct CUgraph_st {
  std::shared_ptr<cudasim::Graph> graph;
};
struct CUgraphExec_st {
  std::shared_ptr<cudasim::Graph> graph;
};

struct CUfunc_st {
  CUmod_st *module = nullptr;
  const cudasim::Function *function = nullptr;
  int maxDynamicShared = 0; // 0: what the default limit leaves
  int carveout = -1;
};

struct CUmod_st {
  CUctx_st *context = nullptr;
  std::shared_ptr<cudasim::Module> module;
  std::vector<uint64_t> allocations;
  std::map<std::string, std::unique_ptr<CUfunc_st>> functions;
};

#define GEMEL_API extern "C" __attribute__((visibility("default")))
/// The driver's unsuffixed name for an entry point with a version.
#define GEMEL_ALIAS(NAME, TARGET)                                              \
  extern "C" __attribute__((visibility("default"),                             \
                            alias(#TARGET))) decltype(TARGET) NAME;
#define GEMEL_LOCK                                                             \
  std::lock_guard<std::recursive_mutex> lock(cudasim::driver().mutex)
/// Ends an entry point unless a context is current and healthy.
#define GEMEL_CONTEXT                                                          \
  GEMEL_LOCK;                                                                  \
  if (int contextState = cudasim::contextError())                              \
  return contextState

#endif
