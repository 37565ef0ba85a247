// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A core: its memories, registers, pipes and flags, and the instruction that
// runs on it.

#ifndef GEMEL_SIM_ASCEND_CORE_H
#define GEMEL_SIM_ASCEND_CORE_H

#include "chip.h"
#include "fields.h"
#include "shadow.h"

#include <deque>
#include <string>
#include <ucontext.h>

namespace ascendsim {

struct Core;
struct Launch;

/// State that instructions take with them when they are dispatched.
struct Registers {
  bool counting = false; // mask mode
  bool maskSet = false;
  uint64_t maskHi = 0, maskLo = 0;
  uint64_t ctrl = 0;
  uint64_t padValue = 0, ndPara = 0, quantPre = 0, fpc = 0, lreluAlpha = 0;
  uint64_t fmatrix = 0, fmatrixB = 0, deqScale = 0;
  int atomicOp = 0, atomicType = 0; // cce_op_set_atomic_*, 0: none
};

struct Instruction {
  const Spec *spec = nullptr;
  int op = 0;
  uint32_t types = 0;
  uint32_t argumentCount = 0;
  uint64_t arguments[kMaxFields] = {};
  const char *file = "";
  uint32_t line = 0, site = 0;
  Pipe pipe = kS;
  uint32_t number = 0; // within its pipe, once it runs
  const Registers *registers = nullptr;
  const std::vector<uint64_t> *addresses = nullptr; // the VA registers, 8 by 8
  Core *core = nullptr;
  // For the cycle model.
  double bytes = 0, repeats = 0;
  // What it moves of GM: the first address, bytes of a run, and the distance
  // of runs.
  uint64_t outside = 0, run = 0, pitch = 0, runs = 0;
  size_t entry = 0; // of the timeline

  int type(int i) const { return types >> (8 * i) & 0xff; }
  uint64_t operator[](int i) const { return arguments[i]; }
  void noteOutside(uint64_t address, uint64_t count) {
    if (!runs++) {
      outside = address;
      run = count;
    } else if (runs == 2) {
      pitch = address - outside;
    }
  }
  bool infinities() const { return registers->ctrl >> 48 & 1; }
};

/// Why a pipe does not go on.
struct FlagKey {
  Pipe src, dst;
  int id;
};

struct Flag {
  bool set = false;
  Clock clock;
  uint32_t site = 0;
};

struct Queued {
  Instruction in;
  Registers registers;
  std::vector<uint64_t> addresses;
  Clock scalar; // what the scalar unit knew when it dispatched
};

struct PipeState {
  Clock clock;
  uint32_t count = 0; // instructions begun
  // In the order of dispatch, which is the order they will run in:
  uint32_t dispatched = 0;
  uint32_t settled = 0; // covered by a barrier of the pipe
  uint32_t stores = 0;  // the last store to GM
  uint64_t joined = 0;  // version of the scalar unit's clock
  std::deque<Queued> queue;
};

struct LocalMemory {
  std::vector<uint8_t> data;
  std::vector<Cell> cells;
};

/// A vector or a cube core while it runs one block.
struct Core {
  Launch *launch = nullptr;
  bool cube = false;
  uint32_t id = 0; // within the launch
  uint32_t block = 0, subblock = 0;

  LocalMemory memory[cce_space_count];
  /// Bytes that are no memory: CMPMASK and what scalar code reads of the
  /// vector unit; 32 bytes each.
  Cell registerCells[4];
  uint8_t compareMask[16] = {};
  uint64_t reservedCount = 0, accumulator = 0, extreme = 0, mergeCounts = 0;

  Registers registers;
  std::vector<uint64_t> addresses; // VA0..VA7
  bool syncAddress = false;
  PipeState pipes[kPipes];
  uint64_t scalarVersion = 1;
  Flag flags[kPipes][kPipes][kEvents];
  /// Tiles of L0C that mad has released to fixpipe by unit flags, and when
  /// fixpipe had read the last.
  std::deque<Clock> unitWritten;
  Clock unitRead;
  std::deque<Clock> arrived[kCrossFlags]; // signals not yet waited for
  int arrivedMode[kCrossFlags] = {};
  /// Lines of GM with scalar stores that are not written back, and which.
  std::vector<std::pair<uint64_t, uint32_t>> dirty;
  bool done = false;
  bool waiting = false; // for a signal of other cores
  int waitingId = 0;
  Instruction *waitingAt = nullptr;
  std::vector<uint64_t> flushed; // cache lines invalidated, and when
  Clock invalidated;             // what was known at the last full dcci

  // Where the program was seen last.
  const char *lastFile = "";
  uint32_t lastLine = 0;

  ucontext_t context;
  std::unique_ptr<uint8_t[]> stack;

  void reset(Launch &l, uint32_t newId, bool isCube, uint32_t newBlock,
             uint32_t newSubblock);
  /// Dispatches: runs it, or queues it.
  uint64_t issue(Instruction &in);
  /// Runs what the pipes hold, until nothing can go on.
  void pump();
  /// Runs one instruction of a pipe. False: it is empty or waits.
  bool step(Pipe pipe);
  /// The kernel has returned: what is left is run, and has to end.
  void finish();
  [[noreturn]] void deadlock(const Instruction *scalar);
  Accessor accessor(const Instruction &in) {
    return {id, in.number, in.site, in.pipe, &pipes[in.pipe].clock};
  }

private:
  bool canRun(const Instruction &in) const;
  uint64_t run(Instruction &in);
};

/// Stack of a core's coroutine on the host.
constexpr size_t kStackBytes = 512 << 10;

/// The core whose kernel runs now, or null.
Core *&currentCore();

enum RegisterCell {
  kCmpMaskCell,
  kReservedCell,
  kAccumulatorCell,
  kExtremeCell
};
void touchRegister(Instruction &in, RegisterCell which, Kind kind);

} // namespace ascendsim

#endif
