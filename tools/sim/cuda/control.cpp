// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Branches, ends, and the instructions that only a scheduler would notice.

#include "ops.h"

namespace cudasim {

static bool decodeBranch(Decoder &d) {
  d.take(".uni");
  d.instr.flow = Flow::Branch;
  if (!d.count(1) || d.s.operands[0].kind != Operand::Label)
    return d.fail("bra to something that is no label");
  return true;
}

static bool decodeTable(Decoder &d) {
  d.take(".uni");
  if (!d.take(".idx") || !d.count(2))
    return d.fail("only brx.idx is simulated");
  d.instr.flow = Flow::Table;
  return d.source(0, Type::B32, d.instr.a);
}

static bool decodeEnd(Decoder &d) {
  d.take(".uni");
  d.instr.flow = d.s.op == "ret"    ? Flow::Return
                 : d.s.op == "exit" ? Flow::Exit
                                    : Flow::Trap;
  return d.count(0);
}

static void nothing(Warp &, const Instr &, uint32_t) {}

static void giveWay(Warp &w, const Instr &, uint32_t) { w.yield = true; }

static bool decodeSleep(Decoder &d) {
  d.instr.flow = Flow::Memory; // gives way to other warps
  return d.type() == Type::U32 && d.count(1) &&
         d.source(0, Type::U32, d.instr.a) && use(d, &giveWay);
}

static bool decodeRegisters(Decoder &d) {
  if (d.capability < 90)
    return d.fail("setmaxnreg needs sm_90a");
  int64_t n;
  if (d.takeOne({".inc", ".dec"}) < 0 || !d.take(".sync") ||
      !d.take(".aligned") || d.type() != Type::U32 || !d.count(1) ||
      !d.constant(0, n))
    return false;
  if (n < 24 || n > 256 || n % 8)
    return d.fail("setmaxnreg takes a multiple of 8 from 24 to 256, not " +
                  std::to_string(n));
  return use(d, &nothing);
}

static void waitForLaunch(Warp &w, const Instr &, uint32_t m) { w.waited |= m; }

/// Launches of a stream follow each other whole; that one waits for the other
/// before it touches memory is checked where it does.
static bool decodeDependency(Decoder &d) {
  if (d.capability < 90)
    return d.fail("griddepcontrol needs sm_90");
  int which = d.takeOne({".launch_dependents", ".wait"});
  return which >= 0 && d.count(0) &&
         use(d, which == 1 ? &waitForLaunch : &nothing);
}

void addControlDecoders(DecodeTable &t) {
  t["bra"] = decodeBranch;
  t["brx"] = decodeTable;
  t["ret"] = t["exit"] = t["trap"] = decodeEnd;
  t["nanosleep"] = decodeSleep;
  t["setmaxnreg"] = decodeRegisters;
  t["griddepcontrol"] = decodeDependency;
  t["brkpt"] = t["pmevent"] = t["discard"] = [](Decoder &d) {
    return d.fail("'" + std::string(d.s.op) + "' is not simulated");
  };
}

} // namespace cudasim
