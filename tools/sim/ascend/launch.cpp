// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One launch of a kernel: its cores, how they take turns, and its error.

#include "launch.h"

#include "families.h"
#include "faults.h"
#include "switches.h"

#include <cstdarg>
#include <cstring>

namespace ascendsim {

namespace {

/// Where a core's life begins, on its own stack.
void coreMain() {
  Core &core = *currentCore();
  Launch &l = *core.launch;
  const cce_kernel_record *code = core.cube ? l.kernel->cube : l.kernel->vector;
  code->run(l.slots.data());
  core.finish();
  core.done = true;
  swapcontext(&core.context, &l.scheduler);
  __builtin_unreachable();
}

/// The line of the text, without blanks around it; and the last comment above
/// that names a line of another file, as `rms_norm.mlir:12`.
std::string quote(const std::string &text, uint32_t line) {
  size_t at = 0;
  std::string operatorLine;
  for (uint32_t i = 1;; ++i) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string one = text.substr(at, end - at);
    if (size_t comment = one.find("//"); comment != std::string::npos)
      if (size_t name = one.find(".mlir:", comment);
          name != std::string::npos) {
        size_t begin = one.find_last_of(" /(", name);
        size_t stop = one.find_first_not_of("0123456789:", name + 6);
        operatorLine = one.substr(
            begin + 1,
            (stop == std::string::npos ? one.size() : stop) - begin - 1);
      }
    if (i == line || end == text.size()) {
      size_t first = one.find_first_not_of(" \t");
      if (i != line || first == std::string::npos)
        return "";
      return " `" + one.substr(first) + "`" +
             (operatorLine.empty() ? "" : " (" + operatorLine + ")");
    }
    at = end + 1;
  }
}

} // namespace

std::string describeCore(const Core &core) {
  char text[100];
  const Kernel &k = *core.launch->kernel;
  if (k.kind != kMixedKernel || core.cube)
    snprintf(text, sizeof text, "block %u (%s core)", core.block,
             core.cube ? "cube" : "vector");
  else
    snprintf(text, sizeof text, "block %u (vector core %u)", core.block,
             core.subblock);
  return text;
}

std::string describeSite(const Core &core, uint32_t site, Pipe pipe,
                         uint32_t coreId) {
  const Site &s = core.launch->sites[site];
  char text[200];
  snprintf(text, sizeof text, "%s at line %u (%s%s)", specOf(s.op).name.data(),
           s.line, kPipeNames[pipe],
           coreId == core.id ? "" : " of another core");
  return text;
}

void fail(const Instruction &in, Failure failure, const char *format, ...) {
  char sentence[2000];
  va_list list;
  va_start(list, format);
  vsnprintf(sentence, sizeof sentence, format, list);
  va_end(list);
  Core &core = *in.core;
  Launch &l = *core.launch;
  if (l.error.empty()) {
    const char *slash = strrchr(in.file, '/');
    l.error = "kernel '" + l.kernel->name + "', " + describeCore(core) + ", " +
              (slash ? slash + 1 : in.file) + ":" + std::to_string(in.line);
    const cce_kernel_record *code =
        core.cube ? l.kernel->cube : l.kernel->vector;
    if (!strcmp(code->file, in.file))
      l.error += quote(code->source, in.line);
    l.error += ": ";
    if (in.op != cce_op_query)
      l.error += describeInstruction(in) + ": ";
    l.error += sentence;
    l.failure = failure;
  }
  // The core's stack is left as it is: the launch is over.
  setcontext(&l.scheduler);
  __builtin_unreachable();
}

uint32_t Launch::siteOf(int op, const char *file, uint32_t line) {
  uint32_t &last = lastSite[(static_cast<uint32_t>(op) * 31 + line) % 256];
  if (last < sites.size()) {
    const Site &s = sites[last];
    if (s.op == op && s.file == file && s.line == line)
      return last;
  }
  last = static_cast<uint32_t>(sites.size());
  for (uint32_t i = 0; i < sites.size(); ++i)
    if (sites[i].op == op && sites[i].file == file && sites[i].line == line) {
      last = i;
      return last;
    }
  sites.push_back({op, file, line});
  return last;
}

void Launch::yield(Core &core) {
  currentCore() = nullptr;
  swapcontext(&core.context, &scheduler);
  currentCore() = &core;
}

uint32_t Launch::coresPerGroup() const {
  switch (kernel->kind) {
  case kVectorKernel:
  case kCubeKernel:
    return 1;
  case kMixedKernel:
    break;
  }
  return static_cast<uint32_t>(kernel->ratioCube + kernel->ratioVector);
}

uint32_t Launch::residentGroups() const {
  int groups = chip->vectorCores;
  if (kernel->ratioVector)
    groups /= kernel->ratioVector;
  if (kernel->ratioCube)
    groups = std::min(groups, chip->cubeCores / kernel->ratioCube);
  return static_cast<uint32_t>(groups);
}

void Launch::start(uint32_t block) {
  auto add = [&](bool cube, uint32_t subblock) {
    std::unique_ptr<Core> core;
    for (auto &s : spare)
      if (s && s->cube == cube) {
        core = std::move(s);
        s = std::move(spare.back());
        spare.pop_back();
        break;
      }
    if (!core)
      core = std::make_unique<Core>();
    core->reset(*this, nextId++, cube, block, subblock);
    if (!core->stack)
      core->stack = std::make_unique_for_overwrite<uint8_t[]>(kStackBytes);
    getcontext(&core->context);
    core->context.uc_stack.ss_sp = core->stack.get();
    core->context.uc_stack.ss_size = kStackBytes;
    core->context.uc_link = nullptr;
    makecontext(&core->context, coreMain, 0);
    resident.push_back(std::move(core));
  };
  for (int i = 0; i < kernel->ratioCube; ++i)
    add(true, 0);
  for (int i = 0; i < kernel->ratioVector; ++i)
    add(false, static_cast<uint32_t>(i));
}

bool Launch::turn(Core &core) {
  currentCore() = &core;
  // fail() comes back here, too.
  volatile bool entered = false;
  getcontext(&scheduler);
  if (!entered) {
    entered = true;
    swapcontext(&scheduler, &core.context);
  }
  currentCore() = nullptr;
  return error.empty();
}

bool Launch::hasSignals(const Core &core) const {
  for (const auto &queue : core.arrived)
    if (!queue.empty())
      return true;
  return false;
}

bool Launch::deadlocked() {
  std::string text;
  for (auto &core : resident)
    if (core->waiting && text.size() < 1000) {
      char line[200];
      snprintf(line, sizeof line, "%s%s waits at line %u for a signal of id %d",
               text.empty() ? "" : "; ", describeCore(*core).c_str(),
               core->waitingAt->line, core->waitingId);
      text += line;
    }
  error = "kernel '" + kernel->name + "': deadlock: " + text +
          "; no core that runs sends one: every wait_flag_dev needs a signal "
          "of the same id (of mode 2 from both vector cores)";
  failure = kTimeout;
  return false;
}

bool Launch::leftSignals(const Core &core) {
  for (int id = 0; id < kCrossFlags; ++id)
    if (size_t n = core.arrived[id].size()) {
      error = "kernel '" + kernel->name + "', " + describeCore(core) +
              ": unbalanced: " + std::to_string(n) + " signals of id " +
              std::to_string(id) +
              " are left when the kernel ends, and the next kernel on this "
              "core starts with them: wait_flag_dev as often as it is "
              "signalled";
      failure = kIllegal;
      return false;
    }
  return true;
}

bool Launch::run() {
  FaultGuard guard;
  random.seed(seed);
  sites.reserve(256);
  uint32_t perGroup = coresPerGroup();
  uint32_t groups = residentGroups();
  uint32_t next = 0;
  for (;;) {
    // A block begins when no running core can go on, so that few are in
    // memory; with a seed as many as the chip holds.
    bool progress = false, stalled = true;
    for (auto &core : resident)
      stalled &= core->done ||
                 (core->waiting && core->arrived[core->waitingId].empty());
    while (next < blocks && resident.size() < groups * perGroup &&
           (stalled || seed)) {
      start(next++);
      stalled = false;
      progress = true;
    }
    if (seed)
      std::shuffle(resident.begin(), resident.end(), random);
    for (size_t i = 0; i < resident.size(); ++i) {
      Core &core = *resident[i];
      if (core.done || (core.waiting && core.arrived[core.waitingId].empty()))
        continue;
      progress = true;
      if (!turn(core))
        return false;
    }
    // Others may still signal a core that has ended.
    bool allDone = next == blocks;
    for (auto &core : resident)
      allDone &= core->done;
    if (allDone)
      break;
    for (size_t i = 0; i < resident.size();) {
      uint32_t block = resident[i]->block;
      bool groupDone = true;
      for (auto &other : resident)
        groupDone &= other->block != block || other->done;
      if (groupDone && next < blocks && resident[i]->done &&
          !hasSignals(*resident[i])) {
        spare.push_back(std::move(resident[i]));
        resident.erase(resident.begin() + static_cast<long>(i));
      } else {
        ++i;
      }
    }
    if (!progress)
      return deadlocked();
  }
  for (auto &core : resident)
    if (hasSignals(*core) && !leftSignals(*core))
      return false;
  return true;
}

} // namespace ascendsim
