// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Flags and barriers within a core, and the pipes they name.

#include "access.h"
#include "families.h"
#include "launch.h"

namespace ascendsim {

namespace {

// As the compiler numbers pipe_t.
constexpr uint64_t kAll = 6;

int pipeFromCode(uint64_t code) {
  switch (code) {
  case 0:
    return kS;
  case 1:
    return kV;
  case 2:
    return kM;
  case 3:
    return kMte1;
  case 4:
    return kMte2;
  case 5:
    return kMte3;
  case 10:
    return kFix;
  default:
    return -1;
  }
}

// Pairs of pipes with flags: mirror-cann/asc-devkit, SetFlag-WaitFlag(ISASI);
// a row a source, one bit a destination.
constexpr uint32_t bits() { return 0; }
template <class... P>
constexpr uint32_t bits(Pipe p, P... more) {
  return 1u << p | bits(more...);
}
const uint32_t kVectorPairs[kPipes] = {
    bits(kV, kMte2, kMte3), bits(kS, kMte2, kMte3), 0, 0,
    bits(kS, kV, kMte3),    bits(kS, kV, kMte2),    0, 0};
const uint32_t kCubePairs[kPipes] = {
    bits(kM, kMte1, kMte2, kMte3, kFix), 0,
    bits(kS, kMte1, kMte2, kFix),        bits(kS, kM, kMte2, kMte3, kFix),
    bits(kS, kM, kMte1, kMte3, kFix),    bits(kS, kMte1, kMte2),
    bits(kS, kM, kMte1, kMte2, kMte3),   0};

void checkPair(Instruction &in) {
  int src = pipeFromCode(in[0]), dst = pipeFromCode(in[1]);
  const uint32_t *pairs = in.core->cube ? kCubePairs : kVectorPairs;
  if (src < 0 || dst < 0 || !(pairs[src] >> dst & 1))
    fail(in, kIllegal, "a %s core has no flag from %s to %s",
         in.core->cube ? "cube" : "vector",
         src < 0 ? "such a pipe" : kPipeNames[src],
         dst < 0 ? "such a pipe" : kPipeNames[dst]);
  if (in[2] >= kEvents)
    fail(in, kIllegal, "the event id is %lld, and there are 0 to %d",
         static_cast<long long>(in[2]), kEvents - 1);
}

} // namespace

Pipe pipeOf(const Instruction &in, int argument) {
  return static_cast<Pipe>(pipeFromCode(in[argument]));
}

Pipe pipeOfInstruction(Instruction &in) {
  if (in.spec->pipe >= 0)
    return static_cast<Pipe>(in.spec->pipe);
  if (in.op == cce_op_set_flag || in.op == cce_op_wait_flag) {
    checkPair(in);
    return pipeOf(in, in.op == cce_op_wait_flag);
  }
  if (in.op == cce_op_pipe_barrier && in[0] == kAll)
    return kS;
  int pipe = pipeFromCode(in[0]);
  bool exists = pipe > kS &&
                (in.core->cube ? pipe != kV
                               : pipe == kV || pipe == kMte2 || pipe == kMte3);
  if (!exists)
    fail(in, kIllegal, "a %s core has no %s for %s",
         in.core->cube ? "cube" : "vector",
         pipe < 0 ? "such pipe" : kPipeNames[pipe],
         std::string(in.spec->name).c_str());
  return static_cast<Pipe>(pipe);
}

uint64_t setFlag(Instruction &in) {
  Pipe src = pipeOf(in, 0), dst = pipeOf(in, 1);
  Core &core = *in.core;
  Flag &flag = core.flags[src][dst][in[2]];
  if (flag.set)
    fail(in, kIllegal,
         "the flag %s -> %s id %llu is set already, by %s, and nobody has "
         "waited for it since: use another id, or wait first",
         kPipeNames[src], kPipeNames[dst],
         static_cast<unsigned long long>(in[2]),
         describeSite(core, flag.site, src, core.id).c_str());
  flag.set = true;
  flag.site = in.site;
  flag.clock = core.pipes[src].clock;
  flag.clock.own[src] = core.pipes[src].count;
  return 0;
}

uint64_t waitFlag(Instruction &in) {
  Pipe src = pipeOf(in, 0), dst = pipeOf(in, 1);
  Core &core = *in.core;
  Flag &flag = core.flags[src][dst][in[2]];
  flag.set = false;
  core.pipes[dst].clock.join(flag.clock);
  if (dst == kS)
    ++core.scalarVersion;
  return 0;
}

uint64_t barrier(Instruction &in) {
  Core &core = *in.core;
  if (in.pipe != kS) {
    PipeState &p = core.pipes[in.pipe];
    p.clock.own[in.pipe] = p.count;
    return 0;
  }
  core.pump();
  for (int p = kV; p <= kFix; ++p)
    if (!core.pipes[p].queue.empty())
      core.deadlock(nullptr);
  Clock &scalar = core.pipes[kS].clock;
  for (int p = kV; p <= kFix; ++p) {
    scalar.join(core.pipes[p].clock);
    scalar.own[p] = core.pipes[p].count;
  }
  scalar.own[kS] = core.pipes[kS].count;
  ++core.scalarVersion;
  return 0;
}

} // namespace ascendsim
