// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Signals between cores: ffts_cross_core_sync and wait_flag_dev.

#include "families.h"
#include "launch.h"
#include "switches.h"

namespace ascendsim {

namespace {

/// What the core knows, with the signalling pipe's own work done, as others
/// may take it over.
Clock snapshot(Core &core, Pipe pipe) {
  Clock mine = core.pipes[pipe].clock;
  mine.own[pipe] = core.pipes[pipe].count;
  auto all = mine.remote ? std::make_shared<Remote>(*mine.remote)
                         : std::make_shared<Remote>();
  if (all->size() <= core.id)
    all->resize(core.id + 1);
  (*all)[core.id] = mine.own;
  Clock out;
  out.remote = std::move(all);
  return out;
}

void deliver(const Instruction &in, Core &to, int id, const Clock &clock) {
  int mode = in[1] >> 4 & 3;
  if (!to.arrived[id].empty() && to.arrivedMode[id] != mode)
    fail(in, kIllegal,
         "%s has signals of id %d in mode %d that it has not waited for, and "
         "this one is of mode %d: use another id",
         describeCore(to).c_str(), id, to.arrivedMode[id], mode);
  to.arrivedMode[id] = mode;
  to.arrived[id].push_back(clock);
  if (to.arrived[id].size() > kCrossFlagLimit)
    fail(in, kIllegal,
         "%s has %zu signals of id %d that it has not waited for, and counts "
         "to %d: let it answer at least every %d signals",
         describeCore(to).c_str(), to.arrived[id].size(), id, kCrossFlagLimit,
         kCrossFlagLimit);
}

/// Cores that run now and fit.
template <class F>
std::vector<Core *> coresWhere(Launch &l, F &&f) {
  std::vector<Core *> found;
  for (auto &core : l.resident)
    if (f(*core))
      found.push_back(core.get());
  return found;
}

/// Counts this core in; true when the last of \p expected has come.
bool meet(Instruction &in, Launch::Rendezvous &r, uint32_t me,
          uint32_t expected) {
  if (r.who.size() < expected)
    r.who.resize(expected);
  ++r.who[me];
  r.clock.join(snapshot(*in.core, in.pipe));
  for (uint32_t i = 0; i < expected; ++i)
    if (!r.who[i])
      return false;
  for (uint32_t i = 0; i < expected; ++i)
    --r.who[i];
  return true;
}

void signalAll(Instruction &in, int id) {
  Core &core = *in.core;
  Launch &l = *core.launch;
  if (!l.kernel->mixedStart && reading(kSyncStart) == 0)
    fail(in, kIllegal,
         "a signal of mode 0 in a kernel that is not started as a mixed one: "
         "no scheduler delivers it; record the kernel as MIX_%s_MAIN in its "
         ".ascend.meta",
         core.cube ? "AIC" : "AIV");
  uint32_t perGroup = static_cast<uint32_t>(core.cube ? l.kernel->ratioCube
                                                      : l.kernel->ratioVector);
  uint32_t expected = l.blocks * perGroup;
  uint32_t limit = static_cast<uint32_t>(core.cube ? l.chip->cubeCores
                                                   : l.chip->vectorCores);
  if (expected > limit)
    fail(in, kTimeout,
         "deadlock: a signal of mode 0 among %u cores, and the chip has %u: "
         "launch at most as many blocks as there are cores",
         expected, limit);
  auto &all = l.all[core.cube];
  all.resize(kCrossFlags);
  Launch::Rendezvous &r = all[static_cast<size_t>(id)];
  if (!meet(in, r, core.block * perGroup + core.subblock, expected))
    return;
  Clock clock = r.clock;
  for (Core *to : coresWhere(l, [&](Core &c) { return c.cube == core.cube; }))
    deliver(in, *to, id, clock);
}

void signalPair(Instruction &in, int id) {
  Core &core = *in.core;
  Launch &l = *core.launch;
  if (core.cube || l.kernel->ratioVector != 2)
    fail(in, kIllegal,
         "a signal of mode 1 is between the two vector cores of "
         "a group, and there are none here");
  l.pairs.resize(size_t(l.blocks) * 2 * kCrossFlags);
  auto &r = l.pairs[(size_t(core.block) * 2) * kCrossFlags + size_t(id)];
  if (!meet(in, r, core.subblock, 2))
    return;
  Clock clock = r.clock;
  for (Core *to :
       coresWhere(l, [&](Core &c) { return !c.cube && c.block == core.block; }))
    deliver(in, *to, id, clock);
}

void signalGroup(Instruction &in, int id) {
  Core &core = *in.core;
  Launch &l = *core.launch;
  if (l.kernel->kind != kMixedKernel || !l.kernel->ratioCube ||
      !l.kernel->ratioVector)
    fail(in, kIllegal,
         "a signal of mode 2 is between the cube core and the "
         "vector cores of a group, and this kernel has only one "
         "kind");
  auto others = coresWhere(
      l, [&](Core &c) { return c.block == core.block && c.cube != core.cube; });
  if (core.cube) {
    Clock clock = snapshot(core, in.pipe);
    for (Core *to : others)
      deliver(in, *to, id, clock);
    return;
  }
  l.pairs.resize(size_t(l.blocks) * 2 * kCrossFlags);
  auto &r = l.pairs[(size_t(core.block) * 2 + 1) * kCrossFlags + size_t(id)];
  if (!meet(in, r, core.subblock, static_cast<uint32_t>(l.kernel->ratioVector)))
    return;
  Clock clock = r.clock;
  for (Core *to : others)
    deliver(in, *to, id, clock);
}

} // namespace

uint64_t setSyncAddress(Instruction &in) {
  if (in[0] != kSyncAddressValue)
    fail(in, kIllegal,
         "the address is 0x%llx, and has to be what aclrtGetHardwareSyncAddr "
         "gave (the first argument of the launch)",
         static_cast<unsigned long long>(in[0]));
  in.core->syncAddress = true;
  return 0;
}

uint64_t signalCores(Instruction &in) {
  uint64_t config = in[1];
  int mode = config >> 4 & 3, id = config >> 8 & 15;
  if ((config & 0xf) != 1 || config >> 12 || (config >> 6 & 3))
    fail(in, kIllegal,
         "the configuration 0x%llx is not 1 | mode << 4 | id << 8",
         static_cast<unsigned long long>(config));
  if (!in.core->syncAddress && reading(kSyncAddress) == 0)
    fail(in, kIllegal,
         "set_ffts_base_addr has to come first, with the value "
         "of aclrtGetHardwareSyncAddr");
  if (mode == 0)
    signalAll(in, id);
  else if (mode == 1)
    signalPair(in, id);
  else if (mode == 2)
    signalGroup(in, id);
  else
    fail(in, kIllegal, "there is no mode 3");
  return 0;
}

uint64_t waitForCores(Instruction &in) {
  Core &core = *in.core;
  int id = static_cast<int>(in[0]);
  Launch &l = *core.launch;
  if (l.blocks > l.residentGroups() && reading(kManyGroups) == 0)
    fail(in, kTimeout,
         "deadlock: %u groups of cores that wait for signals, and the chip "
         "holds %u at a time: launch at most that many "
         "(GEMEL_ASCEND_SIM_GROUPS)",
         l.blocks, l.residentGroups());
  while (core.arrived[id].empty()) {
    core.pump();
    if (!core.arrived[id].empty())
      break;
    core.waiting = true;
    core.waitingId = id;
    core.waitingAt = &in;
    core.launch->yield(core);
    core.waiting = false;
  }
  Clock clock = std::move(core.arrived[id].front());
  core.arrived[id].pop_front();
  Clock &scalar = core.pipes[kS].clock;
  scalar.joinRemote(clock.remote);
  if (clock.remote->size() > core.id)
    scalar.join((*clock.remote)[core.id]);
  ++core.scalarVersion;
  return 0;
}

} // namespace ascendsim
