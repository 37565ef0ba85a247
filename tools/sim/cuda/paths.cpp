// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs a warp: fetch, divergence and reconvergence, calls.

#include "cuda_abi.h"
#include "exec.h"
#include "races.h"

#include <bit>
#include <cstdlib>
#include <cstring>

namespace cudasim {

static Frame *makeFrame(Warp &w, const Function &fn, Frame *parent) {
  auto *frame = new Frame;
  w.frames.push_back(frame);
  frame->fn = &fn;
  frame->parent = parent;
  size_t bytes = (fn.regBytes + 63) / 64 * 64 + 64;
  frame->regs = static_cast<uint8_t *>(std::aligned_alloc(64, bytes));
  // A register read before it is written holds something striking.
  memset(frame->regs, 0xcb, bytes);
  frame->params.assign(size_t(fn.laneParamBytes) * kWarpSize, 0);
  if (parent)
    frame->localBase = (parent->localBase + parent->fn->localBytes + 15) & ~15u;
  uint32_t dynamic = w.launch->dynamicSharedBase;
  auto fill = [&](const Ref &ref, uint64_t value) {
    if (ref.bytes == 4)
      for (uint32_t l = 0; l < kWarpSize; ++l)
        reinterpret_cast<uint32_t *>(frame->regs + ref.off)[l] =
            uint32_t(value);
    else
      for (uint32_t l = 0; l < kWarpSize; ++l)
        reinterpret_cast<uint64_t *>(frame->regs + ref.off)[l] = value;
  };
  fill(fn.dynamicShared, dynamic);
  fill(fn.dynamicShared64, dynamic);
  fill(fn.localBase, frame->localBase);
  fill(fn.localBase64, frame->localBase);
  return frame;
}

static void freeFrame(Warp &w, Frame *frame) {
  std::erase(w.frames, frame);
  std::free(frame->regs);
  delete frame;
}

/// Gives every lane room for \p need bytes of local memory.
static void growLocal(Warp &w, uint32_t need) {
  if (need <= w.localStride)
    return;
  uint32_t stride = (need + 255) / 256 * 256;
  std::vector<uint8_t> bytes(size_t(stride) * kWarpSize),
      init(size_t(stride) * kWarpSize);
  for (uint32_t l = 0; l < kWarpSize && w.localStride; ++l) {
    memcpy(&bytes[size_t(l) * stride], &w.local[size_t(l) * w.localStride],
           w.localStride);
    memcpy(&init[size_t(l) * stride], &w.localInit[size_t(l) * w.localStride],
           w.localStride);
  }
  w.local.swap(bytes);
  w.localInit.swap(init);
  w.localStride = stride;
}

static void forgetLocal(Warp &w, const Frame &frame, uint32_t m) {
  uint32_t size = frame.fn->localBytes;
  for (uint32_t l = 0; size && l < kWarpSize; ++l)
    if (m >> l & 1)
      memset(&w.localInit[size_t(l) * w.localStride + frame.localBase], 0,
             size);
}

void startWarp(Warp &w) {
  Frame *frame = makeFrame(w, *w.launch->kernel, nullptr);
  growLocal(w, frame->fn->localBytes);
  Path path;
  path.mask = w.live;
  path.frame = frame;
  w.paths.push_back(path);
}

void finishWarp(Warp &w) {
  while (!w.frames.empty())
    freeFrame(w, w.frames.back());
}

/// Lanes of \p m reach the meeting point of join \p j. When all have, they go
/// on as one path.
static void arriveAt(Warp &w, int j, uint32_t m) {
  Join &join = w.joins[j];
  join.arrived |= m;
  if (join.arrived != join.expected)
    return;
  Path path;
  path.pc = join.pc;
  path.mask = join.expected;
  path.frame = join.frame;
  path.join = join.parent;
  join.frame = nullptr;
  // The outer join may be for the same place.
  if (path.join >= 0 && w.joins[path.join].frame == path.frame &&
      w.joins[path.join].pc == path.pc) {
    arriveAt(w, path.join, path.mask);
    return;
  }
  w.paths.push_back(path);
}

static int makeJoin(Warp &w, Frame *frame, uint32_t pc, uint32_t mask,
                    int parent) {
  size_t j = 0;
  while (j < w.joins.size() && w.joins[j].frame)
    ++j;
  if (j == w.joins.size())
    w.joins.emplace_back();
  w.joins[j] = Join{frame, pc, mask, 0, parent};
  return static_cast<int>(j);
}

/// Lanes that exit are waited for no longer.
static void exitLanes(Warp &w, const Instr &at, int join, uint32_t m) {
  if (w.hasAsync && !w.launch->failed)
    checkCopiesAtExit(w, m);
  // Who waits for this launch takes it that those before it have ended, too.
  if (w.launch->overlaps && !w.launch->failed && (m & ~w.waited))
    fault(w, at, static_cast<uint32_t>(__builtin_ctz(m & ~w.waited)),
          CUDA_ERROR_LAUNCH_FAILED,
          "the thread exits and has not waited for the launch before "
          "(griddepcontrol.wait)");
  w.live &= ~m;
  w.cta->exited = true;
  w.cta->liveThreads -= std::popcount(m);
  ++w.launch->changes;
  // Inner joins first: completing one makes a path, which the outer ones
  // still expect.
  for (int j = join; j >= 0;) {
    Join &end = w.joins[j];
    int parent = end.parent;
    end.expected &= ~m;
    if (!end.expected)
      end.frame = nullptr;
    else if (end.arrived == end.expected)
      arriveAt(w, j, 0);
    j = parent;
  }
}

namespace {

/// The path that runs, with its hot fields in registers.
struct Runner {
  Warp &w;
  uint32_t pc, mask;
  Frame *frame;
  int join;
  const Instr *code;
  uint32_t joinPc;

  explicit Runner(Warp &w, const Path &p)
      : w(w), pc(p.pc), mask(p.mask), frame(p.frame), join(p.join) {
    enter();
  }
  void enter() {
    code = frame->fn->code.data();
    w.frame = frame;
    w.regs = frame->regs;
    update();
  }
  void update() {
    joinPc = join >= 0 && w.joins[join].frame == frame ? w.joins[join].pc : ~0u;
    w.pathMask = mask;
  }
  Path path(uint32_t at, uint32_t m) const {
    Path p;
    p.pc = at;
    p.mask = m;
    p.frame = frame;
    p.join = join;
    return p;
  }

  /// The lanes part: those of \p taken to \p target, the others go on. False
  /// if none of them is left to run here.
  bool diverge(uint32_t taken, uint32_t target, uint32_t meet) {
    split(meet);
    uint32_t rest = mask & ~taken, next = pc + 1;
    if (target == joinPc)
      arriveAt(w, join, taken);
    else
      w.paths.push_back(path(target, taken));
    return follow(next, rest);
  }
  void split(uint32_t meet) {
    if (joinPc != meet) {
      join = makeJoin(w, frame, meet, mask, join);
      update();
    }
  }
  bool follow(uint32_t target, uint32_t m) {
    if (target == joinPc) {
      arriveAt(w, join, m);
      return false;
    }
    pc = target;
    mask = m;
    update();
    return true;
  }

  void call(const Instr &i, uint32_t m) {
    const CallSite &site = *i.call;
    Frame *callee = makeFrame(w, *site.callee, frame);
    callee->returnTo = pc + 1;
    callee->call = &site;
    growLocal(w, callee->localBase + callee->fn->localBytes);
    forgetLocal(w, *callee, m);
    copyParams(site.in, *frame, *callee, m);
    frame = callee;
    pc = 0;
    enter();
  }
  static void copyParams(const std::vector<CallSite::Move> &moves, Frame &from,
                         Frame &to, uint32_t m) {
    for (const CallSite::Move &move : moves)
      for (uint32_t l = 0; l < kWarpSize; ++l)
        if (m >> l & 1)
          memcpy(&to.params[size_t(l) * to.fn->laneParamBytes + move.to],
                 &from.params[size_t(l) * from.fn->laneParamBytes + move.from],
                 move.size);
  }
  /// False when the kernel itself ends.
  bool leave() {
    Frame *done = frame, *parent = done->parent;
    if (!parent)
      return false;
    copyParams(done->call->out, *done, *parent, mask);
    pc = done->returnTo;
    frame = parent;
    freeFrame(w, done);
    enter();
    return true;
  }
};

} // namespace

/// Runs path \p p until it parks, ends, blocks or has used its budget; a path
/// to go on with is put back.
static void runPath(Warp &w, Path p, uint32_t &budget) {
  Launch &launch = *w.launch;
  Runner r(w, p);
  uint64_t executed = 0;
  auto put = [&](Path q) { w.paths.push_back(std::move(q)); };
  auto done = [&] { launch.instructions += executed; };
  for (;;) {
    if (r.pc == r.joinPc) {
      arriveAt(w, r.join, r.mask);
      return done();
    }
    const Instr &i = r.code[r.pc];
    uint32_t m = r.mask;
    if (i.pred.valid())
      m &= predicate(w, i.pred);
    if (--budget == 0) {
      Path q = r.path(r.pc, r.mask);
      q.pollKey = p.pollKey;
      q.polls = p.polls;
      q.at = p.at;
      put(q);
      budget = 1;
      w.yield = true;
      return done();
    }
    executed += std::popcount(r.mask);
    switch (i.flow) {
    case Flow::Plain:
      if (m)
        i.fn(w, i, m);
      ++r.pc;
      continue;
    case Flow::Memory:
    case Flow::Sync: {
      if (!m) {
        ++r.pc;
        continue;
      }
      w.pc = r.pc;
      uint64_t before = launch.changes;
      i.fn(w, i, m);
      if (launch.failed)
        return done();
      ++r.pc;
      if (launch.changes != before)
        p.polls = 0;
      if (w.blocked) {
        w.blocked = false;
        // Lanes whose predicate is off wait behind the instruction.
        if (m != r.mask) {
          r.split(r.pc);
          arriveAt(w, r.join, r.mask & ~m);
        }
        Path parked = r.path(r.pc, m);
        parked.wait = w.park.wait;
        parked.barrier = w.park.barrier;
        parked.members = w.park.members;
        parked.at = &i;
        put(parked);
        return done();
      }
      if (w.pollKey) {
        p.polls = w.pollKey == p.pollKey ? p.polls + 1 : 1;
        p.pollKey = w.pollKey;
        p.at = &i;
        w.pollKey = 0;
      }
      if (w.yield) {
        Path q = r.path(r.pc, r.mask);
        q.pollKey = p.pollKey;
        q.polls = p.polls;
        q.at = p.at;
        put(q);
        return done();
      }
      continue;
    }
    case Flow::Branch:
      if (m == r.mask)
        r.pc = i.target;
      else if (!m)
        ++r.pc;
      else if (!r.diverge(m, i.target, i.meet))
        return done();
      continue;
    case Flow::Table: {
      if (!m) {
        ++r.pc;
        continue;
      }
      const uint32_t *index = lanes<uint32_t>(w, i.a);
      r.split(i.meet);
      uint32_t rest = m;
      while (rest) {
        uint32_t l = static_cast<uint32_t>(__builtin_ctz(rest)), same = 0;
        for (uint32_t k = 0; k < kWarpSize; ++k)
          if ((rest >> k & 1) && index[k] == index[l])
            same |= 1u << k;
        if (index[l] >= i.targets.size()) {
          fault(w, i, l, CUDA_ERROR_LAUNCH_FAILED,
                "brx.idx with index " + std::to_string(index[l]) +
                    " outside its targets");
          return done();
        }
        if (i.targets[index[l]] == r.joinPc)
          arriveAt(w, r.join, same);
        else
          put(r.path(i.targets[index[l]], same));
        rest &= ~same;
      }
      if (r.mask & ~m && r.follow(r.pc + 1, r.mask & ~m))
        put(r.path(r.pc, r.mask));
      return done();
    }
    case Flow::Call:
      if (m == r.mask) {
        r.call(i, m);
      } else if (!m) {
        ++r.pc;
      } else {
        // The callers go ahead and meet the others behind the call.
        r.split(r.pc + 1);
        arriveAt(w, r.join, r.mask & ~m);
        r.mask = m;
        r.update();
        r.call(i, m);
      }
      continue;
    case Flow::Return: {
      uint32_t end = static_cast<uint32_t>(r.frame->fn->code.size()) - 1;
      if (m == r.mask)
        r.pc = end;
      else if (!m)
        ++r.pc;
      else if (!r.diverge(m, end, end))
        return done();
      continue;
    }
    case Flow::Exit:
      if (!m) {
        ++r.pc;
        continue;
      }
      exitLanes(w, i, r.join, m);
      if (m == r.mask)
        return done();
      r.mask &= ~m;
      r.update();
      ++r.pc;
      continue;
    case Flow::Trap:
      if (!m) {
        ++r.pc;
        continue;
      }
      fault(w, i, static_cast<uint32_t>(__builtin_ctz(m)),
            CUDA_ERROR_LAUNCH_FAILED, "trap");
      return done();
    case Flow::Boundary:
      if (r.leave())
        continue;
      exitLanes(w, i, r.join, r.mask);
      return done();
    }
  }
}

bool runWarp(Warp &w, uint32_t budget) {
  bool ran = false;
  w.yield = false;
  while (budget > 1 && !w.launch->failed && !w.yield) {
    // Paths in turn, so that one that polls cannot starve another.
    size_t n = w.paths.size(), pick = n;
    for (size_t k = 0; k < n; ++k)
      if (w.paths[k].wait == Wait::None) {
        pick = k;
        break;
      }
    if (pick == n)
      break;
    Path p = w.paths[pick];
    w.paths.erase(w.paths.begin() + static_cast<ptrdiff_t>(pick));
    runPath(w, p, budget);
    ran = true;
    releaseWarpSync(w);
    checkBarriersAfterExit(*w.cta);
  }
  return ran;
}

} // namespace cudasim
