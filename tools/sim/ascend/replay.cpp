// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// When each pipe would have done its work: pipes run ahead of each other as
// flags let them, transfers share what L2 and HBM give.

#include "launch.h"
#include "switches.h"
#include "timeline.h"

#include <algorithm>
#include <cmath>
#include <queue>

namespace ascendsim {

namespace {

// Of the L2 (asc-devkit: requests of 128 to 512 bytes, 512 are best).
constexpr uint64_t kLineBytes = 512;
// L2 of the chip, bytes a cycle for each AI core: hicann/pypto, A2A3.ini.
constexpr double kL2Read = 110, kL2Write = 86;

double number(Switch which) { return static_cast<double>(reading(which)); }

struct PipeClock {
  std::deque<uint32_t> queue;
  std::deque<double> left; // when the last ones left the queue, as many as fit
  size_t taken = 0;        // into the queue
  double free = 0;         // may begin the next
  double settled = 0;      // everything so far can be used
  bool waits = false;      // for a transfer
};

struct FlagTime {
  std::deque<double> set;
};

struct CoreClock {
  std::vector<uint32_t> entries; // in the order of dispatch
  std::vector<double> available; // of each, when it was dispatched
  size_t next = 0;
  double scalar = 0;
  uint32_t block = 0, subblock = 0;
  bool cube = false, started = false, done = false;
  PipeClock pipes[kPipes];
  FlagTime flags[kPipes][kPipes][kEvents];
  std::deque<double> arrived[kCrossFlags];
  std::map<uint32_t, size_t> position; // entry: place in `available`
  double end = 0;
};

struct Transfer {
  uint32_t core, entry;
  double left, rate, latency;
  bool hbm, stores;
  double now = 0; // bytes a cycle it gets
};

class Replay {
public:
  Replay(std::vector<TimelineEntry> &e, const Launch &l, L2State &state)
      : entries(e), launch(l), l2(state), dispatch(number(kDispatch)) {}

  TimelineResult run() {
    for (uint32_t i = 0; i < entries.size(); ++i) {
      CoreClock &c = cores[entries[i].core];
      c.entries.push_back(i);
      c.block = entries[i].block;
      c.subblock = entries[i].subblock;
      c.cube = entries[i].cube;
    }
    uint32_t most = launch.residentGroups();
    for (auto &[id, c] : cores)
      nextBlock = std::max(nextBlock, c.block + 1);
    blocks = nextBlock;
    nextBlock = 0;
    for (uint32_t i = 0; i < std::min(most, blocks); ++i)
      startBlock(0);
    for (;;) {
      while (!awake.empty()) {
        uint32_t id = awake.back();
        awake.pop_back();
        progress(id, cores[id]);
      }
      if (starts.empty() && active.empty())
        break;
      share();
      advance();
    }
    for (auto &[id, c] : cores)
      result.cycles = std::max(result.cycles, c.end);
    for (int kind = 0; kind < 2; ++kind)
      result.cores[kind] =
          std::min(result.cores[kind],
                   most * (kind ? 1 : std::max(1, launch.kernel->ratioVector)));
    return result;
  }

private:
  void startBlock(double at) {
    uint32_t block = nextBlock++;
    for (auto &[id, c] : cores)
      if (c.block == block) {
        c.started = true;
        c.scalar = c.end = at;
        for (PipeClock &p : c.pipes)
          p.free = p.settled = at;
        ++result.cores[c.cube];
      }
    for (auto &[id, c] : cores)
      if (c.block == block)
        progress(id, c);
  }

  void progress(uint32_t id, CoreClock &c) {
    if (c.done || !c.started)
      return;
    for (bool moved = true; moved;) {
      moved = scalar(id, c);
      for (int p = kV; p <= kFix; ++p)
        while (pipe(id, c, static_cast<Pipe>(p)))
          moved = true;
    }
    bool idle = c.next == c.entries.size();
    double end = c.scalar;
    for (int p = kV; p <= kFix; ++p) {
      idle &= c.pipes[p].queue.empty() && !c.pipes[p].waits;
      end = std::max(end, c.pipes[p].settled);
    }
    if (!idle)
      return;
    c.done = true;
    c.end = end;
    bool blockDone = true;
    double last = 0;
    for (auto &[other, o] : cores)
      if (o.block == c.block) {
        blockDone &= o.done;
        last = std::max(last, o.end);
      }
    if (blockDone && nextBlock < blocks)
      starts.push({last, 0, ~0u});
  }

  /// The scalar unit goes on until it has to wait. Whether it did.
  bool scalar(uint32_t id, CoreClock &c) {
    bool moved = false;
    c.available.resize(c.entries.size());
    while (c.next < c.entries.size()) {
      uint32_t index = c.entries[c.next];
      TimelineEntry &e = entries[index];
      double before = c.scalar;
      if (e.pipe != kS) {
        PipeClock &p = c.pipes[e.pipe];
        auto depth = static_cast<size_t>(reading(kQueueDepth));
        if (p.queue.size() >= depth)
          return moved;
        // The place is that of one which has left.
        if (p.taken++ >= depth) {
          c.scalar = std::max(c.scalar, p.left.front());
          p.left.pop_front();
        }
        c.scalar += dispatch;
        c.available[c.next] = c.scalar;
        c.position[index] = c.next;
        p.queue.push_back(index);
        ++c.next;
        moved = true;
        continue;
      }
      if (e.op == cce_op_wait_flag) {
        auto &set = c.flags[e.a][e.b][e.c].set;
        if (set.empty())
          return moved;
        c.scalar = std::max(c.scalar, set.front());
        set.pop_front();
      } else if (e.op == cce_op_set_flag) {
        c.flags[e.a][e.b][e.c].set.push_back(c.scalar);
      } else if (e.op == cce_op_pipe_barrier) {
        for (int p = kV; p <= kFix; ++p) {
          if (!c.pipes[p].queue.empty() || c.pipes[p].waits)
            return moved;
          c.scalar = std::max(c.scalar, c.pipes[p].settled);
        }
      } else if (e.op == cce_op_wait_flag_dev) {
        if (c.arrived[e.c].empty())
          return moved;
        c.scalar = std::max(c.scalar, c.arrived[e.c].front() + number(kSignal));
        c.arrived[e.c].pop_front();
      }
      c.scalar += 1;
      e.start = before;
      e.end = c.scalar;
      ++c.next;
      moved = true;
      (void)id;
    }
    return moved;
  }

  /// Takes the next instruction of a pipe. False: it waits or has none.
  bool pipe(uint32_t id, CoreClock &c, Pipe which) {
    PipeClock &p = c.pipes[which];
    if (p.waits || p.queue.empty())
      return false;
    uint32_t index = p.queue.front();
    TimelineEntry &e = entries[index];
    double start = std::max(p.free, c.available[c.position[index]]);
    double left = start;
    if (e.op == cce_op_wait_flag) {
      auto &set = c.flags[e.a][e.b][e.c].set;
      if (set.empty())
        return false;
      p.free = left = std::max(start, set.front());
      set.pop_front();
    } else if (e.op == cce_op_set_flag) {
      c.flags[e.a][e.b][e.c].set.push_back(std::max(start, p.settled));
    } else if (e.op == cce_op_pipe_barrier) {
      p.free = left = std::max(start, p.settled);
    } else if (e.op == cce_op_ffts_cross_core_sync) {
      signal(c, e, std::max(start, p.settled));
    } else if (e.bytes > 0) {
      p.waits = true;
      starts.push({start, id, index});
    } else {
      // The head is paid when the pipe stood still.
      double head = start > p.free || p.free <= 0 ? e.head : 0;
      e.start = start;
      e.end = start + head + e.body;
      p.free = e.end;
      p.settled = std::max(p.settled, e.end + e.tail);
      result.busy[c.cube][which] += e.end - e.start;
      result.conflicts += e.conflicts;
    }
    p.queue.pop_front();
    p.left.push_back(left);
    return true;
  }

  void deliver(CoreClock &to, uint32_t id, double at) {
    to.arrived[id].push_back(at);
  }

  void signal(CoreClock &c, const TimelineEntry &e, double at) {
    auto same = [&](const CoreClock &o) {
      return e.a == 0   ? o.cube == c.cube
             : e.a == 1 ? o.block == c.block && !o.cube
                        : o.block == c.block && o.cube != c.cube;
    };
    uint32_t expected = 1;
    if (e.a == 0) {
      expected = 0;
      for (auto &[id, o] : cores)
        expected += same(o);
    } else if (!c.cube) {
      expected = static_cast<uint32_t>(launch.kernel->ratioVector);
    }
    uint64_t key = uint64_t(e.a) << 40 | uint64_t(c.cube) << 36 |
                   uint64_t(e.c) << 32 | (e.a ? c.block : 0);
    auto &r = meetings[key];
    uint32_t me = e.a ? c.subblock : c.block * 2 + c.subblock;
    r[me].push_back(at);
    uint32_t here = 0;
    double last = 0;
    for (auto &[who, times] : r)
      if (!times.empty()) {
        ++here;
        last = std::max(last, times.front());
      }
    if (here < expected)
      return;
    for (auto &[who, times] : r)
      times.pop_front();
    for (auto &[id, o] : cores)
      if (same(o)) {
        deliver(o, e.c, last);
        awake.push_back(id);
      }
  }

  /// Bytes of the transfer that the L2 does not have.
  double missedBytes(const TimelineEntry &e) {
    uint64_t missed = 0;
    for (uint64_t r = 0; r < e.runs; ++r) {
      uint64_t begin = e.outside + r * e.pitch;
      for (uint64_t line = begin / kLineBytes;
           line <= (begin + e.run - 1) / kLineBytes; ++line) {
        auto [it, isNew] = l2.touched.try_emplace(line, 0);
        if (isNew || l2.moved - it->second > launch.chip->l2Bytes)
          missed += kLineBytes;
        it->second = l2.moved;
      }
    }
    l2.moved += static_cast<uint64_t>(e.bytes);
    return std::min(static_cast<double>(missed), e.bytes);
  }

  /// Equal shares, where nobody takes more than its port gives.
  void share() {
    double clock = launch.chip->clockMHz * 1e6;
    double hbm = launch.chip->memoryGBs * 1e9 / clock;
    double pools[3] = {hbm, kL2Read * launch.chip->cubeCores,
                       kL2Write * launch.chip->cubeCores};
    std::vector<Transfer *> members[3];
    for (Transfer &t : active) {
      t.now = t.rate;
      members[t.hbm ? 0 : t.stores ? 2 : 1].push_back(&t);
    }
    for (int i = 0; i < 3; ++i) {
      auto &m = members[i];
      std::sort(m.begin(), m.end(),
                [](Transfer *a, Transfer *b) { return a->rate < b->rate; });
      double left = pools[i];
      for (size_t k = 0; k < m.size(); ++k) {
        m[k]->now =
            std::min(m[k]->rate, left / static_cast<double>(m.size() - k));
        left -= m[k]->now;
      }
    }
  }

  void advance() {
    double finish = INFINITY;
    for (const Transfer &t : active)
      finish = std::min(finish, now + t.left / t.now);
    double begin = starts.empty() ? INFINITY : starts.top().at;
    double to = std::max(now, std::min(finish, begin));
    for (Transfer &t : active)
      t.left -= t.now * (to - now);
    now = to;
    if (begin <= finish) {
      Start s = starts.top();
      starts.pop();
      if (s.entry == ~0u)
        startBlock(now);
      else
        beginTransfer(s);
    } else {
      for (size_t i = 0; i < active.size();)
        if (active[i].left <= 1e-6 * active[i].now) {
          Transfer t = active[i];
          active[i] = active.back();
          active.pop_back();
          endTransfer(t);
        } else {
          ++i;
        }
    }
  }

  struct Start {
    double at;
    uint32_t core, entry;
    bool operator<(const Start &o) const { return at > o.at; }
  };

  void beginTransfer(const Start &s) {
    TimelineEntry &e = entries[s.entry];
    e.start = now;
    double missed = missedBytes(e);
    if (e.stores)
      missed = reading(kStores) ? e.bytes : 0;
    bool hbm = missed > e.bytes / 2;
    (e.stores ? result.written : result.read) += e.bytes;
    result.hbm += missed;
    active.push_back({s.core, s.entry, e.bytes + number(kTransfer), e.rate,
                      number(kLatency) / (hbm ? 1 : 2), hbm, e.stores, 0});
  }

  void endTransfer(const Transfer &t) {
    TimelineEntry &e = entries[t.entry];
    CoreClock &c = cores[t.core];
    PipeClock &p = c.pipes[e.pipe];
    e.end = now;
    result.busy[c.cube][e.pipe] += e.end - e.start;
    p.waits = false;
    p.free = now;
    p.settled = std::max(p.settled, now + t.latency + e.tail);
    progress(t.core, c);
  }

  std::vector<TimelineEntry> &entries;
  const Launch &launch;
  L2State &l2;
  double dispatch; // cycles of the scalar unit for an instruction
  std::map<uint32_t, CoreClock> cores;
  std::map<uint64_t, std::map<uint32_t, std::deque<double>>> meetings;
  std::vector<uint32_t> awake;
  std::priority_queue<Start> starts;
  std::vector<Transfer> active;
  double now = 0;
  uint32_t nextBlock = 0, blocks = 0;
  TimelineResult result;
};

} // namespace

TimelineResult replay(std::vector<TimelineEntry> &entries, const Launch &launch,
                      L2State &l2) {
  return Replay(entries, launch, l2).run();
}

} // namespace ascendsim
