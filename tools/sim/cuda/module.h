// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A PTX module after parsing and decoding: variables, functions and their
// instructions.

#ifndef GEMEL_SIM_CUDA_MODULE_H
#define GEMEL_SIM_CUDA_MODULE_H

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cudasim {

struct Warp;
struct Instr;
struct Function;

inline constexpr uint32_t kWarpSize = 32;
inline constexpr uint32_t kFull = 0xffffffffu;

enum class Space : uint8_t {
  Generic,
  Global,
  Shared,
  Local,
  Const,
  Param,     // of a kernel: one copy for the grid
  LaneParam, // of a function or a call: one copy a thread
};

/// Where a register's 32 lanes lie: `abs` (a constant) or the frame, at `off`.
/// A predicate is one 32-bit word, a bit a lane; every other register is an
/// array of 32 elements of its width.
struct Ref {
  const uint8_t *abs = nullptr;
  uint32_t off = ~0u;
  uint8_t bytes = 0; // element width; 0 for a predicate or none
  bool negated = false;
  bool valid() const { return abs || off != ~0u; }
};

/// What the interpreter's loop has to know before it calls an instruction.
enum class Flow : uint8_t {
  Plain,  // registers only
  Memory, // may fault
  Branch, // target
  Table,  // brx.idx: targets
  Call,
  Return,
  Exit,
  Trap,
  Sync,    // may block: fn answers through Warp::blocked
  Boundary // the function's end, where its lanes meet
};

using Execute = void (*)(Warp &, const Instr &, uint32_t mask);

struct CallSite;

struct Instr {
  Execute fn = nullptr;
  Flow flow = Flow::Plain;
  Space space = Space::Generic;
  uint8_t bytes = 0;  // of one element in memory
  uint8_t vector = 1; // elements a lane
  uint8_t reg = 0;    // element width of the registers of a load or store
  uint8_t sub = 0;    // the handler's own selector
  uint8_t order = 0;  // MemoryOrder
  uint8_t scope = 0;  // MemoryScope
  bool strong = false;
  bool isSigned = false;
  Ref pred;
  Ref d, a, b, c, e;
  int64_t imm = 0, imm2 = 0;
  uint32_t target = 0;             // instruction index in the function
  uint32_t meet = 0;               // where the sides of a divergent branch join
  uint32_t line = 0;               // of the PTX text
  uint32_t file = 0, fileLine = 0; // from .loc; 0: none
  uint32_t id = 0;                 // index in Module::instructions
  std::vector<Ref> v;              // vector or fragment registers
  std::vector<uint32_t> targets;
  std::shared_ptr<CallSite> call;
};

/// A named place in a memory space.
struct Variable {
  std::string name;
  Space space = Space::Global;
  uint64_t size = 0, offset = 0;
  uint32_t align = 1;
  bool isExtern = false;
  bool isDynamicShared = false;
  std::vector<uint8_t> init;
  struct Reloc {
    uint64_t offset;
    std::string symbol;
    int64_t addend;
    uint8_t bytes;
  };
  std::vector<Reloc> relocs;
};

struct CallSite {
  std::string name;
  const Function *callee = nullptr;
  struct Move {
    uint32_t from, to, size;
  };
  std::vector<Variable *> args, results; // in the caller
  std::vector<Move> in, out;             // bytes of each lane's param area
  uint32_t line = 0;
};

struct Function {
  std::string name;
  bool isEntry = false;
  bool defined = false;
  std::vector<std::unique_ptr<Variable>> variables; // of every scope
  std::vector<Variable *> params, results;
  std::vector<Instr> code; // ends with a Boundary
  uint32_t regBytes = 0;
  uint32_t localBytes = 0;
  uint32_t laneParamBytes = 0;
  uint32_t paramBytes = 0;  // of an entry
  uint32_t sharedBytes = 0; // static, of this function alone
  uint32_t sharedBase = 0;
  uint32_t constBytes = 0;
  uint32_t registerCount = 0; // declared 32-bit registers, an upper bound
  // Hidden registers, filled when a frame is made.
  Ref dynamicShared, dynamicShared64, localBase, localBase64;
  Ref carry; // CC.CF, where the function uses it
  uint32_t maxThreads[3] = {0, 0, 0}, requiredThreads[3] = {0, 0, 0};
  uint32_t minCtas = 0, maxRegisters = 0;
  uint32_t line = 0;
};

struct Module {
  std::string text; // PTX
  std::vector<std::string_view> lines;
  std::map<uint32_t, std::string> files;
  uint32_t version = 0; // 90 for 9.0
  std::string target;
  std::map<std::string, std::unique_ptr<Function>> functions;
  std::map<std::string, std::unique_ptr<Variable>> variables;
  std::vector<std::unique_ptr<uint8_t[]>> constants;
  std::vector<const Instr *> instructions; // by Instr::id
  uint32_t sharedBytes = 0;                // of module-scope shared variables

  /// The instruction's text as it stands in the module.
  std::string textOf(const Instr &) const;
  /// "file:line" from .loc, or "".
  std::string sourceOf(const Instr &) const;
};

/// Gives a global or constant variable its device address; 0 if there is no
/// memory for it.
using PlaceVariable = std::function<uint64_t(const Variable &)>;

/// Parses \p ptx for a chip of capability \p chip ("sm_90a"). Null on an
/// error, with a sentence that names the PTX line in \p error.
std::shared_ptr<Module> parseModule(std::string_view ptx, std::string_view chip,
                                    const PlaceVariable &place,
                                    std::string &error);

} // namespace cudasim

#endif
