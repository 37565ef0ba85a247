// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is not certain about the chip, and how the simulator reads it.

#include "switches.h"

#include <cstdlib>
#include <vector>

namespace ascendsim {

namespace {

struct SwitchFacts {
  const char *variable;
  const char *readings; // separated by blanks, the default first; or `number`
                        // and the default; or `text`
  const char *meaning, *source;
};

// Sources are public repositories and pages; "inferred": nobody says so.
const SwitchFacts kFacts[kSwitches] = {
    {"GEMEL_ASCEND_SIM", "check fast",
     "fast: without races and undefined bytes", "the simulator's own"},
    {"GEMEL_ASCEND_SIM_SEED", "number 0",
     "not 0: pipes and cores run in another legal order, mad adds in another",
     "the simulator's own"},
    {"GEMEL_ASCEND_SIM_LIMIT", "number 2000000000",
     "instructions and turns of loops after which a launch is endless",
     "the simulator's own"},
    {"GEMEL_ASCEND_SIM_QUEUE", "number 32",
     "instructions a pipe takes before the scalar unit waits",
     "asc-devkit, hardware page: 32 for MTE1 and M; others inferred"},
    {"GEMEL_ASCEND_SIM_TIME", "0 1",
     "run the cycle model: gemelAscendSimTimeline, and times of events",
     "the simulator's own"},
    {"GEMEL_ASCEND_SIM_TRACE", "text",
     "folder for a timeline of each launch (Perfetto JSON)",
     "the simulator's own"},
    {"GEMEL_ASCEND_SIM_ULP", "hash exact up down",
     "how far vdiv, vsqrt, vexp, vln lie from the exact result: -1, 0 or 1 "
     "ulp by a hash of the operands, never, or always",
     "hw-native-sys/pypto issue 2886 measured vdiv; the others inferred"},
    {"GEMEL_ASCEND_SIM_RECIPROCAL", "table ulp",
     "how far vrec, vrsqrt lie: as their documented table, or one ulp",
     "asc-devkit, reciprocal pages: 1e-4 (f32), 1e-3 (f16) may be missed"},
    {"GEMEL_ASCEND_SIM_PRODUCTS", "rounded fused",
     "what vmadd, vmla and vaxpy of f32 add: the product rounded, or all of it",
     "asc-devkit, boundary values, tables 20 to 22"},
    {"GEMEL_ASCEND_SIM_SUM_MASKED", "skip zero",
     "a masked-off lane of a sum: not part of it, or adds +0",
     "inferred; both differ for -0 only"},
    {"GEMEL_ASCEND_SIM_INFNAN", "1 0",
     "CTRL bit 48 when a kernel starts: IEEE infinities, or saturation",
     "asc-devkit: operator builds turn it on; the raw default is not known"},
    {"GEMEL_ASCEND_SIM_UNDEFINED", "carry strict",
     "bytes nobody wrote: an error where they are stored, branched on or used "
     "as addresses, or at any use",
     "the simulator's own"},
    {"GEMEL_ASCEND_SIM_MASKED_BOUNDS", "allow refuse",
     "blocks all of whose lanes are masked off may lie outside the memory",
     "inferred"},
    {"GEMEL_ASCEND_SIM_MASKED_BYTES", "free rewritten",
     "what a mask leaves out of a block that is written: not accessed, or "
     "written again as it was",
     "inferred"},
    {"GEMEL_ASCEND_SIM_L0C_ALIGN", "64 512 1024",
     "alignment of mad's and fixpipe's L0C address",
     "asc-devkit hardware page 64, AscendNPU-IR 512, Ascend C Mmad 1024"},
    {"GEMEL_ASCEND_SIM_FB", "2048 7168", "bytes of the fixpipe buffer",
     "asc-devkit guide 2048; hicann/catlass arch.hpp and A2A3.ini 7168"},
    {"GEMEL_ASCEND_SIM_SYNC_ADDRESS", "need optional",
     "whether a signal between cores needs set_ffts_base_addr before it",
     "asc-devkit: older runtimes need it"},
    {"GEMEL_ASCEND_SIM_SYNC_START", "mixed any",
     "signals of mode 0 need a kernel started as a mixed one, or any",
     "asc-devkit: pure kernels do not start the cross-core scheduler"},
    {"GEMEL_ASCEND_SIM_HF32_BIT", "46 49", "CTRL bit that turns HF32 on",
     "asc-devkit kernel_macros.h 46; AscendNPU-IR LocalMmadUtils.h 49"},
    {"GEMEL_ASCEND_SIM_NZ_STRIDE", "blocks elements",
     "unit of fixpipe's dstStride when it writes NZ: 32 bytes, or elements",
     "asc-devkit: V220 parameter page and code 32 bytes, C-API page elements"},
    {"GEMEL_ASCEND_SIM_GEMV", "nd refuse",
     "mad with m = 1 reads A row by row, or is an error",
     "asc-devkit, GEMV page"},
    {"GEMEL_ASCEND_SIM_VCADD_MODE1", "refuse register",
     "vcadd with mode 1: an error, or the total in the register that "
     "get_acc_val reads",
     "AscendNPU-IR's comment; asc-devkit uses it otherwise"},
    {"GEMEL_ASCEND_SIM_END_FLUSH", "no yes",
     "scalar stores to GM that no dcci wrote back when a kernel ends: lost (an "
     "error), or written",
     "inferred"},
    {"GEMEL_ASCEND_SIM_GM_GAP", "bytes blocks",
     "unit of the GM gap of the *_align copies",
     "AscendNPU-IR, catlass, tilelang-ascend: bytes; one asc-devkit page: 32 "
     "bytes"},
    {"GEMEL_ASCEND_SIM_NARROW_ROWS", "allow refuse",
     "loads of several rows of less than 32 bytes each",
     "tilelang-ascend issue 1641: reported corrupt"},
    {"GEMEL_ASCEND_SIM_GROUPS", "resident any",
     "groups that wait for signals: at most as many as the chip holds at a "
     "time, or any number, one after the other",
     "asc-devkit: more would deadlock; of signals within a group inferred"},
    {"GEMEL_ASCEND_SIM_FIX_ROUND", "even away zero",
     "how fixpipe rounds f32 to f16 and bf16", "inferred"},
    {"GEMEL_ASCEND_SIM_LEAKY", "slope refuse",
     "fixpipe's relu 2: x * set_lrelu_alpha for negative x, or an error",
     "inferred"},
    {"GEMEL_ASCEND_SIM_RATES", "realistic optimistic",
     "slopes of vector instructions in the cycle model",
     "PTO-ISA cce_costmodel; asc-devkit's table of theoretical rates"},
    {"GEMEL_ASCEND_SIM_DISPATCH", "number 10",
     "cycles of the scalar unit for an instruction with fresh arguments",
     "inferred: 10 to 20; 1 for simple code"},
    {"GEMEL_ASCEND_SIM_LATENCY", "number 600",
     "cycles until bytes from HBM can be used; half of it from L2",
     "inferred: 600 to 1000 at first touch"},
    {"GEMEL_ASCEND_SIM_TRANSFER", "number 4096",
     "bytes that a transfer costs beside its own",
     "inferred from asc-devkit: full rate needs 16 KiB"},
    {"GEMEL_ASCEND_SIM_SIGNAL", "number 200",
     "cycles until a signal reaches another core", "inferred"},
    {"GEMEL_ASCEND_SIM_STORES", "l2 memory",
     "where stored bytes go in the cycle model: they stay in L2, or on to the "
     "memory, as they do in the long run where arrays are larger than L2",
     "inferred"},
};

std::vector<std::string> readingsOf(const SwitchFacts &facts) {
  std::vector<std::string> words;
  for (const char *c = facts.readings; *c;) {
    const char *end = c;
    while (*end && *end != ' ')
      ++end;
    words.emplace_back(c, end);
    c = *end ? end + 1 : end;
  }
  return words;
}

struct State {
  uint64_t value[kSwitches] = {};
  std::string text[kSwitches];
  std::string error;
  State() { error = read(); }

  std::string read() {
    for (int i = 0; i < kSwitches; ++i)
      if (std::string e = readOne(i); !e.empty())
        return e;
    return "";
  }

  std::string readOne(int i) {
    const SwitchFacts &facts = kFacts[i];
    const char *given = getenv(facts.variable);
    text[i] = given ? given : "";
    std::vector<std::string> words = readingsOf(facts);
    if (words[0] == "text")
      return "";
    if (words[0] == "number") {
      char *end = nullptr;
      value[i] = strtoull(given ? given : words[1].c_str(), &end, 0);
      return *end ? std::string(facts.variable) + "=" + text[i] +
                        ": wants a number"
                  : "";
    }
    value[i] = 0;
    if (!given)
      return "";
    for (size_t w = 0; w < words.size(); ++w)
      if (words[w] == given) {
        value[i] = w;
        return "";
      }
    return std::string(facts.variable) + "=" + given + ": wants one of " +
           facts.readings;
  }
};

State &state() {
  static State *s = new State;
  return *s;
}

} // namespace

uint64_t reading(Switch which) { return state().value[which]; }
const std::string &readingText(Switch which) { return state().text[which]; }

std::string readSwitches() {
  state().error = state().read();
  return state().error;
}

SwitchText describeSwitch(Switch which) {
  const SwitchFacts &facts = kFacts[which];
  std::vector<std::string> words = readingsOf(facts);
  std::string now = words[0] == "text"     ? readingText(which)
                    : words[0] == "number" ? std::to_string(reading(which))
                                           : words[reading(which)];
  return {facts.variable, now, facts.meaning, facts.source};
}

std::string describeSwitches() {
  std::string all;
  for (const SwitchFacts &facts : kFacts)
    all += std::string(facts.variable) + " | " + facts.readings + " | " +
           facts.meaning + " | " + facts.source + "\n";
  return all;
}

} // namespace ascendsim
