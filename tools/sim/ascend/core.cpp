// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a core takes its program: dispatch, queues of the pipes, the end.

#include "core.h"

#include "access.h"
#include "families.h"
#include "launch.h"
#include "switches.h"
#include "timeline.h"

#include <algorithm>
#include <cstdarg>
#include <cstring>

namespace ascendsim {

Core *&currentCore() {
  static thread_local Core *core = nullptr;
  return core;
}

void Core::reset(Launch &l, uint32_t newId, bool isCube, uint32_t newBlock,
                 uint32_t newSubblock) {
  launch = &l;
  id = newId;
  cube = isCube;
  block = newBlock;
  subblock = newSubblock;
  for (int s = cce_ub; s < cce_space_count; ++s) {
    uint32_t bytes = kSpaces[s].bytes;
    if (s == cce_fb)
      bytes = reading(kFbBytes) ? 7168 : 2048;
    if (!(cube ? kSpaces[s].onCube : kSpaces[s].onVector))
      bytes = 0;
    LocalMemory &m = memory[s];
    m.data.assign(bytes, 0xcb);
    if (l.checking) {
      if (m.cells.size() != bytes / 32)
        m.cells = std::vector<Cell>(bytes / 32);
      else
        for (Cell &c : m.cells) {
          c.defined = 0;
          c.clear();
        }
    }
  }
  for (Cell &c : registerCells) {
    c.clear();
    c.defined = 0;
  }
  registers = {};
  registers.ctrl = reading(kInfNan) ? 0 : 1ull << 48;
  addresses.assign(64, ~0ull);
  syncAddress = false;
  for (PipeState &p : pipes)
    p = {};
  scalarVersion = 1;
  for (auto &bySrc : flags)
    for (auto &byDst : bySrc)
      for (Flag &f : byDst)
        f = {};
  for (auto &a : arrived)
    a.clear();
  done = waiting = false;
  dirty.clear();
  unitWritten.clear();
  unitRead = {};
  flushed.clear();
  invalidated = {};
}

bool Core::canRun(const Instruction &in) const {
  if ((in.op == cce_op_copy_matrix_cc_to_gm ||
       in.op == cce_op_copy_matrix_cc_to_cbuf) &&
      in[7])
    return !unitWritten.empty();
  if (in.op != cce_op_wait_flag)
    return true;
  return flags[pipeOf(in, 0)][pipeOf(in, 1)][in[2]].set;
}

uint64_t Core::run(Instruction &in) {
  PipeState &p = pipes[in.pipe];
  in.number = ++p.count;
  if (!launch->timeline)
    return in.spec->run(in);
  uint64_t result = in.spec->run(in);
  recordInstruction((*launch->timeline)[in.entry], in);
  return result;
}

uint64_t Core::issue(Instruction &in) {
  Launch &l = *launch;
  in.core = this;
  lastFile = in.file;
  lastLine = in.line;
  if (++l.executed > l.limit)
    fail(in, kTimeout,
         "the launch has taken %llu instructions and has not ended: is a loop "
         "endless? (GEMEL_ASCEND_SIM_LIMIT)",
         static_cast<unsigned long long>(l.limit));
  if (std::find(l.leftOut.begin(), l.leftOut.end(), in.line) !=
      l.leftOut.end()) {
    ++l.skipped;
    return 0;
  }
  in.registers = &registers;
  in.addresses = &addresses;
  in.site = l.siteOf(in.op, in.file, in.line);
  checkFields(in);
  in.pipe = pipeOfInstruction(in);
  if (l.timeline) {
    in.entry = l.timeline->size();
    l.timeline->emplace_back();
  }
  if (in.pipe == kS) {
    if (!canRun(in)) {
      pump();
      if (!canRun(in))
        deadlock(&in);
    }
    return run(in);
  }
  PipeState &p = pipes[in.pipe];
  ++p.dispatched;
  if (in.op == cce_op_pipe_barrier)
    p.settled = p.dispatched;
  else if (!in.spec->fields.empty() && in.spec->fields[0].space == cce_gm)
    p.stores = p.dispatched;
  if (!l.seed && p.queue.empty() && canRun(in)) {
    if (p.joined != scalarVersion) {
      p.clock.join(pipes[kS].clock);
      p.joined = scalarVersion;
    }
    run(in);
    if (in.op == cce_op_set_flag || in.op == cce_op_mad)
      pump();
    return 0;
  }
  while (p.queue.size() >= reading(kQueueDepth)) {
    size_t before = p.queue.size();
    pump();
    if (p.queue.size() == before)
      deadlock(&in);
  }
  p.queue.push_back({in, registers, addresses, pipes[kS].clock});
  if (l.seed)
    while (l.random() % 4)
      step(static_cast<Pipe>(1 + l.random() % (kFix)));
  return 0;
}

bool Core::step(Pipe pipe) {
  PipeState &p = pipes[pipe];
  if (p.queue.empty() || !canRun(p.queue.front().in))
    return false;
  Queued q = std::move(p.queue.front());
  p.queue.pop_front();
  p.clock.join(q.scalar);
  q.in.registers = &q.registers;
  q.in.addresses = &q.addresses;
  run(q.in);
  return true;
}

void Core::pump() {
  for (bool progress = true; progress;) {
    progress = false;
    for (int p = kV; p <= kFix; ++p)
      while (step(static_cast<Pipe>(p)))
        progress = true;
  }
}

void Core::deadlock(const Instruction *scalar) {
  std::string text;
  const Instruction *first = scalar;
  auto add = [&](const Instruction &in, const char *who) {
    if (!text.empty())
      text += "; ";
    char line[160];
    if (in.op != cce_op_wait_flag) {
      snprintf(line, sizeof line, "%s at line %u waits for %s", who, in.line,
               in[7] && in.pipe == kFix ? "a mad with unitFlag 3"
                                        : "room in its queue");
      text += line;
      return;
    }
    snprintf(line, sizeof line, "%s waits at line %u for flag %s -> %s id %llu",
             who, in.line, kPipeNames[pipeOf(in, 0)], kPipeNames[pipeOf(in, 1)],
             static_cast<unsigned long long>(in[2]));
    text += line;
  };
  if (scalar)
    add(*scalar, "the scalar unit");
  for (int p = kV; p <= kFix; ++p)
    if (!pipes[p].queue.empty()) {
      const Instruction &in = pipes[p].queue.front().in;
      if (!first)
        first = &in;
      add(in, kPipeNames[p]);
    }
  fail(*first, kTimeout,
       "deadlock: %s; nothing sets %s: every wait_flag needs one set_flag "
       "with the same pipes and id on every path",
       text.c_str(), text.find(';') == std::string::npos ? "it" : "them");
}

void Core::finish() {
  pump();
  for (int p = kV; p <= kFix; ++p)
    if (!pipes[p].queue.empty())
      deadlock(nullptr);
  Instruction in;
  in.core = this;
  in.spec = &specOf(cce_op_set_flag);
  in.op = cce_op_set_flag;
  for (int src = 0; src < kPipes; ++src)
    for (int dst = 0; dst < kPipes; ++dst)
      for (int i = 0; i < kEvents; ++i) {
        const Flag &flag = flags[src][dst][i];
        if (!flag.set)
          continue;
        const Site &site = launch->sites[flag.site];
        in.file = site.file;
        in.line = site.line;
        fail(in, kIllegal,
             "unbalanced: flag %s -> %s id %d is still set when the kernel "
             "ends, and the next kernel on this core starts with it: add "
             "wait_flag(%s, %s, %d)",
             kPipeNames[src], kPipeNames[dst], i, kPipeNames[src],
             kPipeNames[dst], i);
      }
  endOfScalarStores(*this);
}

void touchRegister(Instruction &in, RegisterCell which, Kind kind) {
  Core &core = *in.core;
  if (!core.launch->checking)
    return;
  static const char *const kNames[] = {"CMPMASK", "the count of vreducev2",
                                       "the accumulator", "the extreme"};
  if (const Access *a =
          enter(core.registerCells[which], ~0u, kind, core.accessor(in))) {
    Pipe from = a->pipe();
    char way[120];
    if (from == in.pipe)
      snprintf(way, sizeof way, "put pipe_barrier(%s) between them",
               kPipeNames[from]);
    else
      snprintf(way, sizeof way,
               "put set_flag and wait_flag(%s, %s, id) between them",
               kPipeNames[from], kPipeNames[in.pipe]);
    fail(in, kIllegal, "race: %s %s, which %s %s: %s",
         kind == kRead ? "reads" : "writes", kNames[which],
         describeSite(core, a->site, from, a->core()).c_str(),
         a->kind() == kRead ? "reads" : "writes", way);
  }
}

} // namespace ascendsim

using namespace ascendsim;

extern "C" __attribute__((visibility("default"))) uint64_t
cce_sim_issue(int op, unsigned types, const char *file, unsigned line,
              unsigned count, ...) {
  Core *core = currentCore();
  if (!core || op < 0 || op >= cce_op_count)
    abort(); // no kernel runs: somebody called compiled code by hand
  Instruction in;
  in.op = op;
  in.spec = &specOf(op);
  in.types = types;
  in.argumentCount = std::min(count, static_cast<unsigned>(kMaxFields));
  va_list arguments;
  va_start(arguments, count);
  for (unsigned i = 0; i < in.argumentCount; ++i)
    in.arguments[i] = va_arg(arguments, uint64_t);
  va_end(arguments);
  in.file = file;
  in.line = line;
  // Frames of the host are not those of the chip: some KiB are allowed for.
  auto top = reinterpret_cast<uint64_t>(core->stack.get()) + kStackBytes;
  uint64_t used = top - reinterpret_cast<uint64_t>(__builtin_frame_address(0));
  if (used > kScalarStackBytes + 4096) {
    in.core = core;
    fail(in, kIllegal,
         "the kernel's variables take %llu bytes of stack, and the scalar unit "
         "has %llu: keep arrays in UB or GM",
         static_cast<unsigned long long>(used),
         static_cast<unsigned long long>(kScalarStackBytes));
  }
  return core->issue(in);
}

extern "C" __attribute__((visibility("default"))) void
cce_sim_turn(const char *file, unsigned line) {
  Core &core = *currentCore();
  Launch &l = *core.launch;
  if (++l.executed > l.limit) {
    Instruction in;
    in.core = &core;
    in.spec = &specOf(cce_op_query);
    in.op = cce_op_query;
    in.file = file;
    in.line = line;
    fail(in, kTimeout,
         "the loop here has not ended after %llu instructions and turns "
         "(GEMEL_ASCEND_SIM_LIMIT)",
         static_cast<unsigned long long>(l.limit));
  }
  if (l.executed % 16384 == 0)
    l.yield(core);
}

/// The scalar unit has just loaded something: how much it has done so far.
extern "C" __attribute__((visibility("default"))) uint64_t cce_sim_loaded() {
  return currentCore()->pipes[kS].count;
}

/// A branch goes on by what was loaded then: what the scalar unit hands out
/// from here on comes behind it.
extern "C" __attribute__((visibility("default"))) void
cce_sim_decided(uint64_t count) {
  Core &core = *currentCore();
  auto &known = core.pipes[kS].clock.own[kS];
  if (known >= count)
    return;
  known = count;
  ++core.scalarVersion;
}
