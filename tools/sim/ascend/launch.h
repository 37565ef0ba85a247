// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One launch of a kernel: its cores, how they take turns, and its error.

#ifndef GEMEL_SIM_ASCEND_LAUNCH_H
#define GEMEL_SIM_ASCEND_LAUNCH_H

#include "core.h"
#include "device_memory.h"

#include <random>

namespace ascendsim {

enum KernelKind { kVectorKernel, kCubeKernel, kMixedKernel };

/// A function of a loaded binary.
struct Kernel {
  std::string name;
  KernelKind kind = kVectorKernel;
  int ratioCube = 0, ratioVector = 1; // cores of each kind in a group
  bool mixedStart = false;            // goes through the cross-core scheduler
  const cce_kernel_record *cube = nullptr, *vector = nullptr;
};

/// What stops a launch, and the code the stream then has.
enum Failure {
  kIllegal,    // an exception of the core
  kOutside,    // an address that is not there
  kTrapped,    // the kernel's own trap()
  kTimeout,    // a deadlock, or no end
  kNotStarted, // the launch itself does not fit
};

/// Where an instruction stands: what reports name.
struct Site {
  int op;
  const char *file;
  uint32_t line;
};

struct TimelineEntry;

struct Launch {
  const Kernel *kernel = nullptr;
  const Chip *chip = nullptr;
  DeviceMemory *memory = nullptr;
  std::vector<uint64_t> slots;
  uint32_t blocks = 1;
  bool checking = true;
  bool strict = false; // undefined bytes
  uint64_t seed = 0;
  uint64_t executed = 0, limit = 0;
  std::vector<uint32_t> leftOut; ///< lines whose instructions do nothing
  uint64_t skipped = 0;          ///< how many of them were

  std::vector<std::unique_ptr<Core>> resident, spare;
  ucontext_t scheduler;
  std::string error;
  Failure failure = kIllegal;
  std::mt19937_64 random;
  std::vector<Site> sites;
  std::vector<TimelineEntry> *timeline = nullptr;

  /// Signals between cores that wait for partners: by group and flag.
  struct Rendezvous {
    uint32_t count = 0;
    Clock clock;
    std::vector<uint8_t> who;
  };
  std::vector<Rendezvous> all[2]; // mode 0, of vector and of cube cores
  std::vector<Rendezvous> pairs;  // modes 1 and 2, 2 * kCrossFlags a group

  /// Runs it to its end. False: `error` says why it stopped.
  bool run();
  uint32_t siteOf(int op, const char *file, uint32_t line);
  /// Lets other cores run; returns when this one goes on.
  void yield(Core &core);
  uint32_t coresPerGroup() const;
  /// Groups that the chip holds at a time.
  uint32_t residentGroups() const;

private:
  void start(uint32_t block);
  bool turn(Core &core);
  bool hasSignals(const Core &core) const;
  /// False, with the error set.
  bool deadlocked();
  bool leftSignals(const Core &core);
  uint32_t nextId = 0;
  uint32_t lastSite[256] = {};
};

/// Ends the launch with a sentence about this instruction.
[[noreturn]] void fail(const Instruction &in, Failure failure,
                       const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/// "line 12 (vadd, PIPE_V)": where an access came from.
std::string describeSite(const Core &core, uint32_t site, Pipe pipe,
                         uint32_t coreId);
std::string describeCore(const Core &core);

} // namespace ascendsim

#endif
